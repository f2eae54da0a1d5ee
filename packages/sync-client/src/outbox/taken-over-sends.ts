/** Sends that went out from another tab: what they left is looked up, since no turn told of it here [DEV-5]. */
import type { ConversationId, Message, MessagePage } from "@instep/protocol";
import { applyBegun, applyForgotten, applySeen } from "../apply-local.ts";
import type { ConversationStore } from "../conversation-store.ts";
import { isOfPast } from "../apply-sync.ts";
import { isFailure, isPassing } from "../failure.ts";
import { momentOf } from "../moment.ts";
import type { OutgoingSend } from "./outgoing-send.ts";
import { LARGEST_PAGE } from "../views/page-sizes.ts";
import type { SyncManager } from "../sync-manager.ts";
import type { Transport } from "../transport/transport.ts";
import { allSeen, type Baseline } from "../unread.ts";

export interface TakenOverPorts {
  readonly transport: Pick<Transport, "messages">;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
}

export class TakenOverSends {
  readonly #ports: TakenOverPorts;
  readonly #sends = new Map<string, Set<string>>();
  /** Begun by such sends, and told of by no answer yet, as the next one usually does. */
  readonly #begun = new Set<string>();
  readonly #asking = new Set<string>();

  constructor(ports: TakenOverPorts) {
    this.#ports = ports;
  }

  /** Until it is learnt what this tab's own left there, their echo is not news. What others' have begun need not be there any more. */
  add(sends: readonly OutgoingSend[], isOwn: (id: string) => boolean): void {
    for (const { id, conversationId } of sends) {
      if (!this.#ports.store.state.entries.has(conversationId)) continue;
      this.#begun.add(conversationId);
      if (!isOwn(id)) continue;
      this.#sends.set(conversationId, (this.#sends.get(conversationId) ?? new Set()).add(id));
      this.#ports.manager.hold(conversationId, "taken-over", true);
      void this.#ask(conversationId);
    }
  }

  /** An answer was applied: asks for all that could not be asked for yet, and about what that didn't tell of. */
  askWhatIsOpen(): void {
    const { entries } = this.#ports.store.state;
    for (const id of this.#begun) if (!entries.get(id)?.isLocal) this.#begun.delete(id);
    for (const id of new Set([...this.#sends.keys(), ...this.#begun])) void this.#ask(id as ConversationId);
  }

  async #ask(id: ConversationId): Promise<void> {
    const { transport, store, manager } = this.#ports;
    if (this.#asking.has(id)) return;
    this.#asking.add(id);
    const { watermark } = store.state;
    const asked = this.#sends.get(id)?.size ?? 0;
    const after = store.state.entries.get(id)?.baseline.seq ?? 0;
    const page = await transport.messages(id, { after, limit: LARGEST_PAGE });
    this.#asking.delete(id);
    if (isFailure(page) && isPassing(page) && page.failed !== "aborted") return;
    // Of a history that is no more: it is asked for again with the next answer, as one that could not be asked is.
    if (!isFailure(page) && isOfPast(store.state, page.epoch)) return;
    const own = this.#sends.get(id) ?? new Set();
    // Another one has gone meanwhile, of which this answer may know nothing yet.
    if (!isFailure(page) && own.size > asked) return this.#ask(id);
    this.#sends.delete(id);
    if (!isFailure(page)) manager.commit(applyBegun(store.state, id, momentOf(page, watermark)));
    else if (page.status === 404) this.#isNotThere(id);
    const seen = isFailure(page) ? null : seenWith(page, own, store.screen.has(id));
    if (seen) manager.commit(applySeen(store.state, id, seen));
    manager.hold(id, "taken-over", false);
  }

  /** It is gone, or never was, where its first message was taken back: who looks at it is told by a sync, which can tell one from the other [DEV-10]. */
  #isNotThere(id: ConversationId): void {
    const { store, manager } = this.#ports;
    this.#begun.delete(id);
    if (store.state.current?.id !== id) manager.commit(applyForgotten(store.state, id));
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
