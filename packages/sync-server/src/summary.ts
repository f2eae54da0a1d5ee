/** A stored conversation as it travels, with every field [SYNC-0]. */
import {
  compactRow,
  formatTimestamp,
  type ConversationSummary,
  type SyncRow,
  type TrashedConversation,
} from "@instep/protocol";
import type { ConversationRow } from "./storage/rows.ts";

/** The summary on the wire; a conversation without a model of its own has the server's default. */
export function summaryOf(row: ConversationRow, defaultModel: string): ConversationSummary {
  return {
    id: row.id,
    title: row.title,
    message_count: row.messageCount,
    updated_at: formatTimestamp(row.updatedAt),
    last_seq: row.lastSeq,
    read_seq: row.readSeq,
    unread_count: row.unreadCount,
    marked_unread: row.markedUnread,
    pinned: row.pinned,
    archived: row.archived,
    model: row.model ?? defaultModel,
    active_reply_id: row.activeReplyId,
    created_at: formatTimestamp(row.createdAt),
  };
}

/** The conversation as a sync answer carries it. */
export function syncRowOf(row: ConversationRow): SyncRow {
  const noModel = "";
  return compactRow(summaryOf(row, noModel), noModel);
}

/** The summary of a conversation in the trash. Throws for one that isn't there. */
export function trashedSummaryOf(row: ConversationRow, defaultModel: string): TrashedConversation {
  if (row.trashedAt === null || row.purgeAt === null) throw new Error("The conversation is not in the trash");
  return {
    ...summaryOf(row, defaultModel),
    deleted_at: formatTimestamp(row.trashedAt),
    purge_at: formatTimestamp(row.purgeAt),
  };
}
