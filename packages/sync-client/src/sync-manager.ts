/** The coordinator: connects schedule, transport, store and page, and decides nothing. */
import type { ConversationId } from "@instep/protocol";
import {
  applyLetGo,
  applyOwnMessages,
  applyReadCount,
  applySeenCount,
  applyTurnWord,
  type TurnWord,
} from "./apply-local.ts";
import { type Answered, applySync, type Change, type Effect } from "./apply-sync.ts";
import { askSync, type SyncOutcome } from "./ask-sync.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { PageEvent, Timer } from "./environment.ts";
import { type Failure, isFailure } from "./failure.ts";
import type { Holder } from "./holds.ts";
import { advance, isHoldUnwanted, nextQuestion, type Schedule, type ScheduleEvent, STOPPED } from "./poll-schedule.ts";
import { type CompleteOptions, completeOptions, type SyncManagerOptions } from "./sync-options.ts";
import { UnreadQuestions } from "./unread-questions.ts";
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
  readonly #options: CompleteOptions;
  #schedule: Schedule = STOPPED;
  #timer: Timer = null;
  #flight: AbortController | null = null;
  #unsubscribe: (() => void) | null = null;
  /** Who waits for a full sync, or any, that has not begun; and who for the one in flight. */
  #wanted: { readonly isFull: boolean; readonly done: () => void }[] = [];
  #running: (() => void)[] = [];
  readonly #questions: UnreadQuestions;

  constructor(options: SyncManagerOptions) {
    this.#options = completeOptions(options);
    const { store, transport } = this.#options;
    this.store = store;
    this.#questions = new UnreadQuestions({
      transport,
      store,
      isSyncing: () => this.#schedule.isRunning && this.#schedule.isVisible,
      sync: () => this.incrementalSync(),
      commit: (change) => this.commit(change),
      onCounted: (id) => this.#counted(id),
    });
  }

  /** Full sync (or an increment from a warm cache), then as the schedule says [DEV-1]. */
  start(): void {
    const { page } = this.#options.environment;
    this.#unsubscribe ??= page.subscribe((event) => this.#onPage(event));
    const isWarm = this.#options.store.state.watermark.serverTime !== null;
    // What an earlier page didn't come to count is counted with the first answer.
    if (isWarm) this.#questions.leave(this.store.state.entries.keys());
    this.#options.store.screen.setVisible(page.isVisible());
    this.#dispatch({ kind: "start", isVisible: page.isVisible(), isOnline: page.isOnline(), isWarm });
  }

  /** Leaves no timer and no request [DEV-2]. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    const flight = this.#flight;
    this.#flight = null;
    flight?.abort();
    this.#questions.stop();
    this.#dispatch({ kind: "stop" });
    this.#finish([...this.#running, ...this.#wanted.map(({ done }) => done)]);
    this.#wanted = [];
  }

  /** Resolves when a full sync that began after this call has ended, well or not. */
  fullSync(): Promise<void> {
    return this.#want(true);
  }

  /** Resolves when a sync that began after this call has ended, well or not. */
  incrementalSync(): Promise<void> {
    return this.#want(false);
  }

  /** Says which conversation is on screen; null for none. */
  setCurrentConversation(id: string | null): void {
    const previous = this.store.state.current?.id;
    this.store.screen.open(id);
    this.#questions.look([previous, id].filter((each) => typeof each === "string"));
  }

  /** So many messages of the conversation have been read: here at once, and everywhere by the read position [DEV-3]. */
  markConversationRead(id: string, messageCount: number): void {
    this.#seen(id, applyReadCount(this.#options.store.state, id, messageCount));
    const { hooks, transport } = this.#options;
    if (hooks?.onRead) hooks.onRead(id, messageCount);
    else void transport.markRead?.(id as ConversationId, { message_count: messageCount });
  }

  /** This tab has added messages that the server will count. */
  incrementLocalMessageCount(id: string, n: number): void {
    this.#seen(id, applyOwnMessages(this.#options.store.state, id, n));
  }

  /** The server's exact count at a turn's end [DEV-5]. */
  setLocalMessageCount(id: string, n: number): void {
    this.#seen(id, applySeenCount(this.#options.store.state, id, n));
  }

  /** The same with everything that the server said of the turn, and how much of that was seen. */
  takeTurnWord(id: string, word: TurnWord, seen = allSeen(word.counts)): void {
    const { store } = this.#options;
    const { counts } = word;
    const isShown = counts.last_seq >= (store.seenOf(id)?.seq ?? 0);
    if (isShown) store.screen.setShown(id, allSeen(counts));
    store.seeDeleted(id, seen);
    const before = store.state.entries.get(id)?.row;
    this.commit(applyTurnWord(store.state, id, { ...word, seen }));
    const row = store.state.entries.get(id)?.row;
    if (row && row !== before) store.showTurn(id, row);
  }

  /** While on, syncs don't touch what is shown of the conversation; what came shows when it goes off [DEV-4]. */
  setConversationStreaming(id: string, on: boolean): void {
    this.hold(id, "turn", on);
  }

  /** The same for whatever else keeps syncs away; what came shows once nobody holds it. */
  hold(id: string, by: Holder, on: boolean): void {
    const { store } = this.#options;
    store.hold(id, by, on);
    if (on) return;
    this.commit(applyLetGo(store.state, id));
    this.#questions.look([id]);
    // Its reply has ended.
    this.#options.callbacks?.onConversationsUpdated?.([id as ConversationId]);
  }

  /** Makes a change of this tab's own, and does what follows from it. */
  commit(change: Change): void {
    this.#commit(change, null);
  }

  /** Applies what the server answered to another tab, where that continues what is known here [DEV-11]. */
  applyFromOtherTab(answered: Answered): void {
    this.#commit(applySync(this.#options.store.state, answered), null);
  }

  /** The server has answered another tab: what could not be asked before can be now. */
  reached(): void {
    this.#questions.answered();
  }

  /** Something may have changed: ask now, unless an answer is on its way or nobody looks. */
  hint(): void {
    if (this.#schedule.isVisible && !this.#schedule.isHolding) this.#dispatch({ kind: "want-more" });
  }

  /** Tells the schedule of something that this coordinator doesn't see: other tabs, a sign-in. */
  tell(event: ScheduleEvent): void {
    this.#dispatch(event);
  }

  #onPage(event: PageEvent): void {
    const isShown = this.#options.environment.page.isVisible();
    this.#options.store.screen.setVisible(isShown);
    if (isShown) this.#options.hooks?.onShown?.();
    if (event === "suspend") {
      this.#dispatch({ kind: "hide" });
      // A page in the back/forward cache, or frozen, must hold no connection.
      this.#flight?.abort();
    } else if (event !== "resume") this.#dispatch({ kind: event });
    else if (isShown) this.#dispatch({ kind: "show" });
  }

  #want(isFull: boolean): Promise<void> {
    if (!this.#schedule.isRunning) return Promise.resolve();
    return new Promise((done) => {
      this.#wanted.push({ isFull, done });
      this.#dispatch({ kind: isFull ? "want-full" : "want-more" });
    });
  }

  #dispatch(event: ScheduleEvent, failure: Failure | null = null): void {
    const { environment, settings, hooks } = this.#options;
    const previous = this.#schedule;
    const at = { now: environment.now(), random: environment.random(), settings };
    this.#schedule = advance(previous, event, at);
    hooks?.onSchedule?.(this.#schedule, failure);
    if (isHoldUnwanted(this.#schedule, settings)) this.#flight?.abort();
    const { dueAt } = this.#schedule;
    // Armed anew only for a new time: the device's clock may have stepped since.
    if (dueAt === previous.dueAt) return;
    environment.clearTimer(this.#timer);
    this.#timer = null;
    if (dueAt === null) return;
    if (dueAt <= at.now) void this.#ask();
    else this.#timer = environment.setTimer(() => void this.#ask(), dueAt - at.now);
  }

  async #ask(): Promise<void> {
    const { settings, store } = this.#options;
    const question = nextQuestion(this.#schedule, settings);
    const flight = new AbortController();
    this.#flight = flight;
    this.#dispatch({ kind: "asked", question });
    const isServed = ({ isFull }: { readonly isFull: boolean }): boolean => question.isFull || !isFull;
    this.#running = this.#wanted.filter(isServed).map(({ done }) => done);
    this.#wanted = this.#wanted.filter((want) => !isServed(want));
    const { watermark } = store.state;
    const isFull = question.isFull || watermark.serverTime === null;
    const request = { watermark, isFull, waitS: question.isHeld ? settings.maxWaitS : 0 };
    const outcome = await askSync(this.#options, request, flight.signal);
    // Stopped meanwhile: nothing of it counts any more.
    if (this.#flight !== flight) return;
    this.#flight = null;
    const waiting = this.#running;
    if (isFailure(outcome)) this.#fail(outcome);
    else this.#take(outcome);
    this.#finish(waiting);
  }

  #fail(failed: Failure): void {
    if (failed.failed === "aborted") return this.#dispatch({ kind: "abandoned" });
    const isRefused = failed.status === 401;
    this.#dispatch({ kind: "failed", isRefused, retryAfterMs: failed.retryAfterMs }, failed);
  }

  #take(outcome: SyncOutcome): void {
    const { store, hooks } = this.#options;
    if (outcome.answered) this.#commit(applySync(store.state, outcome.answered), outcome.answered);
    hooks?.onAnswered?.(outcome.retryAfterMs);
    this.#dispatch({ kind: "answered", ...outcome });
    this.#questions.answered();
  }

  #commit(change: Change, answered: Answered | null): void {
    const { store, callbacks, hooks } = this.#options;
    const { effects, changed } = store.commit(change);
    hooks?.onChange?.(change, answered);
    if (changed.length > 0) callbacks?.onConversationsUpdated?.(changed);
    for (const effect of effects) this.#perform(effect);
    this.#questions.look(change.put.map(([id]) => id));
  }

  /** What is on screen of a conversation grows with what this tab has seen of it. */
  #seen(id: string, change: Change): void {
    const entry = change.put[0]?.[1];
    if (entry) this.#options.store.screen.setShown(id, entry.baseline);
    this.commit(change);
  }

  #perform(effect: Effect): void {
    const { callbacks, hooks } = this.#options;
    switch (effect.kind) {
      case "current-deleted":
        this.#options.store.screen.open(null);
        return callbacks?.onCurrentConversationDeleted?.(effect.id, effect.title);
      case "current-updated":
        return callbacks?.onCurrentConversationExternalUpdate?.(effect.id, effect.newMessages);
      case "ask-again":
        return this.#dispatch({ kind: effect.isFull ? "want-full" : "want-more" });
      case "rewound":
        return hooks?.onRewound?.();
    }
  }

  #counted(id: ConversationId): void {
    const { callbacks, hooks } = this.#options;
    hooks?.onCounted?.(id);
    const newMessages = this.store.newOnScreen(id);
    if (newMessages > 0) callbacks?.onCurrentConversationExternalUpdate?.(id, newMessages);
  }

  #finish(waiting: readonly (() => void)[]): void {
    if (waiting === this.#running) this.#running = [];
    for (const done of waiting) done();
  }
}
