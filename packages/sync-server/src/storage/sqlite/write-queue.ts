/** Collects commands while a commit is under way, and then runs all that have come as the next one. */
import type { BatchAnswer, Command } from "./command.ts";
import type { SqliteWriter } from "./writer.ts";

/** More than this in one transaction would make the first of them wait for the last. */
const MAX_BATCH = 256;
/** How many commits pass, where they never end, before the event loop comes by: some 50 ms. */
const BATCHES_PER_TURN = 16;

export interface WriteQueueOptions {
  readonly writer: SqliteWriter;
  /** Told of every commit, in order. */
  readonly onBatch: (batch: BatchAnswer) => void;
  /** Asked before each batch for commands that wait elsewhere, such as in a port. */
  readonly drain?: (() => void) | undefined;
  /** Told of a job that threw. */
  readonly onTrouble: (error: Error) => void;
}

export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #waiting: Command[] = [];
  #jobs: (() => void)[] = [];
  #running: Promise<void> | null = null;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  push(commands: readonly Command[]): void {
    for (const command of commands) this.#waiting.push(command);
    this.#running ??= this.#run();
  }

  /** Runs something short between two transactions, however busy the queue is. */
  runBetween(job: () => void): void {
    this.#jobs.push(job);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is left to run. */
  async whenIdle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    const { writer, onBatch, drain } = this.#options;
    try {
      // Whoever pushes in the same turn of the event loop shares this commit.
      await Promise.resolve();
      drain?.();
      for (let batches = 1; this.#waiting.length > 0 || this.#jobs.length > 0; batches++) {
        this.#runJob();
        const batch = this.#waiting.splice(0, MAX_BATCH);
        if (batch.length > 0) onBatch(await writer.run(batch));
        // However much there is to write, timers have their turn: they bring the jobs.
        if (batches % BATCHES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
        drain?.();
      }
    } finally {
      this.#running = null;
    }
  }

  #runJob(): void {
    try {
      this.#jobs.shift()?.();
    } catch (error) {
      this.#options.onTrouble(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
