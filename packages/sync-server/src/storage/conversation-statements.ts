/** Statements about conversations and the tombstones that they leave. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import type { Awaitable, ConversationRow, Tombstone } from "./rows.ts";

/** Where a page of the list begins: after the row with these values, in the list's order. */
export interface ListPlace {
  readonly pinned: boolean;
  readonly updatedAt: Micros;
  readonly id: ConversationId;
}

export interface ListPage {
  readonly archived: boolean;
  readonly after: ListPlace | null;
  readonly limit: number;
}

export interface TrashPage {
  readonly after: { readonly trashedAt: Micros; readonly id: ConversationId } | null;
  readonly limit: number;
}

/** A tombstone of any account, in the order of their age. */
export interface AgingTombstone extends Tombstone {
  readonly accountId: AccountId;
}

export interface ConversationReads {
  /** The conversation, in the trash or not; null where there is none. */
  conversation(accountId: AccountId, id: ConversationId): Awaitable<ConversationRow | null>;
  /** What every model that answers in the conversation is told first; null where there is nothing. */
  instructions(accountId: AccountId, id: ConversationId): Awaitable<string | null>;
  tombstone(accountId: AccountId, id: ConversationId): Awaitable<Tombstone | null>;
  /** Live ones, pinned first, then newest `updatedAt`, then id. */
  listPage(accountId: AccountId, page: ListPage): Awaitable<readonly ConversationRow[]>;
  countListed(accountId: AccountId, archived: boolean): Awaitable<number>;
  /** How many there are, the trash included, counted up to `atMost`. */
  countConversations(accountId: AccountId, atMost: number): Awaitable<number>;
  /** Those in the trash, the newest deletion first. */
  trashPage(accountId: AccountId, page: TrashPage): Awaitable<readonly ConversationRow[]>;
  /** Every conversation of the account, trash included, in id order: for the checker and for exports. */
  conversationsAfter(
    accountId: AccountId,
    page: { readonly afterId: string; readonly limit: number },
  ): Awaitable<readonly ConversationRow[]>;
  tombstones(accountId: AccountId): Awaitable<readonly Tombstone[]>;
  /** Ids whose messages, versions, turns or instructions neither have a conversation nor are being erased, or both: for the checker. */
  strayIds(accountId: AccountId): Awaitable<readonly ConversationId[]>;
}

export interface ConversationWrites {
  insertConversation(accountId: AccountId, row: ConversationRow): Awaitable<void>;
  /** Writes every field of the row that has this id. */
  saveConversation(accountId: AccountId, row: ConversationRow): Awaitable<void>;
  /**
   * Removes the conversation with its instructions; tombstones stand. Its reply must have ended. Its messages, versions and turns may take until after the commit,
   * also until the next start, but are gone before the id is given again.
   */
  deleteConversation(accountId: AccountId, id: ConversationId): Awaitable<void>;
  /** Null takes them away. */
  saveInstructions(accountId: AccountId, id: ConversationId, text: string | null): Awaitable<void>;
  /** Live ones with something unread or marked as unread, in id order. */
  unreadConversations(
    accountId: AccountId,
    page: { readonly afterId: string; readonly limit: number },
  ): Awaitable<readonly ConversationRow[]>;
  /** Those whose time in the trash ends at or before `now`, of every account. */
  expiredTrash(
    now: Micros,
    limit: number,
  ): Awaitable<readonly { readonly accountId: AccountId; readonly id: ConversationId }[]>;
  saveTombstone(accountId: AccountId, tombstone: Tombstone): Awaitable<void>;
  deleteTombstone(accountId: AccountId, id: ConversationId): Awaitable<void>;
  /** Removes at most `limit` tombstones of an account that leaves; returns how many. */
  deleteTombstones(accountId: AccountId, limit: number): Awaitable<number>;
  /**
   * Looks at the oldest `limit` tombstones, of every account, that are after the given one and from before the horizon. Removes those
   * whose conversation isn't in the trash any more, and keeps each account's newest pruned tick [SYNC-5]. Returns the one to go
   * on after; null where there are no more.
   */
  pruneTombstones(page: {
    readonly after: AgingTombstone | null;
    readonly before: Micros;
    readonly limit: number;
  }): Awaitable<AgingTombstone | null>;
}
