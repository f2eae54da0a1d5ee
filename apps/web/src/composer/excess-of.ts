import { MAX_MESSAGE_LENGTH } from "@instep/protocol";

/** By how many UTF-16 units a text is longer than the server takes; 0 where it isn't. */
export function excessOf(text: string): number {
  return Math.max(0, text.length - MAX_MESSAGE_LENGTH);
}
