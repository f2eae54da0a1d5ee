/** How long nothing goes out after a failure: longer each time, at random, and as long as the server asks. */
import type { Environment, Timer } from "./environment.ts";
import type { Failure } from "./failure.ts";

const FIRST_MS = 1000;
const MAX_MS = 30_000;
/** What a server may ask for at most. */
const MAX_RETRY_AFTER_MS = 300_000;

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
    const ceilingMs = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(10, this.#failures++));
    this.#pause(Math.max(Math.min(MAX_RETRY_AFTER_MS, retryAfterMs ?? 0), this.#environment.random() * ceilingMs));
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
