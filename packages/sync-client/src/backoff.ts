/** Nothing goes out for a while after a failure; then somebody is told. */
import { backoffDelayMs } from "./backoff-delay.ts";
import type { Environment, Timer } from "./environment.ts";
import type { Failure } from "./failure.ts";

export class Backoff {
  readonly #environment: Environment;
  readonly #onOver: () => void;
  #timer: Timer = null;
  #failures = 0;
  #isPausing = false;
  #isClosed = false;

  constructor(environment: Environment, onOver: () => void) {
    this.#environment = environment;
    this.#onOver = onOver;
  }

  get isPausing(): boolean {
    return this.#isPausing;
  }

  /** Something went through. */
  succeeded(): void {
    this.#failures = 0;
  }

  failed({ retryAfterMs, status }: Failure): void {
    if (status === 401) return this.#pause(null);
    // Many that went together have failed together, once.
    if (this.#isPausing && retryAfterMs === null) return;
    this.#pause(backoffDelayMs({ before: this.#failures++, random: this.#environment.random(), retryAfterMs }));
  }

  /** The server has answered whoever is signed in: nothing waits for that any more. */
  signedIn(): void {
    if (!this.#isPausing || this.#timer !== null) return;
    this.end();
    this.#onOver();
  }

  /** There is reason not to wait any longer. */
  end(): void {
    this.#environment.clearTimer(this.#timer);
    this.#timer = null;
    this.#isPausing = false;
  }

  /** Leaves no timer, and sets none any more. */
  close(): void {
    this.#isClosed = true;
    this.end();
  }

  /** Null: until somebody has signed in. */
  #pause(delayMs: number | null): void {
    this.end();
    this.#isPausing = true;
    if (delayMs === null || this.#isClosed) return;
    this.#timer = this.#environment.setTimer(() => {
      this.end();
      this.#onOver();
    }, delayMs);
  }
}
