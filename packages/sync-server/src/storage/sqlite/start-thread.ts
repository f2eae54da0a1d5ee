/** Starts the database's threads, and tells when one has ended. */
import { setFlagsFromString } from "node:v8";
import { Worker, type ResourceLimits } from "node:worker_threads";
import type { ThreadOptions } from "./thread-messages.ts";

const SOURCE_CONDITION = "--conditions=@instep/source";
// Threads that run from sources share the WebAssembly that strips types, and V8 (Node 24.21) now and then ends the process where it
// replaces a wrapper of an import that another thread's is: here none is ever replaced.
const NO_WRAPPER_IS_REPLACED = "--wasm-wrapper-tiering-budget=2000000000";

export type ThreadName = "writer-thread" | "checkpoint-thread" | "search-thread";

/** Threads run from the sources where this file does, and from what was built where this file is. */
export function startThread(name: ThreadName, options: ThreadOptions, resourceLimits: ResourceLimits = {}): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const url = new URL(`./${name}${isSource ? ".ts" : ".js"}`, import.meta.url);
  if (isSource) setFlagsFromString(NO_WRAPPER_IS_REPLACED);
  return new Worker(url, { workerData: options, execArgv: isSource ? [SOURCE_CONDITION] : [], resourceLimits });
}

/** Resolves once the thread has ended. */
export function exitOf(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once("exit", () => resolve());
  });
}
