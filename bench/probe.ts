/** How long small requests take while a server is loaded by others. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

export interface Probing {
  readonly url: string;
  /** Asked in turn. */
  readonly paths: readonly string[];
  /** Whose they are, where not everybody's. */
  readonly cookie?: string;
  readonly everyMs: number;
}

/** Probes while something runs; returns what each request took, in milliseconds. */
export async function probeWhile(probing: Probing, run: () => Promise<unknown>): Promise<readonly number[]> {
  const thread = new Worker(new URL("probe-thread.ts", import.meta.url), { workerData: probing });
  await once(thread, "message");
  await run();
  const latencies = once(thread, "message");
  thread.postMessage("stop");
  const [values] = await latencies;
  await thread.terminate();
  return values as readonly number[];
}
