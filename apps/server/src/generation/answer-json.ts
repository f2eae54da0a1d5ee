/** JSON that an endpoint wrote: its length alone doesn't say how long it takes to read [SAFE-2]. */
import { parseJson } from "../json-value.ts";

/** In UTF-16 code units: no event, document or list of models is longer. */
export const MAX_ANSWER_LENGTH = 4 * 1024 * 1024;
/** A document of more values than this holds other things than words. */
const MAX_PARTS = 100_000;

/** Parses it; undefined where it is none, or has too many parts to be a model's. */
export function parseAnswer(text: string): unknown {
  return hasTooManyParts(text) ? undefined : parseJson(text);
}

/** Counts what opens or follows a value, outside of strings: that is what parsing takes its time for. */
function hasTooManyParts(text: string): boolean {
  if (text.length <= MAX_PARTS) return false;
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const sign = text[index];
    if (sign === '"') index = endOfString(text, index);
    else if ((sign === "{" || sign === "[" || sign === ",") && ++count > MAX_PARTS) return true;
  }
  return false;
}

/** Where the string ends that begins at `start`; the end of the text where it doesn't. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === '"') return index;
  }
  return text.length;
}
