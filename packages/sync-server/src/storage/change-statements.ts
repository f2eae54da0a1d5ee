/** The statements of the hot path: rows of a sync answer, already written as JSON by the database [SYNC-0]. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import type { Awaitable, Tombstone } from "./rows.ts";

/** A live conversation as a sync answer carries it. */
export interface ChangedRow {
  readonly tick: Micros;
  /** The sparse row: fields that stand at their defaults are left out. */
  readonly json: string;
}

export interface LiveRow {
  readonly id: ConversationId;
  readonly json: string;
}

export interface ChangePage {
  readonly since: Micros;
  readonly limit: number;
  /** The server's default model: a row that has it doesn't say so. */
  readonly defaultModel: string;
}

export interface ChangeReads {
  /** Live conversations that changed after `since`, oldest change first [SYNC-2]. */
  changedRows(accountId: AccountId, page: ChangePage): Awaitable<readonly ChangedRow[]>;
  /** Conversations that were deleted after `since`, oldest deletion first. */
  deletedSince(
    accountId: AccountId,
    page: { readonly since: Micros; readonly limit: number },
  ): Awaitable<readonly Tombstone[]>;
  /** Live conversations whose id is after `afterId`, in id order [SYNC-4]. */
  liveRows(
    accountId: AccountId,
    page: { readonly afterId: string; readonly limit: number; readonly defaultModel: string },
  ): Awaitable<readonly LiveRow[]>;
}
