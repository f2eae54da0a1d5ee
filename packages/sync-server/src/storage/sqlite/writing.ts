/** The way to the writer, in this thread or in another. */
import type { BatchAnswer, Command } from "./command.ts";

export interface WritingListener {
  onBatch(batch: BatchAnswer): void;
  /** Another process has committed. */
  onForeign(epoch: string): void;
  /** Something failed that concerns no command, such as the upkeep of the full-text index; it is tried again. */
  onTrouble(error: Error): void;
  /** Writes fail from here on, and why; null: they are taken again. */
  onHealth(trouble: Error | null): void;
  /** The writer is gone; nothing that was asked of it will be answered. */
  onFailure(error: Error): void;
}

export interface Writing {
  readonly epoch: string;
  post(commands: readonly Command[]): void;
  /** Finishes what was posted, then closes the file. */
  close(): Promise<void>;
}
