/** The writer in this thread: for simulations and tests, where one thread makes runs repeatable. */
import type { ConnectionOptions } from "./connection-options.ts";
import { WriteQueue } from "./write-queue.ts";
import { SqliteWriter } from "./writer.ts";
import type { Writing, WritingListener } from "./writing.ts";

export interface InlineWriting extends Writing {
  /** Looks for commits of other processes and does what is left to do, such as for the full-text index, now; there is no timer that would. */
  lookAround(): Promise<void>;
}

export function writeInline(options: ConnectionOptions, listener: WritingListener): InlineWriting {
  const writer = new SqliteWriter(options);
  const onTrouble = (error: Error) => listener.onTrouble(error);
  const queue = new WriteQueue({ writer, onTrouble, onBatch: (batch) => listener.onBatch(batch) });
  return {
    epoch: writer.epoch,
    post: (commands) => queue.push(commands),
    async lookAround() {
      await queue.whenIdle();
      if (writer.hasForeignCommit()) listener.onForeign(writer.epoch);
      while (writer.tidy());
    },
    async close() {
      await queue.whenIdle();
      writer.close();
    },
  };
}
