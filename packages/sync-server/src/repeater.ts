/** Does something again and again, one round at a time, for as long as it is started. */
import type { Cancel, EngineEnvironment } from "./environment.ts";

export interface Round {
  /** From the end of one round to the beginning of the next; asked after each. */
  readonly everyMs: () => number;
  readonly run: () => Promise<unknown>;
}

export class Repeater {
  readonly #environment: EngineEnvironment;
  readonly #round: Round;
  #cancel: Cancel | null = null;
  #running: Promise<void> | null = null;
  #isStarted = false;

  constructor(environment: EngineEnvironment, round: Round) {
    this.#environment = environment;
    this.#round = round;
  }

  /** The first round comes after one interval; nothing happens where it is started already. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#schedule();
  }

  /** Runs a round at once; one that runs already is followed by another. */
  async runNow(): Promise<void> {
    await this.#running;
    this.#running ??= this.#run();
    await this.#running;
  }

  /** Begins no more rounds, and resolves when the one that runs is done. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#cancel?.();
    this.#cancel = null;
    await this.#running;
  }

  #schedule(): void {
    this.#cancel?.();
    this.#cancel = this.#environment.after(this.#round.everyMs(), () => {
      this.#cancel = null;
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    // A round that fails, such as while the database is away, is made up for by the next one.
    await Promise.allSettled([this.#round.run()]);
    this.#running = null;
    if (this.#isStarted) this.#schedule();
  }
}
