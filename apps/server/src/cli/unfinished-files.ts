/** Files that a command is writing: who ends it by a signal, as with Ctrl+C, is left none of them [SAFE-3]. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { makePrivateFile } from "../private-files.ts";
import { SIDE_FILES } from "./keep-former.ts";

export interface CopyOrder {
  readonly from: string;
  readonly to: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const SOURCE_CONDITION = "--conditions=@instep/source";

/** Does the work that writes these files; a signal takes them away, with what SQLite keeps beside them, and then ends the process as ever. */
export async function whileUnfinished<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  const onSignal = (signal: NodeJS.Signals): void => {
    stopListening();
    for (const path of paths) {
      for (const suffix of ["", ...SIDE_FILES]) rmSync(`${path}${suffix}`, { force: true });
    }
    process.kill(process.pid, signal);
  };
  const stopListening = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work();
  } finally {
    stopListening();
  }
}

/** Copies a database to a new file for its owner alone. Throws what stands in the way. */
export async function copyToNew(from: string, to: string): Promise<void> {
  makePrivateFile(to);
  const worker = new Worker(new URL("./copy-thread.ts", import.meta.url), {
    workerData: { from, to } satisfies CopyOrder,
    execArgv: [SOURCE_CONDITION],
  });
  // Rejects with what the thread could not do.
  await once(worker, "exit");
}
