/** A conversation's row as SQLite keeps it, and as the engine knows it. */
import type { AccountId } from "@instep/protocol";
import type { ConversationRow } from "../rows.ts";

type Flag = "markedUnread" | "pinned" | "archived";

/** SQLite has no booleans. */
export type ConversationRecord = Omit<ConversationRow, Flag> & Readonly<Record<Flag, 0 | 1>>;

/** The columns of a `ConversationRecord`, to select from `conversation`. */
export const CONVERSATION_COLUMNS = `
  id, title, title_source AS titleSource, model, created_at AS createdAt, updated_at AS updatedAt, changed_at AS changedAt,
  message_count AS messageCount, last_seq AS lastSeq, read_seq AS readSeq, unread_count AS unreadCount,
  marked_unread AS markedUnread, pinned, archived, active_reply_id AS activeReplyId, trashed_at AS trashedAt,
  purge_at AS purgeAt`;

export function fromRecord(record: ConversationRecord): ConversationRow {
  return {
    ...record,
    markedUnread: record.markedUnread === 1,
    pinned: record.pinned === 1,
    archived: record.archived === 1,
  };
}

export function toRecord(
  accountId: AccountId,
  row: ConversationRow,
): ConversationRecord & { readonly accountId: AccountId } {
  return {
    ...row,
    accountId,
    markedUnread: row.markedUnread ? 1 : 0,
    pinned: row.pinned ? 1 : 0,
    archived: row.archived ? 1 : 0,
  };
}
