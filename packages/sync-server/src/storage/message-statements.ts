/** Statements about the messages of one conversation; `seq` orders them [MSG-1]. */
import type { AccountId, ConversationId, MessageId } from "@instep/protocol";
import type { Awaitable, MessageRow } from "./rows.ts";

export interface ConversationKey {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
}

/** So many messages, and no more of them than have `maxLength` UTF-16 code units of text together; the first one always. */
export interface MessageBounds {
  readonly limit: number;
  /** No bound where left out. */
  readonly maxLength?: number;
}

export interface MessageReads {
  message(key: ConversationKey, seq: number): Awaitable<MessageRow | null>;
  messageById(key: ConversationKey, id: MessageId): Awaitable<MessageRow | null>;
  /** The newest `limit` messages whose seq is below `before` (all where null), newest first. */
  messagesBefore(
    key: ConversationKey,
    page: { readonly before: number | null } & MessageBounds,
  ): Awaitable<readonly MessageRow[]>;
  /** The oldest `limit` messages whose seq is above `after`, oldest first. */
  messagesAfter(
    key: ConversationKey,
    page: { readonly after: number } & MessageBounds,
  ): Awaitable<readonly MessageRow[]>;
  /** The newest message of a person whose seq is below one: what a reply answers, however many replies stand between. */
  questionBefore(key: ConversationKey, seq: number): Awaitable<MessageRow | null>;
  /** How many messages have a seq above `after`, counted at most to `limit`. */
  countMessagesAfter(key: ConversationKey, page: { readonly after: number; readonly limit: number }): Awaitable<number>;
  /** The seq of the n-th live message, counted from 1; null where there are fewer. */
  seqOfNth(key: ConversationKey, n: number): Awaitable<number | null>;
}

export interface MessageWrites {
  insertMessage(accountId: AccountId, row: MessageRow): Awaitable<void>;
  /** Ends the messages from `fromSeq` on; their seqs are never given again [MSG-3]. */
  deleteMessagesFrom(key: ConversationKey, fromSeq: number): Awaitable<void>;
}
