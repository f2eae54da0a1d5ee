/** What a `SyncManager` is built from, and what it tells. */
import { type Config, type ConversationId, SYNC_FULL_SYNC_THRESHOLD_MS, SYNC_POLL_INTERVAL_MS } from "@instep/protocol";
import type { Answered, Change } from "./apply-sync.ts";
import type { SyncOutcome } from "./ask-sync.ts";
import { ConversationStore } from "./conversation-store.ts";
import { type Environment, realEnvironment } from "./environment.ts";
import type { Failure } from "./failure.ts";
import { guardedCallbacks } from "./guarded.ts";
import type { PollSchedule, ScheduleSettings } from "./poll-schedule.ts";
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
  /** State changed; `answered` says by which answer of the server, null by this tab's own doing. */
  onChange?(change: Change, answered: Answered | null): void;
  /** The server has answered, and its answer is applied; `retryAfterMs` where it asked for patience: it may be about to stop [WAIT-2]. */
  onAnswered?(outcome: Pick<SyncOutcome, "retryAfterMs" | "hasMore">): void;
  /** The schedule moved: for the status; `failure` where a request just failed. */
  onSchedule?(schedule: PollSchedule, failure: Failure | null): void;
  /** The server has counted what is new in a conversation, which changes its banner and perhaps no row. */
  onCounted?(id: string): void;
  /** Somebody can see the page (again). */
  onShown?(): void;
  /** History was rewound [EPOCH-1]. */
  onRewound?(): void;
  /** Moves the account's read position, in place of the transport [DEV-3]. */
  onRead?(id: string, messageCount: number): void;
}

/** The server's settings: when to ask, and for how many seconds it may hold a question. */
type SyncSettings = ScheduleSettings & { readonly maxWaitS: number };

/** Only the transport has to be given. */
export interface SyncManagerOptions {
  readonly transport: Pick<Transport, "sync" | "unreadAfter"> & Partial<Pick<Transport, "markRead">>;
  /** Default: the real time and page. */
  readonly environment?: Environment;
  /** Default: a new one, with badges by device. */
  readonly store?: ConversationStore;
  /** Default: polling, by the protocol's intervals. */
  readonly settings?: Partial<SyncSettings>;
  readonly callbacks?: SyncCallbacks;
  /** For the other parts of a device. @internal */
  readonly hooks?: SyncHooks;
}

/** Options with everything in its place. */
export interface CompleteOptions extends SyncManagerOptions {
  readonly environment: Environment;
  readonly store: ConversationStore;
  readonly settings: SyncSettings;
  readonly callbacks: SyncCallbacks;
  readonly hooks: SyncHooks;
}

/** What the server's configuration says of syncing. */
export function settingsOf({ sync }: Pick<Config, "sync">): SyncSettings {
  return liveWhereHeld({
    pollIntervalMs: sync.poll_interval_ms,
    fullSyncThresholdMs: sync.full_sync_threshold_ms,
    live: sync.live,
    maxWaitS: sync.max_wait_s,
  });
}

/** Live is what the server holds: where it holds nothing, every answer comes at once, and so would the next question [WAIT-2]. */
function liveWhereHeld(settings: SyncSettings): SyncSettings {
  return { ...settings, live: settings.live && settings.maxWaitS > 0 };
}

const DEFAULT_SETTINGS: SyncSettings = {
  pollIntervalMs: SYNC_POLL_INTERVAL_MS,
  fullSyncThresholdMs: SYNC_FULL_SYNC_THRESHOLD_MS,
  live: false,
  maxWaitS: 25,
};

/** Puts the defaults in the place of what is not given. */
export function completeOptions(options: SyncManagerOptions): CompleteOptions {
  const { environment = realEnvironment(), store = new ConversationStore() } = options;
  const callbacks = guardedCallbacks(options.callbacks ?? {});
  const hooks = guardedCallbacks(options.hooks ?? {});
  const settings = liveWhereHeld({ ...DEFAULT_SETTINGS, ...options.settings });
  return { ...options, callbacks, hooks, environment, store, settings };
}
