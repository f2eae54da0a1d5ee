/** What a person is told of the sync: nothing while all is well, and nothing of trouble that is over within two seconds. */
import type { SyncStatusState, SyncStatus } from "./device.ts";
import type { Environment, Timer } from "./environment.ts";
import type { Failure } from "./failure.ts";
import { Listeners } from "./listeners.ts";
import { type PollSchedule, STOPPED } from "./poll-schedule.ts";
import { isSameRecord } from "./same-record.ts";

/** Trouble, or a slow answer, shows after this long. */
const QUIET_MS = 2000;

/** Watches the schedule, and tells who wants to know. */
export class StatusWatch {
  readonly #environment: Environment;
  readonly #listeners = new Listeners();
  #schedule: PollSchedule = STOPPED;
  /** A request is to be answered at once, not one that the server holds; or more of an answer is yet to be asked for. */
  #isAsking = false;
  /** From a failure until an answer has come that has no more. */
  #isFailing = false;
  /** Since when something is not as it should be, in Unix milliseconds; null: all is well. */
  #busySince: number | null = null;
  /** Whether an answer of this visit is there: before that, nobody knows whether the list is in step. */
  #hasSynced = false;
  #hasMore = false;
  #status: SyncStatus = { state: "syncing", lastSyncedAt: null, retryAt: null, waitingCount: 0, problem: null };
  #timer: Timer = null;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  subscribe = (listener: () => void): (() => void) => this.#listeners.add("", listener);
  get = (): SyncStatus => this.#status;

  /** The schedule has moved. */
  onSchedule(schedule: PollSchedule, failed: Failure | null): void {
    const now = this.#environment.now();
    const { isRunning, isOnline, isRefused, failures, dueAt } = schedule;
    const hasFailed = failures > 0;
    this.#schedule = schedule;
    this.#isAsking = this.#hasMore || (schedule.isAsking && !schedule.isHolding);
    const isBusy = isRunning && (hasFailed || this.#isAsking || (!isOnline && this.#isFailing));
    this.#busySince = isBusy ? (this.#busySince ?? now) : null;
    // Back to asking after a failure is still the same trouble.
    this.#isFailing = hasFailed || (this.#isFailing && this.#isAsking);
    const problem = failed ?? (isBusy || isRefused ? this.#status.problem : null);
    this.#update({ retryAt: hasFailed ? dueAt : null, problem });
    this.#environment.clearTimer(this.#timer);
    if (this.#busySince === null) return;
    const restMs = this.#busySince + QUIET_MS - now;
    if (restMs > 0) this.#timer = this.#environment.setTimer(() => this.#update({}), restMs);
  }

  /** The server has answered, and the list is as it says; `hasMore`: up to a change after which there are others [SYNC-4]. */
  onAnswered(hasMore: boolean): void {
    this.#hasMore = hasMore;
    if (hasMore) return;
    this.#hasSynced = true;
    this.#update({ lastSyncedAt: this.#environment.now() });
  }

  setWaitingCount(waitingCount: number): void {
    if (waitingCount !== this.#status.waitingCount) this.#update({ waitingCount });
  }

  #update(change: Partial<SyncStatus>): void {
    const next = { ...this.#status, ...change, state: this.#state() };
    if (isSameRecord(next, this.#status)) return;
    this.#status = next;
    this.#listeners.notify("");
  }

  /** Which of the five states it is. */
  #state(): SyncStatusState {
    if (this.#schedule.isRefused) return "attention";
    // A clock that stepped back says nothing about how long it is.
    const isQuiet = this.#busySince === null || Math.abs(this.#environment.now() - this.#busySince) < QUIET_MS;
    const isInStep = this.#hasSynced && (isQuiet || !this.#isAsking);
    if (isQuiet || !this.#isFailing) return isInStep ? "synced" : "syncing";
    return this.#schedule.isOnline ? "waiting" : "offline";
  }
}
