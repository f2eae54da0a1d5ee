/** How a reply's events stand in the journal: chunks of consecutive numbers, a token as its bare text. */
import type { StartEvent, TurnEvent } from "@instep/protocol";

/** Consecutive events of one reply: numbers `firstEventId` to `lastEventId`, as a JSON array. */
export interface JournalChunk {
  readonly firstEventId: number;
  readonly lastEventId: number;
  /** One item an event: a string is a token's text, an object the data of the start. */
  readonly events: string;
}

/** Writes the tokens of a chunk. */
export function encodeTexts(texts: readonly string[]): string {
  return JSON.stringify(texts);
}

/** The journal's first chunk: the start, which has number 1. */
export function startChunk(start: StartEvent): JournalChunk {
  return { firstEventId: 1, lastEventId: 1, events: JSON.stringify([start]) };
}

/** The events of a chunk with a number greater than `after`. */
export function decodeChunk(chunk: JournalChunk, after: number): TurnEvent[] {
  return items(chunk)
    .map((item, index) => toEvent(item, chunk.firstEventId + index))
    .filter((event) => event.id > after);
}

/** The text that the chunks' tokens add up to. */
export function textOf(chunks: readonly JournalChunk[]): string {
  return chunks.flatMap((chunk) => items(chunk).filter((item) => typeof item === "string")).join("");
}

function items(chunk: JournalChunk): readonly (string | StartEvent)[] {
  // The journal is written by this file only: what it reads back has the type that it wrote.
  return JSON.parse(chunk.events) as readonly (string | StartEvent)[];
}

function toEvent(item: string | StartEvent, id: number): TurnEvent {
  return typeof item === "string" ? { id, event: "token", data: { text: item } } : { id, event: "start", data: item };
}
