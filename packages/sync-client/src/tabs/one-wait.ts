/** What a reply waits for: one thing at a time. */
import type { Environment, Timer } from "../environment.ts";

export class OneWait {
  readonly #environment: Environment;
  #timer: Timer = null;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Takes the place of what was waited for. */
  arm(delayMs: number, run: () => void): void {
    this.clear();
    this.#timer = this.#environment.setTimer(run, delayMs);
  }

  clear(): void {
    this.#environment.clearTimer(this.#timer);
    this.#timer = null;
  }
}
