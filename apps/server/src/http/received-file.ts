/** A request's body as a file, for what has to be read from more than one place: written while it comes, and never in memory. */
import type { Refusal } from "@instep/sync-server";
import { mkdir, open, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { codeOf } from "../code-of.ts";
import { STALLED_MS } from "./backpressure.ts";
import { hasRoom } from "./disk-room.ts";

export interface ReceivedFile {
  readonly path: string;
  readonly maxBytes: number;
  /** Aborts when the sender has gone, or may send no more. */
  readonly signal: AbortSignal;
  /** A sender of whom nothing comes for so long is given up. */
  readonly stalledMs?: number;
  /** Whether the folder's disk has room for more; as it says itself, but in tests. */
  readonly hasRoomIn?: (folder: string) => Promise<boolean>;
}

/** After so many bytes the disk is asked again: others fill it too. */
const LOOK_EVERY_BYTES = 4 * 1024 * 1024;

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const NOT_WHOLE: Refusal = { refused: "invalid_body", detail: "The file did not come whole; send it again." };
const EMPTY: Refusal = { refused: "invalid_body", detail: "The file is empty." };
const NO_ROOM: Refusal = { refused: "unavailable", detail: "The server has no room for the file just now." };

/** Writes it, and makes its folder; a refusal where it doesn't come whole or there is no room for it, and then there is no file [SAFE-3]. */
export async function receiveFile(body: Readable, file: ReceivedFile): Promise<Refusal | null> {
  const refusal = await write(body, file);
  if (refusal === null) return null;
  await dropFile(file.path);
  // Its sender hears why, and what comes on the connection after it is read: Node passes over only what nobody has begun to read.
  body.resume();
  return refusal;
}

/** A file that can't be removed now is cleared away by the next start. */
export async function dropFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

async function write(
  body: Readable,
  { path, maxBytes, signal, stalledMs = STALLED_MS, hasRoomIn = hasRoom }: ReceivedFile,
): Promise<Refusal | null> {
  const file = await openNew(path);
  if (file === null) return NO_ROOM;
  const giveUp = (): unknown => body.destroy(new Error("nothing comes any more"));
  const stalled = setTimeout(giveUp, stalledMs);
  signal.addEventListener("abort", giveUp, { once: true });
  // While the file was being opened.
  if (signal.aborted) giveUp();
  let size = 0;
  let isFull = false;
  const mayGrowTo = roomIn(dirname(path), hasRoomIn);
  try {
    // What is too much is still to be passed over.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Uint8Array;
      stalled.refresh();
      size += bytes.length;
      if (size > maxBytes) return { refused: "body_too_large" };
      if (!(await mayGrowTo(size))) return NO_ROOM;
      await file.appendFile(bytes).catch((error: unknown) => {
        isFull = true;
        throw error;
      });
    }
    return size === 0 ? EMPTY : null;
  } catch {
    return isFull ? NO_ROOM : NOT_WHOLE;
  } finally {
    clearTimeout(stalled);
    signal.removeEventListener("abort", giveUp);
    await file.close();
  }
}

/** Asks of a size that only grows whether there is room; the disk is looked at now and then. */
function roomIn(folder: string, hasRoomIn: typeof hasRoom): (size: number) => Promise<boolean> {
  let lookAt = 0;
  return async (size) => {
    if (size <= lookAt) return true;
    lookAt += LOOK_EVERY_BYTES;
    return hasRoomIn(folder);
  };
}

/** Null where the disk doesn't let it be made. Throws where it is there already. */
async function openNew(path: string): Promise<FileHandle | null> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    return await open(path, "wx", FILE_MODE);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw error;
    return null;
  }
}
