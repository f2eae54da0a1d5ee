/** Statements of the search; how an adapter indexes its text is its own affair. */
import type { AccountId, ConversationId, MessageId, Micros } from "@instep/protocol";
import type { Awaitable } from "./rows.ts";

export interface SearchPage {
  /** The words that were typed, not empty, as `searchWords` made them; the last one matches as a beginning. */
  readonly words: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

/** One live conversation or one of its messages that has every word. */
export interface SearchHit {
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly updatedAt: Micros;
  /** Null where the title is what was found. */
  readonly messageId: MessageId | null;
  readonly seq: number | null;
  readonly content: string;
}

export interface SearchReads {
  /** Titles first, the newest conversation first, then messages, the newest first. */
  search(accountId: AccountId, page: SearchPage): Awaitable<readonly SearchHit[]>;
}
