/** The checkpoints' thread: moves the long write-ahead log into the database while the writer goes on committing. */
import { parentPort, workerData } from "node:worker_threads";
import { failureOf } from "./command.ts";
import { checkpointLog } from "./connection.ts";
import type { FromCheckpointer, ThreadOptions, ToCheckpointer } from "./thread-messages.ts";

const port = parentPort;
if (!port) throw new Error("This file is the checkpoints' thread; it can't run by itself");

const options = workerData as ThreadOptions;

port.on("message", (message: ToCheckpointer) => {
  if (message.kind === "checkpoint") port.postMessage(checkpoint());
  else port.close();
});

/** A full or failing disk is told and no more: the log is whole, and what it holds is moved another time. */
function checkpoint(): FromCheckpointer {
  try {
    checkpointLog(options);
    return { kind: "checkpointed" };
  } catch (error) {
    return { kind: "checkpoint-failed", failure: failureOf(error) };
  }
}
