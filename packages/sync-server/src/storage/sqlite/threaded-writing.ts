/** The writer in a thread of its own, and the thread that does its checkpoints, from the first that is due. */
import type { Worker } from "node:worker_threads";
import { unreachable } from "@instep/protocol";
import type { FromCheckpointer, FromWriter, ThreadOptions, ToCheckpointer, ToWriter } from "./thread-messages.ts";
import { errorOf } from "./command.ts";
import { exitOf, startThread } from "./start-thread.ts";
import { StorageError } from "../storage-error.ts";
import type { Writing, WritingListener } from "./writing.ts";

/** Starts the writer. Rejects where the file can't be opened. */
export async function writeInThread(options: ThreadOptions, listener: WritingListener): Promise<Writing> {
  const writer = startThread("writer-thread", options);
  const epoch = await untilReady(writer);
  let checkpointer: Worker | null = null;
  const tellWriter = (message: ToWriter) => writer.postMessage(message);
  const tellCheckpointer = (worker: Worker, message: ToCheckpointer) => worker.postMessage(message);
  const closed = Promise.withResolvers<void>();

  writer.on("message", (message: FromWriter) => {
    switch (message.kind) {
      case "ready":
        return; // Said once, before this listener was there.
      case "batch":
        return listener.onBatch(message.batch);
      case "foreign":
        return listener.onForeign(message.epoch);
      case "checkpoint-due":
        return checkpoint();
      case "health":
        return listener.onHealth(message.failure && errorOf(message.failure));
      case "trouble":
        return listener.onTrouble(errorOf(message.failure));
      case "closed":
        return closed.resolve();
      default:
        return unreachable(message);
    }
  });
  writer.on("error", (error) => listener.onFailure(lost(error)));
  writer.on("exit", () => {
    listener.onFailure(lost());
    closed.resolve();
  });

  function checkpoint(): void {
    checkpointer ??= startCheckpointer();
    tellCheckpointer(checkpointer, { kind: "checkpoint" });
  }

  function startCheckpointer(): Worker {
    const worker = startThread("checkpoint-thread", options);
    worker.on("message", (message: FromCheckpointer) => {
      if (message.kind === "checkpoint-failed") listener.onTrouble(errorOf(message.failure));
      tellWriter({ kind: message.kind === "checkpointed" ? "finish-checkpoint" : "checkpoint-failed" });
    });
    worker.on("error", (error) => listener.onFailure(lost(error)));
    return worker;
  }

  return {
    epoch,
    post: (commands) => tellWriter({ kind: "run", commands }),
    async close() {
      if (checkpointer !== null) {
        tellCheckpointer(checkpointer, { kind: "close" });
        await exitOf(checkpointer);
      }
      tellWriter({ kind: "close" });
      await closed.promise;
      await exitOf(writer);
    },
  };
}

function lost(cause?: unknown): StorageError {
  return new StorageError("STORAGE_LOST", "The thread that writes to the database has ended", { cause });
}

/** The epoch of the file that the thread has opened. Where it can't, the thread is gone before its error is told. */
async function untilReady(writer: Worker): Promise<string> {
  try {
    return await firstWord(writer);
  } catch (error) {
    await writer.terminate();
    throw error;
  }
}

function firstWord(writer: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    writer.once("error", reject);
    writer.once("message", (message: FromWriter) => {
      writer.off("error", reject);
      if (message.kind === "ready") resolve(message.epoch);
      else reject(new Error("The writer's thread spoke before it was ready"));
    });
  });
}
