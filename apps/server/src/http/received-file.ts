/** A request's body as a file, for what has to be read from more than one place: written while it comes, and never in memory. */
import type { Refusal } from "@instep/sync-server";
import { open, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { STALLED_MS } from "./paced-answer.ts";

export interface ReceivedFile {
  readonly path: string;
  readonly maxBytes: number;
  /** Aborts when the sender has gone, or may send no more. */
  readonly signal: AbortSignal;
  /** A sender of whom nothing comes for so long is given up. */
  readonly stalledMs?: number;
}

const FILE_MODE = 0o600;
const NOT_WHOLE: Refusal = { refused: "invalid_body", detail: "The file did not come whole; send it again." };
const EMPTY: Refusal = { refused: "invalid_body", detail: "The file is empty." };
const NO_ROOM: Refusal = { refused: "unavailable", detail: "The server has no room for the file just now." };

/** Writes it; a refusal where it doesn't come whole or there is no room for it, and then there is no file [SAFE-3]. */
export async function receiveFile(body: Readable, file: ReceivedFile): Promise<Refusal | null> {
  const refusal = await write(body, file);
  if (refusal !== null) await rm(file.path, { force: true });
  return refusal;
}

async function write(
  body: Readable,
  { path, maxBytes, signal, stalledMs = STALLED_MS }: ReceivedFile,
): Promise<Refusal | null> {
  const file = await open(path, "wx", FILE_MODE);
  const giveUp = (): unknown => body.destroy(new Error("nothing comes any more"));
  const patience = setTimeout(giveUp, stalledMs);
  signal.addEventListener("abort", giveUp, { once: true });
  // While the file was being opened.
  if (signal.aborted) giveUp();
  let size = 0;
  let isFull = false;
  try {
    // What is too much is left to be passed over, so that its sender hears why.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Uint8Array;
      patience.refresh();
      size += bytes.length;
      if (size > maxBytes) return { refused: "body_too_large" };
      await file.appendFile(bytes).catch((error: unknown) => {
        isFull = true;
        throw error;
      });
    }
    return size === 0 ? EMPTY : null;
  } catch {
    return isFull ? NO_ROOM : NOT_WHOLE;
  } finally {
    clearTimeout(patience);
    signal.removeEventListener("abort", giveUp);
    await file.close();
  }
}
