/** What a `SyncManager` is built from, and what it tells. */
import type { ConversationId } from "@instep/protocol";
import type { Answered, Change } from "./apply-sync.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { Environment } from "./environment.ts";
import type { Failure } from "./failure.ts";
import type { Schedule, ScheduleSettings } from "./poll-schedule.ts";
import type { Transport } from "./transport/transport.ts";

/** What the coordinator tells the page. */
export interface SyncCallbacks {
  /** The list changed: the ids that did. */
  onConversationsUpdated?(ids: readonly ConversationId[]): void;
  /** The conversation on screen was deleted elsewhere: once a deletion [DEV-10]. */
  onCurrentConversationDeleted?(id: ConversationId, title: string): void;
  /** The conversation on screen has messages from elsewhere, that are not shown yet [DEV-9]. */
  onCurrentConversationExternalUpdate?(id: ConversationId, newMessages: number): void;
}

/** What the coordinator tells the parts around it. */
export interface SyncHooks {
  /** State changed; `answered` says by which answer of the server, null by this tab's own doing; `confirmed` which operations that holds. */
  onChange?(change: Change, answered: Answered | null, confirmed: readonly string[]): void;
  /** The server has answered, and its answer is applied. */
  onAnswered?(): void;
  /** The schedule moved: for the status; `failure` where a request just failed. */
  onSchedule?(schedule: Schedule, failure: Failure | null): void;
  /** The server has counted what is new in a conversation, which changes its banner and perhaps no row. */
  onCounted?(id: string): void;
  /** History was rewound [EPOCH-1]. */
  onRewound?(): void;
  /** Moves the account's read position [DEV-3]. */
  onRead?(id: string, messageCount: number): void;
}

export interface SyncManagerOptions {
  readonly transport: Pick<Transport, "sync" | "unreadAfter">;
  readonly environment: Environment;
  readonly store: ConversationStore;
  readonly settings: ScheduleSettings & { readonly maxWaitS: number };
  readonly callbacks?: SyncCallbacks;
  readonly hooks?: SyncHooks;
}
