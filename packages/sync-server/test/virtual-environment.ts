/** Time that only passes when a test says so. */
import type { Micros } from "@instep/protocol";
import type { Cancel, EngineEnvironment } from "../src/environment.ts";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

const MICROS_PER_MS = 1000;

export class VirtualEnvironment implements EngineEnvironment {
  #nowMs: number;
  #wallOffsetMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(startMs = Date.UTC(2026, 0, 1, 12)) {
    this.#nowMs = startMs;
  }

  now(): Micros {
    return ((this.#nowMs + this.#wallOffsetMs) * MICROS_PER_MS) as Micros;
  }

  /** Steps the wall clock, as a person or NTP would; timers go on. */
  stepWallClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  uuid(): string {
    return crypto.randomUUID();
  }

  random(): number {
    return 0.5;
  }

  after(delayMs: number, run: () => void): Cancel {
    const timer = { at: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Lets that much time pass, timer by timer, and everything happen that follows from it. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.#nowMs + milliseconds;
    await settle();
    for (let next = this.#next(until); next !== null; next = this.#next(until)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.at);
      next.run();
      await settle();
    }
    this.#nowMs = until;
  }

  /** The wall clock steps, forwards or back, and no timer fires for it. */
  step(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  #next(until: number): Timer | null {
    const due = [...this.#timers].filter((timer) => timer.at <= until);
    return due.reduce<Timer | null>((first, timer) => (first === null || timer.at < first.at ? timer : first), null);
  }
}

/** Lets everything happen that needs no time: on SQLite with the writer inline, all of it. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
