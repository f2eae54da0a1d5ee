/** Runs an import whose file is read in a thread of its own, and written by this program's engine, so that every device hears of it at once. */
import type { ProblemCode } from "@instep/protocol";
import { isRefusal, type NamedInstructions, type PackedConversations } from "@instep/sync-server";
import { open } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { codeOf } from "../code-of.ts";
import { NOTHING_IMPORTED, type ImportSummary } from "./import-conversations.ts";
import type { WriteBatch } from "./writer-within.ts";
import type { FromImport, ImportOrder, ToImport } from "./import-messages.ts";

export interface ThreadedImport extends Omit<ImportOrder, "descriptor"> {
  readonly path: string;
  /** Writes a batch, or says why there is no room for it. */
  readonly write: WriteBatch;
  /** Says for how many there was no room. */
  readonly keepPresets: (presets: readonly NamedInstructions[]) => Promise<number>;
  /** Stops it: what was written stays. */
  readonly signal: AbortSignal;
  readonly onProgress: (summary: ImportSummary, share: number) => void;
  /** What the reading may hold; 1,024 where it is left out. */
  readonly memoryMb?: number;
}

export type ImportEnd =
  | { readonly kind: "done"; readonly summary: ImportSummary }
  | { readonly kind: "failed"; readonly code: ProblemCode; readonly detail: string; readonly summary: ImportSummary }
  | { readonly kind: "stopped" };

const THREAD_MEMORY_MB = 1024;
const TOO_MUCH_MEMORY = "The file needs more memory to be read than an import may take.";
const SOURCE_CONDITION = "--conditions=@instep/source";

/** Resolves when the thread is gone and nothing is being written any more. Throws what nobody expected. */
export async function importInThread(importing: ThreadedImport): Promise<ImportEnd> {
  const { path, signal } = importing;
  if (signal.aborted) return { kind: "stopped" };
  // Held here: a thread that is ended leaves open what it was just about to close.
  const file = await open(path);
  try {
    return signal.aborted ? { kind: "stopped" } : await importOpen(file.fd, importing);
  } finally {
    await file.close();
  }
}

async function importOpen(descriptor: number, importing: ThreadedImport): Promise<ImportEnd> {
  const { accountId, now, write, keepPresets, signal, onProgress, memoryMb = THREAD_MEMORY_MB } = importing;
  const worker = new Worker(new URL("./import-thread.ts", import.meta.url), {
    workerData: { descriptor, accountId, now } satisfies ImportOrder,
    execArgv: [SOURCE_CONDITION],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  let soFar = NOTHING_IMPORTED;
  let writing: Promise<void> = Promise.resolve();
  const ended = Promise.withResolvers<ImportEnd>();
  const stop = (): void => ended.resolve({ kind: "stopped" });

  async function writeBatch(conversations: PackedConversations): Promise<void> {
    const outcome = await write(conversations);
    if (!isRefusal(outcome)) return worker.postMessage({ kind: "written", imported: outcome } satisfies ToImport);
    const { refused: code, detail = "" } = outcome;
    ended.resolve({ kind: "failed", code, detail, summary: soFar });
  }

  worker.on("message", (message: FromImport) => {
    switch (message.kind) {
      case "batch":
        writing = writeBatch(message.conversations).catch(ended.reject);
        return;
      case "presets":
        writing = keepPresets(message.presets).then(
          (leftOut) => worker.postMessage({ kind: "kept", leftOut } satisfies ToImport),
          ended.reject,
        );
        return;
      case "progress":
        soFar = message.summary;
        return onProgress(soFar, Math.min(1, message.share));
      case "done":
        return ended.resolve({ kind: "done", summary: message.summary });
      case "broken": {
        const { detail, summary } = message;
        return ended.resolve({ kind: "failed", code: "unreadable_file", detail, summary });
      }
      default:
        return message satisfies never;
    }
  });
  worker.on("error", (error) => {
    if (codeOf(error) !== "ERR_WORKER_OUT_OF_MEMORY") return ended.reject(error);
    return ended.resolve({ kind: "failed", code: "unreadable_file", detail: TOO_MUCH_MEMORY, summary: soFar });
  });
  worker.once("exit", () => ended.reject(new Error("The import's thread ended without a word")));
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await ended.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
    await writing;
  }
}
