/** Writes the JSON of a question to a model: a long conversation takes long to write, and others have their turn meanwhile [SAFE-2]. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { RequestBody } from "./request-form.ts";

/** So many UTF-16 code units are written at once. */
const SLICE_LENGTH = 500_000;

/** The body as it is sent: a text where it is short, else its bytes. Rejects with the signal's reason where that aborts meanwhile. */
export async function writeBody(body: RequestBody, signal: AbortSignal): Promise<string | Blob> {
  // A blob of blobs copies nothing at its end.
  const slices: Blob[] = [];
  let slice = "";
  for (const piece of piecesOf(body)) {
    if (slice.length + piece.length > SLICE_LENGTH && slice !== "") {
      slices.push(new Blob([slice]));
      slice = "";
      await nextTurn();
      signal.throwIfAborted();
    }
    slice += piece;
  }
  return slices.length === 0 ? slice : new Blob([...slices, slice]);
}

/** Joined they are the body's JSON. */
function* piecesOf({ messages, ...rest }: RequestBody): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"messages":[`;
  for (const [index, { role, content }] of messages.entries()) {
    yield `${index === 0 ? "" : ","}{"role":${JSON.stringify(role)},"content":"`;
    for (const text of slicesOf(content)) yield JSON.stringify(text).slice(1, -1);
    yield '"}';
  }
  yield "]}";
}

/** A character of two code units stays whole: half of one would be written as another. */
function* slicesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = start + SLICE_LENGTH;
    const isHalf = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    yield text.slice(start, isHalf ? end + 1 : end);
    start = isHalf ? end + 1 : end;
  }
}
