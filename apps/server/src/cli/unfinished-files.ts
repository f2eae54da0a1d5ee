/** Files that a command is writing: who ends it by a signal, as with Ctrl+C, is left none of them [SAFE-3]. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { SIDE_FILES } from "../data-folder/places.ts";
import { makePrivateFile } from "../data-folder/private-files.ts";

export interface CopyOrder {
  readonly from: string;
  readonly to: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const SOURCE_CONDITION = "--conditions=@instep/source";

/** Does the work that writes these files; a signal takes them away, with what SQLite keeps beside them, and then ends the process as ever. */
export async function whileUnfinished<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  return listening(work, (signal, stopListening) => {
    stopListening();
    for (const path of paths) {
      for (const suffix of ["", ...SIDE_FILES]) rmSync(`${path}${suffix}`, { force: true });
    }
    process.kill(process.pid, signal);
  });
}

/** Does what is quick and worth nothing by halves, such as giving two files their names: no signal ends the process meanwhile. */
export function untilDone<T>(work: () => Promise<T>): Promise<T> {
  return listening(work, () => undefined);
}

async function listening<T>(
  work: () => Promise<T>,
  heard: (signal: NodeJS.Signals, stopListening: () => void) => void,
): Promise<T> {
  const onSignal = (signal: NodeJS.Signals): void => heard(signal, stopListening);
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
