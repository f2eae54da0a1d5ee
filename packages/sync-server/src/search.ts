/** Search in titles and messages: the words of a query, and the piece of text that shows where they stand. */
import { formatTimestamp, type AccountId, type SearchAnswer } from "@instep/protocol";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { refuse, type Outcome } from "./refusal.ts";
import type { SearchHit } from "./storage/search-statements.ts";
import type { Snapshot } from "./storage/transaction.ts";

export interface SearchQuestion {
  readonly accountId: AccountId;
  readonly query: string;
  readonly limit: number;
  readonly cursor: string | null;
}

/** More words than this narrow nothing down any more. */
const MAX_WORDS = 16;
const SNIPPET_LENGTH = 160;
/** How much of a snippet stands before the first word that was found. */
const LEAD_LENGTH = 40;

/** Conversations and messages that have every word of the query, the last word as a beginning. A query without a word finds nothing. */
export async function searchConversations(
  snapshot: Snapshot,
  question: SearchQuestion,
): Promise<Outcome<SearchAnswer>> {
  const { accountId, limit, cursor } = question;
  const position = cursor === null ? ([0] as const) : decodeCursor(cursor, ["integer"]);
  if (!position) return refuse("invalid_parameter", "cursor is not a next_cursor of this search.");
  const [offset] = position;
  const words = searchWords(question.query);
  if (words.length === 0) return { results: [], next_cursor: null };
  const hits = await snapshot.search(accountId, { words, offset, limit: limit + 1 });
  return {
    results: hits.slice(0, limit).map((hit) => resultOf(hit, words)),
    next_cursor: hits.length > limit ? encodeCursor([offset + limit]) : null,
  };
}

/** The words of what was typed: letters, digits and marks; everything else only separates. */
export function searchWords(query: string): string[] {
  return (query.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, MAX_WORDS);
}

/** About 160 characters around the first of the words, on one line. */
export function snippetOf(text: string, words: readonly string[]): string {
  const found = firstOf(text, words);
  const start = found <= LEAD_LENGTH ? 0 : wordStart(text, found - LEAD_LENGTH);
  const end = Math.min(text.length, start + SNIPPET_LENGTH);
  const piece = text.slice(start, end).toWellFormed().replaceAll("\uFFFD", "").replaceAll(/\s+/g, " ").trim();
  return `${start > 0 ? "…" : ""}${piece}${end < text.length ? "…" : ""}`;
}

function resultOf(hit: SearchHit, words: readonly string[]): SearchAnswer["results"][number] {
  return {
    conversation_id: hit.conversationId,
    title: hit.title,
    message_id: hit.messageId,
    seq: hit.seq,
    snippet: snippetOf(hit.messageId === null ? hit.title : hit.content, words),
    updated_at: formatTimestamp(hit.updatedAt),
  };
}

/** Where the first word that stands in the text begins; 0 where the index found it in another spelling only. */
function firstOf(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase();
  const places = words.map((word) => lower.indexOf(word.toLowerCase())).filter((place) => place >= 0);
  return places.length > 0 ? Math.min(...places) : 0;
}

/** The beginning of the next word after a place, where one is near. */
function wordStart(text: string, place: number): number {
  const space = text.slice(place, place + LEAD_LENGTH).search(/\s/);
  return space < 0 ? place : place + space + 1;
}
