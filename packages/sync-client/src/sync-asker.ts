/** Asks the server as the schedule says: one request at a time, and none that nobody wants. */
import type { Answered } from "./apply-sync.ts";
import { askSync, type SyncOutcome } from "./ask-sync.ts";
import { AwaitedSyncs } from "./awaited-syncs.ts";
import type { PageEvent, Timer } from "./environment.ts";
import { type Failure, isFailure } from "./failure.ts";
import { brokenBy, guarded } from "./guarded.ts";
import {
  advance,
  isHoldUnwanted,
  nextQuestion,
  type PollSchedule,
  type ScheduleEvent,
  STOPPED,
} from "./poll-schedule.ts";
import type { CompleteOptions } from "./sync-options.ts";

/** What is done with what the server says. */
export interface AnswerReceiver {
  /** An answer, which contains the changes of this device that were settled before it was asked for. */
  apply(answered: Answered, settled: readonly string[]): void;
  /** The server has answered, and the schedule has moved on: what could not be asked before can be now. */
  reached(): void;
}

export class SyncAsker {
  readonly #options: CompleteOptions;
  readonly #receiver: AnswerReceiver;
  readonly #awaited = new AwaitedSyncs();
  #schedule: PollSchedule = STOPPED;
  #timer: Timer = null;
  #flight: AbortController | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(options: CompleteOptions, receiver: AnswerReceiver) {
    this.#options = options;
    this.#receiver = receiver;
  }

  /** Whether syncs run, for somebody who looks. */
  get isSyncing(): boolean {
    return this.#schedule.isRunning && this.#schedule.isVisible;
  }

  /** Full sync (or an increment from a warm cache), then as the schedule says [DEV-1]. */
  start(): void {
    const { environment, store } = this.#options;
    const { page } = environment;
    this.#unsubscribe ??= page.subscribe((event) => this.#onPage(event));
    const isWarm = store.state.watermark.serverTime !== null;
    store.screen.setVisible(page.isVisible());
    this.advanceSchedule({ kind: "start", isVisible: page.isVisible(), isOnline: page.isOnline(), isWarm });
  }

  /** Leaves no timer and no request [DEV-2]. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    const flight = this.#flight;
    this.#flight = null;
    flight?.abort();
    this.advanceSchedule({ kind: "stop" });
    this.#awaited.endAll();
  }

  /** Resolves when a sync, or a full one, that began after this call has ended, well or not. */
  want(isFull: boolean): Promise<void> {
    if (!this.#schedule.isRunning) return Promise.resolve();
    const ended = this.#awaited.wait(isFull);
    this.advanceSchedule({ kind: isFull ? "want-full" : "want-more" });
    return ended;
  }

  /** Something may have changed: asks now, unless an answer is on its way or nobody looks. */
  hint(): void {
    if (this.#schedule.isVisible && !this.#schedule.isHolding) this.advanceSchedule({ kind: "want-more" });
  }

  /** Moves the schedule on, and asks or arms the timer where it says so; `failure` where a request just failed. */
  advanceSchedule(event: ScheduleEvent, failure: Failure | null = null): void {
    const { environment, settings, hooks } = this.#options;
    const previous = this.#schedule;
    const at = { now: environment.now(), random: environment.random(), settings };
    this.#schedule = advance(previous, event, at);
    hooks.onSchedule?.(this.#schedule, failure);
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

  #onPage(event: PageEvent): void {
    const { environment, store, hooks } = this.#options;
    const isShown = environment.page.isVisible();
    store.screen.setVisible(isShown);
    if (isShown) hooks.onShown?.();
    if (event === "suspend") {
      this.advanceSchedule({ kind: "hide" });
      // A page in the back/forward cache, or frozen, must hold no connection.
      this.#flight?.abort();
    } else if (event !== "resume" && event !== "focus") this.advanceSchedule({ kind: event });
    // Somebody is back, where anybody sees the page.
    else if (isShown) this.advanceSchedule({ kind: "show" });
  }

  async #ask(): Promise<void> {
    const { settings, store } = this.#options;
    const question = nextQuestion(this.#schedule, settings);
    const flight = new AbortController();
    this.#flight = flight;
    this.advanceSchedule({ kind: "asked", question });
    const ended = this.#awaited.begin(question.isFull);
    const { settled } = store.localChanges;
    const { watermark } = store.state;
    const isFull = question.isFull || watermark.serverTime === null;
    const request = { watermark, isFull, waitS: question.isHeld ? settings.maxWaitS : 0 };
    const outcome = await askSync(this.#options, request, flight.signal).catch(brokenBy);
    // Stopped meanwhile: nothing of it counts any more.
    if (this.#flight !== flight) return;
    this.#flight = null;
    if (isFailure(outcome)) this.#fail(outcome);
    else this.#applyOutcome(outcome, settled);
    ended();
  }

  #fail(failed: Failure): void {
    if (failed.failed === "aborted") return this.advanceSchedule({ kind: "abandoned" });
    const isRefused = failed.status === 401;
    this.advanceSchedule({ kind: "failed", isRefused, retryAfterMs: failed.retryAfterMs }, failed);
  }

  #applyOutcome(outcome: SyncOutcome, settled: readonly string[]): void {
    try {
      if (outcome.answered) this.#receiver.apply(outcome.answered, settled);
    } catch (error) {
      return this.#fail(brokenBy(error));
    }
    this.#options.hooks.onAnswered?.(outcome);
    this.advanceSchedule({ kind: "answered", ...outcome });
    guarded(() => this.#receiver.reached());
  }
}
