/** A generation environment whose time is moved by the test; the network is real unless it is replaced. */
import type { GenerationEnvironment } from "../src/generation/environment.ts";

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

export class ManualEnvironment implements GenerationEnvironment {
  readonly #timers = new Set<Timer>();
  #now = 0;
  #wallOffset = 0;
  /** How far each timer that was started was set, in milliseconds. */
  readonly startedDelays: number[] = [];

  async fetch(url: string, init: RequestInit): Promise<Response> {
    return fetch(url, init);
  }

  now(): number {
    return this.#now + this.#wallOffset;
  }

  elapsed(): number {
    return this.#now;
  }

  /** Steps the wall clock, as a person or NTP would; timers go on. */
  stepWallClock(byMs: number): void {
    this.#wallOffset += byMs;
  }

  random(): number {
    return 0.5;
  }

  startTimer(delayMs: number, callback: () => void): () => void {
    const timer = { dueAt: this.#now + delayMs, callback };
    this.startedDelays.push(delayMs);
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time on and calls what became due, in order. */
  advance(byMs: number): void {
    this.#now += byMs;
    const due = [...this.#timers].filter((timer) => timer.dueAt <= this.#now).sort((a, b) => a.dueAt - b.dueAt);
    for (const timer of due) {
      if (this.#timers.delete(timer)) timer.callback();
    }
  }

  /** Advances whenever a timer of this length is started, so that waiting for it takes no time. */
  static skipping(isSkipped: (delayMs: number) => boolean): ManualEnvironment {
    const environment = new ManualEnvironment();
    const start = environment.startTimer.bind(environment);
    environment.startTimer = (delayMs, callback) => {
      const cancel = start(delayMs, callback);
      if (isSkipped(delayMs)) setImmediate(() => environment.advance(delayMs));
      return cancel;
    };
    return environment;
  }
}
