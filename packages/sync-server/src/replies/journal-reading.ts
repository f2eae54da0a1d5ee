/** Reads a reply's journal by pieces: however long it is, no more than a piece of it is in memory at once [TURN-12]. */
import { NOTHING_SAID, type Said } from "@instep/protocol";
import { saidIn } from "./reply-events.ts";
import type { TurnKey, TurnReads } from "../storage/turn-statements.ts";

/** What a reply keeps at most of its text, and of its thoughts, in UTF-16 code units: far above what a reply may reach, and what a journal of whatever origin is cut to. */
export const MAX_SAID_LENGTH = 10_000_000;

export interface Journalled {
  readonly said: Said;
  readonly lastEventId: number;
}

/** All that the journal's tokens add up to, and its highest number. Null where there is no journal. */
export async function readJournalled(
  reads: Pick<TurnReads, "journalPiece" | "journalEnd">,
  key: TurnKey,
): Promise<Journalled | null> {
  let said = NOTHING_SAID;
  let lastEventId = 0;
  for (;;) {
    const piece = await reads.journalPiece(key, lastEventId);
    const last = piece.at(-1);
    if (!last) return lastEventId === 0 ? null : { said: cut(said), lastEventId };
    lastEventId = last.lastEventId;
    said = saidIn(piece, said);
    const isFull = said.text.length > MAX_SAID_LENGTH || said.thoughts.length > MAX_SAID_LENGTH;
    if (isFull) return { said: cut(said), lastEventId: (await reads.journalEnd(key)) ?? lastEventId };
  }
}

function cut({ text, thoughts }: Said): Said {
  return { text: cutText(text), thoughts: cutText(thoughts) };
}

/** Never in the middle of a character. */
function cutText(text: string): string {
  if (text.length <= MAX_SAID_LENGTH) return text;
  return text.slice(0, MAX_SAID_LENGTH).replace(/[\uD800-\uDBFF]$/, "");
}
