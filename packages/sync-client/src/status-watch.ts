/** What a person is told of the sync: nothing while all is well, and nothing of trouble that is over within two seconds. */
import type { SyncStatusState, SyncStatus } from "./device.ts";
import type { Environment, Timer } from "./environment.ts";
import type { Failure } from "./failure.ts";
import { Listeners } from "./listeners.ts";
import type { PollSchedule } from "./poll-schedule.ts";
import { isSameRecord } from "./same-record.ts";

/** What the state is judged by. */
export interface Situation {
  readonly isRefused: boolean;
  readonly isOnline: boolean;
  readonly isFailing: boolean;
  /** A request that is to be answered at once, not one that the server holds. */
  readonly isAsking: boolean;
  /** Since when something is not as it should be, in Unix milliseconds; null: all is well. */
  readonly busySince: number | null;
  /** Whether an answer of this visit is there: before that, nobody knows whether the list is in step. */
  readonly hasSynced: boolean;
}

/** Trouble, or a slow answer, shows after this long. */
const QUIET_MS = 2000;

/** Which of the five states it is. Pure. */
function syncState(situation: Situation, now: number): SyncStatusState {
  if (situation.isRefused) return "attention";
  // A clock that stepped back says nothing about how long it is.
  const isQuiet = situation.busySince === null || Math.abs(now - situation.busySince) < QUIET_MS;
  const isInStep = situation.hasSynced && (isQuiet || !situation.isAsking);
  if (isQuiet || !situation.isFailing) return isInStep ? "synced" : "syncing";
  return situation.isOnline ? "waiting" : "offline";
}

/** Watches the schedule, and tells who wants to know. */
export class StatusWatch {
  readonly #environment: Environment;
  readonly #listeners = new Listeners();
  #situation: Situation = {
    isRefused: false,
    isOnline: true,
    isFailing: false,
    isAsking: false,
    busySince: null,
    hasSynced: false,
  };
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
    const isFailing = schedule.failures > 0;
    const isAsking = schedule.isAsking && !schedule.isHolding;
    const isBusy = schedule.isRunning && (isFailing || isAsking || (!schedule.isOnline && this.#situation.isFailing));
    const busySince = isBusy ? (this.#situation.busySince ?? now) : null;
    // Back to asking after a failure is still the same trouble, until an answer has come.
    const wasFailing = this.#situation.isFailing && isAsking;
    const { isRefused, isOnline } = schedule;
    const { hasSynced } = this.#situation;
    this.#situation = { isRefused, isOnline, isFailing: isFailing || wasFailing, isAsking, busySince, hasSynced };
    const problem = failed ?? (isBusy || isRefused ? this.#status.problem : null);
    this.#update({ retryAt: isFailing ? schedule.dueAt : null, problem });
    this.#environment.clearTimer(this.#timer);
    if (busySince === null) return;
    const restMs = busySince + QUIET_MS - now;
    if (restMs > 0) this.#timer = this.#environment.setTimer(() => this.#update({}), restMs);
  }

  /** The server has answered, and the list is as it says. */
  onSynced(): void {
    this.#situation = { ...this.#situation, hasSynced: true };
    this.#update({ lastSyncedAt: this.#environment.now() });
  }

  setWaitingCount(waitingCount: number): void {
    if (waitingCount !== this.#status.waitingCount) this.#update({ waitingCount });
  }

  #update(change: Partial<SyncStatus>): void {
    const state = syncState(this.#situation, this.#environment.now());
    const next = { ...this.#status, ...change, state };
    if (isSameRecord(next, this.#status)) return;
    this.#status = next;
    this.#listeners.notify("");
  }
}
