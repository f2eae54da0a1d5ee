/** Starts the database's threads, and tells when one has ended. */
import { Worker, type ResourceLimits } from "node:worker_threads";
import type { ThreadOptions } from "./thread-messages.ts";

const SOURCE_CONDITION = "--conditions=@instep/source";

export type ThreadName = "writer-thread" | "checkpoint-thread" | "search-thread";

/** Threads run from the sources where this file does, and from what was built where this file is. */
export function startThread(name: ThreadName, options: ThreadOptions, resourceLimits: ResourceLimits = {}): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  const url = new URL(`./${name}${isSource ? ".ts" : ".js"}`, import.meta.url);
  return new Worker(url, { workerData: options, execArgv: isSource ? [SOURCE_CONDITION] : [], resourceLimits });
}

/** Resolves once the thread has ended. */
export function exitOf(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once("exit", () => resolve());
  });
}
