/** The thread that reads one file for an import over HTTP: however long a conversation takes to read, no other request waits [SAFE-2]. */
import { packConversations, type Imported } from "@instep/sync-server";
import { parentPort, workerData } from "node:worker_threads";
import { importFiles, ImportStoppedError, NOTHING_IMPORTED } from "./import-conversations.ts";
import type { FromImport, ImportOrder, ToImport } from "./import-messages.ts";
import { filesIn } from "./import-source.ts";
import { BrokenFileError } from "./json-elements.ts";

const port = parentPort;
if (!port) throw new Error("This file is the import's thread; it can't run by itself");

/** One transaction: more would hold up everybody else's writes. */
const MAX_MESSAGES = 20_000;

let onKept: ((leftOut: number) => void) | null = null;
let onWritten: ((imported: Imported) => void) | null = null;
const post = (message: FromImport): void => port.postMessage(message);

port.on("message", (message: ToImport) =>
  message.kind === "kept" ? onKept?.(message.leftOut) : onWritten?.(message.imported),
);

await run(workerData as ImportOrder);
port.close();

async function run({ descriptor, accountId, now }: ImportOrder): Promise<void> {
  try {
    const summary = await importFiles({
      engine: {
        importPresets: (_accountId, presets) => {
          post({ kind: "presets", presets });
          return new Promise((resolve) => (onKept = resolve));
        },
        importConversations: (_accountId, conversations) => {
          post({ kind: "batch", conversations: packConversations(conversations) });
          return new Promise((resolve) => (onWritten = resolve));
        },
      },
      accountId,
      files: await filesIn(descriptor, "The file"),
      now,
      maxMessages: MAX_MESSAGES,
      onProgress: (soFar, share) => post({ kind: "progress", summary: soFar, share }),
    });
    post({ kind: "done", summary });
  } catch (error) {
    if (error instanceof ImportStoppedError) post({ kind: "broken", detail: error.message, summary: error.summary });
    else if (error instanceof BrokenFileError) {
      post({ kind: "broken", detail: error.message, summary: NOTHING_IMPORTED });
    } else throw error;
  }
}
