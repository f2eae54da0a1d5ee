/** Statements of the search; how an adapter indexes its text is its own affair. */
import type { AccountId, ConversationId, MessageId, Micros } from "@instep/protocol";
import type { Awaitable } from "./rows.ts";

export interface SearchTerm {
  /** One word, or the words of a phrase with spaces between them; letters, digits and marks. */
  readonly text: string;
  /** Whether the last word may go on. */
  readonly isPrefix: boolean;
}

/** A hit's place among all hits; it never changes, so nothing that is written between two pages skips or doubles another hit. */
export interface SearchPosition {
  readonly isMessage: boolean;
  readonly number: number;
}

export interface SearchPage {
  /** All of them have to be found; not empty. */
  readonly terms: readonly SearchTerm[];
  /** Only what comes after this hit. */
  readonly after: SearchPosition | null;
  readonly limit: number;
}

/** One live conversation or one of its messages that has every term. */
export interface SearchHit {
  /** Where it stands among titles, or among messages. */
  readonly number: number;
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly updatedAt: Micros;
  /** Null where the title is what was found. */
  readonly messageId: MessageId | null;
  readonly seq: number | null;
  /** The message's text, or the beginning of a very long one. */
  readonly content: string;
}

export interface SearchReads {
  /** Titles first, the conversation that was made last first, then messages, the newest first. */
  search(accountId: AccountId, page: SearchPage): Awaitable<readonly SearchHit[]>;
}
