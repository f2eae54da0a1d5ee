/** What calls for a page of a list, or of messages, have in common in their query. */
import type { QueryReader } from "../http/query-reader.ts";

/** The longest page that may be asked for, of conversations or of messages. */
export const MAX_PAGE = 1000;
/** How many messages of a live conversation come where nobody says. */
export const DEFAULT_MESSAGE_PAGE = 50;

/** A message's seq; a cursor is one too. Written with nothing behind it, it is not given. */
export function readSeq(read: QueryReader, name: string): number | null {
  return read.cursor(name) === null ? null : read.integer(name, { min: 0, max: Number.MAX_SAFE_INTEGER });
}
