/** Sends of this tab that went out from another one: what they left is looked up, since no turn told of it here [DEV-5]. */
import type { ConversationId, Message, MessagePage } from "@instep/protocol";
import { applySeen } from "./apply-local.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { isFailure, isPassing } from "./failure.ts";
import type { OutgoingSend } from "./outbox.ts";
import type { SyncManager } from "./sync-manager.ts";
import type { Transport } from "./transport/transport.ts";
import { allSeen, type Baseline } from "./unread.ts";

export interface TakenOverPorts {
  readonly transport: Pick<Transport, "messages">;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
}

const PAGE_SIZE = 100;

export class TakenOverSends {
  readonly #ports: TakenOverPorts;
  readonly #sends = new Map<string, Set<string>>();
  readonly #asking = new Set<string>();

  constructor(ports: TakenOverPorts) {
    this.#ports = ports;
  }

  /** Until it is learnt what they left there, their echo is not news. */
  add(sends: readonly OutgoingSend[]): void {
    for (const { id, conversationId } of sends) {
      if (!this.#ports.store.state.entries.has(conversationId)) continue;
      this.#sends.set(conversationId, (this.#sends.get(conversationId) ?? new Set()).add(id));
      this.#ports.manager.hold(conversationId, "taken-over", true);
    }
    this.look();
  }

  /** Asks for all that could not be asked for yet. */
  look(): void {
    for (const id of this.#sends.keys()) if (!this.#asking.has(id)) void this.#ask(id as ConversationId);
  }

  async #ask(id: ConversationId): Promise<void> {
    const { transport, store, manager } = this.#ports;
    this.#asking.add(id);
    const after = store.state.entries.get(id)?.baseline.seq ?? 0;
    const page = await transport.messages(id, { after, limit: PAGE_SIZE });
    this.#asking.delete(id);
    if (isFailure(page) && isPassing(page) && page.failed !== "aborted") return;
    const own = this.#sends.get(id) ?? new Set();
    this.#sends.delete(id);
    const seen = isFailure(page) ? null : seenWith(page, own, store.screen.has(id));
    if (seen) manager.commit(applySeen(store.state, id, seen));
    manager.hold(id, "taken-over", false);
  }
}

/** Seen up to the last of one's own messages, and its reply where that is on screen [DEV-5]; null where the page has none of them, or doesn't reach the end. */
export function seenWith(
  { messages, message_pagination: pagination }: MessagePage,
  own: ReadonlySet<string>,
  isOnScreen: boolean,
): Baseline | null {
  const isOwn = ({ client_message_id: sendId }: Message): boolean => sendId !== undefined && own.has(sendId);
  const at = messages.findLastIndex(isOwn);
  if (at === -1 || pagination.has_newer) return null;
  const end = isOnScreen && messages[at + 1]?.role === "assistant" ? at + 1 : at;
  const seq = messages[end]?.seq ?? 0;
  return allSeen({ message_count: pagination.total_count - (messages.length - 1 - end), last_seq: seq });
}
