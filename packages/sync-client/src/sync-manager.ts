/** The coordinator: connects who asks the server with who applies what it says, and decides nothing. */
import { applyOwnMessages, applySeenCount, type TurnWord } from "./apply-local.ts";
import { type Answered, applySync, type Change } from "./apply-sync.ts";
import { ChangeApplier } from "./change-applier.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { Holder } from "./holds.ts";
import type { ScheduleEvent } from "./poll-schedule.ts";
import { SyncAsker } from "./sync-asker.ts";
import { completeOptions, type SyncManagerOptions } from "./sync-options.ts";
import { allSeen } from "./unread.ts";

/**
 * Keeps the store in step with the server, with the names that its design gave it (SPEC section 6). Alone, outside of a device:
 *
 * ```ts
 * const manager = new SyncManager({
 *   transport: fetchTransport({ baseUrl: "http://127.0.0.1:3000" }),
 *   callbacks: { onConversationsUpdated: () => console.log(manager.store.conversations.list()) },
 * });
 * manager.start();
 * ```
 */
export class SyncManager {
  /** What is known of every conversation, with its badge. */
  readonly store: ConversationStore;
  readonly #applier: ChangeApplier;
  readonly #asker: SyncAsker;

  constructor(options: SyncManagerOptions) {
    const complete = completeOptions(options);
    this.store = complete.store;
    this.#applier = new ChangeApplier(complete, {
      isSyncing: () => this.#asker.isSyncing,
      sync: () => this.incrementalSync(),
      advanceSchedule: (event) => this.tell(event),
    });
    this.#asker = new SyncAsker(complete, this.#applier);
  }

  /** Full sync (or an increment from a warm cache), then as the schedule says [DEV-1]. */
  start(): void {
    this.#applier.start();
    this.#asker.start();
  }

  /** Leaves no timer and no request [DEV-2]. */
  stop(): void {
    this.#applier.stop();
    this.#asker.stop();
  }

  /** Resolves when a full sync that began after this call has ended, well or not. */
  fullSync(): Promise<void> {
    return this.#asker.want(true);
  }

  /** Resolves when a sync that began after this call has ended, well or not. */
  incrementalSync(): Promise<void> {
    return this.#asker.want(false);
  }

  /** Says which conversation is on screen; null for none. */
  setCurrentConversation(id: string | null): void {
    this.#applier.open(id);
  }

  /** So many messages of the conversation have been read: here at once, and everywhere by the read position [DEV-3]. */
  markConversationRead(id: string, messageCount: number): void {
    this.#applier.read(id, messageCount);
  }

  /** This tab has added messages that the server will count. */
  incrementLocalMessageCount(id: string, n: number): void {
    this.#applier.see(id, applyOwnMessages(this.store.state, id, n));
  }

  /** The server's exact count at a turn's end [DEV-5]. */
  setLocalMessageCount(id: string, n: number): void {
    this.#applier.see(id, applySeenCount(this.store.state, id, n));
  }

  /** The same with everything that the server said of the turn, and how much of that was seen. @internal */
  takeTurnWord(id: string, word: TurnWord, seen = allSeen(word.counts)): void {
    this.#applier.takeTurnWord(id, word, seen);
  }

  /** While on, syncs don't touch what is shown of the conversation; what came shows when it goes off [DEV-4]. */
  setConversationStreaming(id: string, on: boolean): void {
    this.hold(id, "turn", on);
  }

  /** The same for whatever else keeps syncs away; what came shows once nobody holds it. @internal */
  hold(id: string, by: Holder, on: boolean): void {
    this.#applier.hold(id, by, on);
  }

  /** Makes a change of this tab's own, and does what follows from it. @internal */
  commit(change: Change): void {
    this.#applier.commit(change);
  }

  /** Applies what the server answered to another tab, where that continues what is known here [DEV-11]. @internal */
  applyFromOtherTab(answered: Answered): void {
    this.#applier.commit(applySync(this.store.state, answered));
  }

  /** The server has answered another tab: what could not be asked before can be now. @internal */
  reached(): void {
    this.#applier.reached();
  }

  /** Something may have changed: ask now, unless an answer is on its way or nobody looks. @internal */
  hint(): void {
    this.#asker.hint();
  }

  /** Tells the schedule of something that this coordinator doesn't see: other tabs, a sign-in. @internal */
  tell(event: ScheduleEvent): void {
    this.#asker.advanceSchedule(event);
  }
}
