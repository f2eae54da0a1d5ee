/** Backpressure: whoever reads an answer may be slower than it is written, go away, or be signed out meanwhile. */
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isEndedEarly } from "./ended-early.ts";

/** A reader that takes nothing for so long is cut off, where nothing else is said. */
export const STALLED_MS = 60_000;

/** Aborts when the connection closes before the answer is complete, and where the answer was ended early. */
export function abortOnClose(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  // It may have closed before anybody listened.
  if (response.destroyed) controller.abort();
  response.once("close", () => {
    if (!response.writableFinished || isEndedEarly(response)) controller.abort();
  });
  return controller.signal;
}

/** Waits until the connection takes more; false where the reader has gone, or is cut off. */
export async function waitForDrain(response: ServerResponse, gone: AbortSignal, stalledMs: number): Promise<boolean> {
  const stalled = AbortSignal.timeout(stalledMs);
  try {
    await once(response, "drain", { signal: AbortSignal.any([gone, stalled]) });
    // A connection that takes everything drains at once: whoever else asks has a turn all the same [SAFE-2].
    await nextTurn();
    return true;
  } catch (error) {
    if (!gone.aborted && !stalled.aborted) throw error;
    response.destroy();
    return false;
  }
}

/**
 * Cuts the connection where an answer that is written in one piece, or piped, lies there and its reader takes nothing of it. To be called
 * before it is written; the connection's next request begins without it.
 */
export function endWhereStalled(response: ServerResponse, stalledMs = STALLED_MS): void {
  response.once("pipe", () => response.socket?.setTimeout(stalledMs));
  response.once("prefinish", () => {
    const { socket } = response;
    // Most answers are in the system's buffers by then, and the system sends the rest.
    if (socket !== null && socket.writableLength > 0) socket.setTimeout(stalledMs);
  });
}

/** Answers below this are not counted: most are, and it takes a great many of them to be much. */
const COUNTED_FROM_BYTES = 65_536;

/** Counts an answer that is about to be written in one piece until it is sent; where its account leaves too many unread, ends the connection. */
export function holdWhileUnread(
  response: ServerResponse,
  bytes: number,
  hold: (bytes: number) => (() => void) | null,
): void {
  if (bytes < COUNTED_FROM_BYTES) return;
  const release = hold(bytes);
  // An answer that waits behind others has no socket of its own yet.
  if (release === null) response.req.socket.destroy();
  else response.once("close", release);
}
