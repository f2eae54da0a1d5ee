/** What a reply says and what its model thinks, as its token events add up to it [MODEL-5]. */
import type { TokenEvent } from "./turn.ts";

export interface Said {
  readonly text: string;
  /** Shown apart, and never a part of the reply. */
  readonly thoughts: string;
}

export const NOTHING_SAID: Said = { text: "", thoughts: "" };

/** One more event. Where it says so, all text before it was thoughts. */
export function withToken(
  said: Said,
  { text, thoughts = "", text_was_thoughts: isTakenBack = false }: TokenEvent,
): Said {
  if (isTakenBack) return { text, thoughts: said.thoughts + said.text + thoughts };
  return { text: said.text + text, thoughts: said.thoughts + thoughts };
}
