/** One deadline that can be moved: aborts a request to the model with the error that says what took too long. */
import type { GenerationEnvironment } from "./environment.ts";
import type { ModelError } from "./model.ts";

export class Watchdog {
  readonly #environment: GenerationEnvironment;
  readonly #aborting = new AbortController();
  #cancel: (() => void) | null = null;

  constructor(environment: GenerationEnvironment) {
    this.#environment = environment;
  }

  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  /** Whether there is no deadline. */
  get isIdle(): boolean {
    return this.#cancel === null;
  }

  /** Forgets the former deadline; after `delayMs` the signal aborts with `error`. */
  expect(delayMs: number, error: () => ModelError): void {
    this.expectNothing();
    this.#cancel = this.#environment.startTimer(delayMs, () => this.#aborting.abort(error()));
  }

  /** Forgets the deadline. */
  expectNothing(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Frees the timer and whatever still hangs on the signal. */
  end(): void {
    this.expectNothing();
    this.#aborting.abort();
  }
}
