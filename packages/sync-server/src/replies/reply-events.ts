/** How a reply's events stand in the journal: chunks of consecutive numbers, a token as its bare text. */
import { NOTHING_SAID, withToken, type Said, type StartEvent, type TokenEvent, type TurnEvent } from "@instep/protocol";

/** Consecutive events of one reply: numbers `firstEventId` to `lastEventId`, as a JSON array. */
export interface JournalChunk {
  readonly firstEventId: number;
  readonly lastEventId: number;
  /** One item an event: a string is a token's text, an object the data of a token with more than that, or of the start. */
  readonly events: string;
}

/** The number of the event that a reply starts with; the others follow without a gap. */
export const START_ID = 1;

/** A token as it stands in the journal: its bare text where it has nothing else. */
export type JournalToken = string | TokenEvent;

/** Writes the tokens of a chunk. */
export function encodeTokens(tokens: readonly JournalToken[]): string {
  return JSON.stringify(tokens);
}

/** The token as it travels. */
export function tokenOf(token: JournalToken): TokenEvent {
  return typeof token === "string" ? { text: token } : token;
}

/** The journal's first chunk: the start. */
export function startChunk(start: StartEvent): JournalChunk {
  return { firstEventId: START_ID, lastEventId: START_ID, events: JSON.stringify([start]) };
}

/** The events of a chunk with a number greater than `after`. */
export function decodeChunk(chunk: JournalChunk, after: number): TurnEvent[] {
  return items(chunk)
    .map((item, index) => toEvent(item, chunk.firstEventId + index))
    .filter((event) => event.id > after);
}

/** What the chunks' tokens add up to, after what was said before them. */
export function saidIn(chunks: readonly JournalChunk[], before = NOTHING_SAID): Said {
  return chunks.flatMap((chunk) => items(chunk).filter(isToken)).reduce(addToken, before);
}

/** One more token. */
export function addToken(said: Said, token: JournalToken): Said {
  return withToken(said, tokenOf(token));
}

function isToken(item: JournalToken | StartEvent): item is JournalToken {
  return typeof item === "string" || !("reply_id" in item);
}

function items(chunk: JournalChunk): readonly (JournalToken | StartEvent)[] {
  // The journal is written by this file only: what it reads back has the type that it wrote.
  return JSON.parse(chunk.events) as readonly (JournalToken | StartEvent)[];
}

function toEvent(item: JournalToken | StartEvent, id: number): TurnEvent {
  return isToken(item) ? { id, event: "token", data: tokenOf(item) } : { id, event: "start", data: item };
}
