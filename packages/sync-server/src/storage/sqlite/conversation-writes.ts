/** Writing conversations and tombstones on SQLite. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import type { ConversationWrites } from "../conversation-statements.ts";
import type { Database } from "./connection.ts";
import { CONVERSATION_COLUMNS, fromRecord, toRecord, type ConversationRecord } from "./conversation-record.ts";
import { forgetMessages, forgetTitle } from "./search-index.ts";

type SavedRecord = ReturnType<typeof toRecord>;

const INSERT = `
  INSERT INTO conversation (account_id, id, title, title_source, model, created_at, updated_at, changed_at, message_count,
    last_seq, read_seq, unread_count, marked_unread, pinned, archived, active_reply_id, trashed_at, purge_at)
  VALUES (@accountId, @id, @title, @titleSource, @model, @createdAt, @updatedAt, @changedAt, @messageCount,
    @lastSeq, @readSeq, @unreadCount, @markedUnread, @pinned, @archived, @activeReplyId, @trashedAt, @purgeAt)`;

const SAVE = `
  UPDATE conversation SET title = @title, title_source = @titleSource, model = @model, updated_at = @updatedAt, changed_at = @changedAt,
    message_count = @messageCount, last_seq = @lastSeq, read_seq = @readSeq, unread_count = @unreadCount,
    marked_unread = @markedUnread, pinned = @pinned, archived = @archived, active_reply_id = @activeReplyId,
    trashed_at = @trashedAt, purge_at = @purgeAt
  WHERE account_id = @accountId AND id = @id`;

export function conversationWrites(db: Database): ConversationWrites {
  const insert = db.prepare<[SavedRecord]>(INSERT);
  const save = db.prepare<[SavedRecord]>(SAVE);
  const unread = db.prepare<[string], ConversationRecord>(
    `SELECT ${CONVERSATION_COLUMNS} FROM conversation
     WHERE account_id = ? AND trashed_at IS NULL AND (unread_count > 0 OR marked_unread = 1) ORDER BY id`,
  );
  return {
    insertConversation: (accountId, row) => void insert.run(toRecord(accountId, row)),
    saveConversation: (accountId, row) => void save.run(toRecord(accountId, row)),
    unreadConversations: (accountId) => unread.all(accountId).map(fromRecord),
    ...erasing(db),
    ...burying(db),
  };
}

function erasing(db: Database): Pick<ConversationWrites, "deleteConversation" | "expiredTrash"> {
  const forgetTexts = forgetMessages(db);
  const forget = forgetTitle(db);
  const remove = db
    .prepare<[string, string], number>("DELETE FROM conversation WHERE account_id = ? AND id = ? RETURNING number")
    .pluck();
  const belongings = [
    "DELETE FROM message WHERE account_id = ? AND conversation_id = ?",
    `DELETE FROM journal_chunk WHERE (account_id, reply_id) IN
       (SELECT account_id, reply_id FROM turn WHERE account_id = ? AND conversation_id = ?)`,
    "DELETE FROM turn WHERE account_id = ? AND conversation_id = ?",
  ].map((sql) => db.prepare<[string, string]>(sql));
  const expired = db.prepare<[number, number], { readonly accountId: AccountId; readonly id: ConversationId }>(
    `SELECT account_id AS accountId, id FROM conversation
     WHERE trashed_at IS NOT NULL AND purge_at <= ? ORDER BY purge_at LIMIT ?`,
  );
  return {
    deleteConversation(accountId, id) {
      forgetTexts({ accountId, conversationId: id }, 0);
      for (const statement of belongings) statement.run(accountId, id);
      const number = remove.get(accountId, id);
      if (number !== undefined) forget(number);
    },
    expiredTrash: (now, limit) => expired.all(now, limit),
  };
}

function burying(db: Database): Pick<ConversationWrites, "saveTombstone" | "deleteTombstone" | "pruneTombstones"> {
  const bury = db.prepare<[string, string, number]>(
    "INSERT INTO tombstone (account_id, id, deleted_at) VALUES (?, ?, ?)",
  );
  const unbury = db.prepare<[string, string]>("DELETE FROM tombstone WHERE account_id = ? AND id = ?");
  const old = `tombstone.deleted_at < ? AND NOT EXISTS (SELECT 1 FROM conversation
    WHERE conversation.account_id = tombstone.account_id AND conversation.id = tombstone.id)`;
  const notePruned = db.prepare<[Micros]>(
    `UPDATE account SET pruned_through = max(pruned_through, oldest.tick)
     FROM (SELECT account_id, max(deleted_at) AS tick FROM tombstone WHERE ${old} GROUP BY account_id) AS oldest
     WHERE account.id = oldest.account_id`,
  );
  const prune = db.prepare<[Micros]>(`DELETE FROM tombstone WHERE ${old}`);
  return {
    saveTombstone: (accountId, { id, deletedAt }) => void bury.run(accountId, id, deletedAt),
    deleteTombstone: (accountId, id) => void unbury.run(accountId, id),
    pruneTombstones(before) {
      notePruned.run(before);
      prune.run(before);
    },
  };
}
