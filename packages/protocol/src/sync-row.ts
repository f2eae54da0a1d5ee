/** The sparse row of a sync answer: which fields are left out, and what they are when they are [SYNC-0]. */
import type { ConversationSummary, SyncRow } from "./conversation.ts";

/** A row with every field that a sync answer can carry; a full summary has `created_at` besides. */
export type CompleteRow = Required<SyncRow>;

/** Fills in the fields that a sync answer left out at their defaults [SYNC-0]. */
export function expandRow(row: SyncRow, defaultModel: string): CompleteRow {
  const readSeq = row.read_seq ?? 0;
  return {
    id: row.id,
    title: row.title,
    message_count: row.message_count,
    updated_at: row.updated_at,
    last_seq: row.last_seq ?? row.message_count,
    read_seq: readSeq,
    unread_count: row.unread_count ?? (readSeq === 0 ? row.message_count : 0),
    marked_unread: row.marked_unread ?? false,
    pinned: row.pinned ?? false,
    archived: row.archived ?? false,
    model: row.model ?? defaultModel,
    active_reply_id: row.active_reply_id ?? null,
  };
}

/** Leaves out what stands at its default, so that ten thousand rows cost no more than their four fields [SYNC-0]. */
export function compactRow(row: CompleteRow | ConversationSummary, defaultModel: string): SyncRow {
  const defaultUnread = row.read_seq === 0 ? row.message_count : 0;
  return {
    id: row.id,
    title: row.title,
    message_count: row.message_count,
    updated_at: row.updated_at,
    ...(row.last_seq !== row.message_count && { last_seq: row.last_seq }),
    ...(row.read_seq !== 0 && { read_seq: row.read_seq }),
    ...(row.unread_count !== defaultUnread && { unread_count: row.unread_count }),
    ...(row.marked_unread && { marked_unread: true }),
    ...(row.pinned && { pinned: true }),
    ...(row.archived && { archived: true }),
    ...(row.model !== defaultModel && { model: row.model }),
    ...(row.active_reply_id !== null && { active_reply_id: row.active_reply_id }),
  };
}
