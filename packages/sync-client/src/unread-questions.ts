/** Asks the server how much is unread wherever counts don't tell, whatever made them so [DEV-3]. */
import type { ConversationId } from "@instep/protocol";
import { applyUnreadCount } from "./apply-local.ts";
import { type Change, isKnownUpTo, type SyncState } from "./apply-sync.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { isFailure } from "./failure.ts";
import type { Transport } from "./transport/transport.ts";
import { momentOf } from "./moment.ts";
import { unreadSince, withCount } from "./unread.ts";

export interface QuestionPorts {
  readonly transport: Pick<Transport, "unreadAfter">;
  readonly store: ConversationStore;
  /** Whether syncs run, which alone can say to what state a count belongs. */
  readonly isSyncing: () => boolean;
  /** Resolves when a sync that began after this call has ended, well or not. */
  readonly sync: () => Promise<void>;
  readonly commit: (change: Change) => void;
  /** The server has counted. */
  readonly onCounted: (id: ConversationId) => void;
}

/** The number after which the server must count, for the badge or, of what is on screen, for the banner; null where counts tell. */
export function seqToCountAfter(state: SyncState, id: string): number | null {
  const entry = state.entries.get(id);
  if (!entry || state.held.has(id)) return null;
  const shown = state.current?.id === id ? state.current.shown : null;
  if (!shown && state.unreadScope === "account") return null;
  const baseline = shown ?? entry.baseline;
  return unreadSince(baseline, entry.row) === null ? baseline.seq : null;
}

export class UnreadQuestions {
  readonly #ports: QuestionPorts;
  readonly #asking = new Set<string>();
  /** To be looked at once a sync was answered. */
  readonly #left = new Set<string>();
  #abort = new AbortController();

  constructor(ports: QuestionPorts) {
    this.#ports = ports;
  }

  /** Something has changed in these: asks about those whose counts don't tell. */
  askWhereUnclear(ids: Iterable<string>): void {
    for (const id of ids) {
      const afterSeq = this.#asking.has(id) ? null : seqToCountAfter(this.#ports.store.state, id);
      if (afterSeq === null) continue;
      if (this.#ports.isSyncing()) void this.#ask(id as ConversationId, afterSeq);
      else this.#left.add(id);
    }
  }

  /** These are looked at with the next answer. */
  askLater(ids: Iterable<string>): void {
    for (const id of ids) this.#left.add(id);
  }

  /** A sync was answered: what could not be asked before is asked again. */
  askWhatIsLeft(): void {
    const left = [...this.#left];
    this.#left.clear();
    this.askWhereUnclear(left);
  }

  /** Leaves no request [DEV-2]. */
  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.askLater(this.#asking);
    this.#asking.clear();
  }

  async #ask(id: ConversationId, afterSeq: number): Promise<void> {
    const { store, transport, sync, isSyncing, commit, onCounted } = this.#ports;
    const row = store.state.entries.get(id)?.row;
    if (!row) return;
    const asked = store.state.watermark;
    const { signal } = this.#abort;
    this.#asking.add(id);
    const counted = await transport.unreadAfter(id, afterSeq, signal);
    if (signal.aborted) return;
    // A count of later than what is known fits only if that, up to then, is still no other.
    const isAhead = (): boolean => !isFailure(counted) && !isKnownUpTo(store.state, momentOf(counted, asked));
    if (isAhead() && isSyncing()) await sync();
    if (signal.aborted) return;
    this.#asking.delete(id);
    // One that doesn't say of when it is fits what a sync after it left as it was.
    const isDated = !isFailure(counted) && counted.server_time !== undefined;
    if (isFailure(counted) || (isDated && isAhead())) return void this.#left.add(id);
    const [shown, now] = [store.screen.shownOf(id), store.state.entries.get(id)?.row];
    const isSame = now?.last_seq === row.last_seq && now.message_count === row.message_count;
    if (shown?.seq === afterSeq && isSame) store.screen.setShown(id, withCount(shown, row, counted.count));
    commit(applyUnreadCount(store.state, id, { row, afterSeq, count: counted.count }));
    onCounted(id);
    // Messages may have come or gone meanwhile.
    this.askWhereUnclear([id]);
  }
}
