/** A page as its device lives it: time by the device's clock, timers that stop while it is frozen, and nothing once it is gone. */
import type { Environment, PageEvent } from "../packages/sync-client/src/environment.ts";
import type { Caller } from "./exchange.ts";
import type { Random } from "./random.ts";
import type { CancelTimer, VirtualTime } from "./virtual-time.ts";

/** What all pages of a browser share of the machine that they run on. */
export interface Machine {
  readonly time: VirtualTime;
  readonly random: Random;
  /** How far the device's clock is from the true time, in milliseconds. */
  clockErrorMs: number;
  isOnline: boolean;
}

/** Hidden pages get their timers no more often than this. */
const HIDDEN_TIMER_MS = 1000;

export class PageModel implements Caller {
  isVisible = true;
  isFrozen = false;
  isGone = false;
  /** When it was hidden, by the device's clock; null where it isn't, or where that clock stepped since. */
  hiddenAt: number | null = null;
  readonly environment: Environment;
  readonly #machine: Machine;
  readonly #listeners = new Set<(event: PageEvent) => void>();
  #missed: (() => void)[] = [];
  #frozenAt = 0;
  #thawedAt = 0;
  #hasRun = true;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.environment = {
      now: () => machine.time.now() + machine.clockErrorMs,
      setTimer: (run, delayMs) => this.#setTimer(run, delayMs),
      // Only what `setTimer` gave comes back here; a page may also clear the nothing that it has.
      clearTimer: (timer) => (timer as CancelTimer | null)?.(),
      random: () => machine.random.next(),
      uuid: () => machine.random.uuid(),
      page: {
        isVisible: () => this.isVisible,
        isOnline: () => machine.isOnline,
        subscribe: (listener) => {
          this.#listeners.add(listener);
          return () => void this.#listeners.delete(listener);
        },
      },
    };
  }

  deliver(run: () => void): void {
    if (this.isGone) return;
    if (this.isFrozen) {
      this.#missed.push(run);
      return;
    }
    this.#hasRun = true;
    run();
  }

  /** Whether anything ran here since the last call. */
  takeHasRun(): boolean {
    const had = this.#hasRun;
    this.#hasRun = false;
    return had;
  }

  tell(event: PageEvent): void {
    this.#hasRun = true;
    for (const listener of this.#listeners) listener(event);
  }

  show(): void {
    if (this.isFrozen || this.isVisible) return;
    this.isVisible = true;
    this.hiddenAt = null;
    this.tell("show");
  }

  hide(): void {
    if (this.isFrozen || !this.isVisible) return;
    this.isVisible = false;
    this.hiddenAt = this.environment.now();
    this.tell("hide");
  }

  /** Frozen, or kept for back and forward: not a line runs. */
  freeze(): void {
    if (this.isFrozen) return;
    this.tell("suspend");
    this.isFrozen = true;
    this.#frozenAt = this.#machine.time.now();
  }

  /** Runs again, and first of all what came meanwhile. */
  thaw(): void {
    if (!this.isFrozen) return;
    this.isFrozen = false;
    this.#thawedAt = this.#machine.time.now();
    const missed = this.#missed;
    this.#missed = [];
    this.tell("resume");
    // One by one, as a browser does: what follows from each happens before the next.
    for (const run of missed) this.#machine.time.after(0, () => this.deliver(run));
  }

  /** When a word that came at `at` was heard here: while the page was frozen last, not before it ran again. */
  heardAt(at: number): number {
    return at >= this.#frozenAt && at <= this.#thawedAt ? this.#thawedAt : at;
  }

  /** Crashed or closed: nothing of it runs again. */
  kill(): void {
    this.isGone = true;
    this.#listeners.clear();
  }

  #setTimer(run: () => void, delayMs: number): CancelTimer {
    let isCancelled = false;
    const delay = this.isVisible ? delayMs : Math.max(delayMs, HIDDEN_TIMER_MS);
    const cancel = this.#machine.time.after(delay, () =>
      this.deliver(() => {
        if (!isCancelled) run();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }
}
