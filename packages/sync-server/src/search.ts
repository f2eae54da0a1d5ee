/** Search in titles and messages: what a query asks for, and the piece of text that shows where they stand. */
import { formatTimestamp, type AccountId, type Dated, type SearchAnswer } from "@instep/protocol";
import { asOfSnapshot } from "./as-of.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { refuseParameter, type Outcome } from "./refusal.ts";
import { searchTerms, termPattern } from "./search-terms.ts";
import type { AccountReads } from "./storage/account-statements.ts";
import type { SearchHit, SearchReads } from "./storage/search-statements.ts";

export interface SearchQuestion {
  readonly accountId: AccountId;
  readonly query: string;
  readonly limit: number;
  readonly cursor: string | null;
}

const SNIPPET_LENGTH = 160;
/** How much of a snippet stands before the first word that was found. */
const LEAD_LENGTH = 40;

/** Conversations and messages that have every term of the query. A query without a word finds nothing. */
export async function searchConversations(
  reads: SearchReads & AccountReads,
  question: SearchQuestion,
): Promise<Outcome<Dated<SearchAnswer>>> {
  const { accountId, limit, cursor } = question;
  const position = cursor === null ? null : decodeCursor(cursor, ["boolean", "integer"]);
  if (cursor !== null && !position) return refuseParameter("cursor", "is not a next_cursor of this search");
  const terms = searchTerms(question.query);
  const after = position && { isMessage: position[0], number: position[1] };
  const hits = terms.length === 0 ? [] : await reads.search(accountId, { terms, after, limit: limit + 1 });
  const pattern = termPattern(terms);
  return {
    results: hits.slice(0, limit).map((hit) => resultOf(hit, pattern)),
    next_cursor: nextCursor(hits, limit),
    ...(await asOfSnapshot(reads, accountId)),
  };
}

/** About 160 characters around the first place that fits the pattern, on one line. */
export function snippetOf(text: string, pattern: RegExp): string {
  const found = Math.max(0, text.search(pattern));
  const start = found <= LEAD_LENGTH ? 0 : wordStart(text, found - LEAD_LENGTH);
  const end = Math.min(text.length, start + SNIPPET_LENGTH);
  const piece = text.slice(start, end).toWellFormed().replaceAll("\uFFFD", "").replaceAll(/\s+/g, " ").trim();
  return `${start > 0 ? "…" : ""}${piece}${end < text.length ? "…" : ""}`;
}

function nextCursor(hits: readonly SearchHit[], limit: number): string | null {
  const last = hits[limit - 1];
  return hits.length > limit && last ? encodeCursor([last.messageId !== null, last.number]) : null;
}

function resultOf(hit: SearchHit, pattern: RegExp): SearchAnswer["results"][number] {
  return {
    conversation_id: hit.conversationId,
    title: hit.title,
    message_id: hit.messageId,
    seq: hit.seq,
    snippet: snippetOf(hit.messageId === null ? hit.title : hit.content, pattern),
    updated_at: formatTimestamp(hit.updatedAt),
  };
}

/** The beginning of the next word after a place, where one is near. */
function wordStart(text: string, place: number): number {
  const space = text.slice(place, place + LEAD_LENGTH).search(/\s/);
  return space < 0 ? place : place + space + 1;
}
