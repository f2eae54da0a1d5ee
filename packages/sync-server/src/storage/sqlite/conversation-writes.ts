/** Writing conversations and tombstones on SQLite. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import type { AgingTombstone, ConversationWrites } from "../conversation-statements.ts";
import type { Database } from "./connection.ts";
import { CONVERSATION_COLUMNS, fromRecord, toRecord, type ConversationRecord } from "./conversation-record.ts";
import { sqliteErasing } from "./erasing.ts";
import { forgetTitle } from "./search-index.ts";

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
  const { eraseAll } = sqliteErasing(db);
  const save = db.prepare<[SavedRecord]>(SAVE);
  const unread = db.prepare<[string, string, number], ConversationRecord>(
    `SELECT ${CONVERSATION_COLUMNS} FROM conversation
     WHERE account_id = ? AND id > ? AND trashed_at IS NULL AND (unread_count > 0 OR marked_unread = 1) ORDER BY id LIMIT ?`,
  );
  return {
    insertConversation(accountId, row) {
      eraseAll({ accountId, conversationId: row.id });
      insert.run(toRecord(accountId, row));
    },
    saveConversation: (accountId, row) => void save.run(toRecord(accountId, row)),
    unreadConversations: (accountId, page) => unread.all(accountId, page.afterId, page.limit).map(fromRecord),
    saveInstructions: instructing(db),
    ...deleting(db),
    ...burying(db),
    pruneTombstones: pruning(db),
  };
}

function instructing(db: Database) {
  const forget = db.prepare<[string, string]>("DELETE FROM instructions WHERE account_id = ? AND conversation_id = ?");
  const save = db.prepare<[string, string, string]>(
    `INSERT INTO instructions (account_id, conversation_id, text) VALUES (?, ?, ?)
     ON CONFLICT (account_id, conversation_id) DO UPDATE SET text = excluded.text`,
  );
  return (accountId: AccountId, id: ConversationId, text: string | null): void => {
    if (text === null) forget.run(accountId, id);
    else save.run(accountId, id, text);
  };
}

function deleting(db: Database): Pick<ConversationWrites, "deleteConversation" | "expiredTrash"> {
  const forget = forgetTitle(db);
  const saveInstructions = instructing(db);
  const remove = db
    .prepare<[string, string], number>("DELETE FROM conversation WHERE account_id = ? AND id = ? RETURNING number")
    .pluck();
  const leave = db.prepare<[string, string]>("INSERT INTO erasure (account_id, conversation_id) VALUES (?, ?)");
  const expired = db.prepare<[number, number], { readonly accountId: AccountId; readonly id: ConversationId }>(
    `SELECT account_id AS accountId, id FROM conversation
     WHERE trashed_at IS NOT NULL AND purge_at <= ? ORDER BY purge_at LIMIT ?`,
  );
  return {
    deleteConversation(accountId, id) {
      const number = remove.get(accountId, id);
      if (number === undefined) return;
      forget(number);
      saveInstructions(accountId, id, null);
      leave.run(accountId, id);
    },
    expiredTrash: (now, limit) => expired.all(now, limit),
  };
}

function burying(db: Database): Pick<ConversationWrites, "saveTombstone" | "deleteTombstone" | "deleteTombstones"> {
  const bury = db.prepare<[string, string, number]>(
    "INSERT INTO tombstone (account_id, id, deleted_at) VALUES (?, ?, ?)",
  );
  const unbury = db.prepare<[string, string]>("DELETE FROM tombstone WHERE account_id = ? AND id = ?");
  const unburySome = db.prepare<[string, string, number]>(
    "DELETE FROM tombstone WHERE account_id = ? AND id IN (SELECT id FROM tombstone WHERE account_id = ? LIMIT ?)",
  );
  return {
    deleteTombstones: (accountId, limit) => unburySome.run(accountId, accountId, limit).changes,
    saveTombstone: (accountId, { id, deletedAt }) => void bury.run(accountId, id, deletedAt),
    deleteTombstone: (accountId, id) => void unbury.run(accountId, id),
  };
}

function pruning(db: Database): ConversationWrites["pruneTombstones"] {
  const aging = db.prepare<[number, string, string, number, number], AgingTombstone & { readonly isKept: 0 | 1 }>(
    `SELECT account_id AS accountId, id, deleted_at AS deletedAt, EXISTS (SELECT 1 FROM conversation
       WHERE conversation.account_id = tombstone.account_id AND conversation.id = tombstone.id) AS isKept
     FROM tombstone WHERE (deleted_at, account_id, id) > (?, ?, ?) AND deleted_at < ?
     ORDER BY deleted_at, account_id, id LIMIT ?`,
  );
  const notePruned = db.prepare<[number, string]>(
    "UPDATE account SET pruned_through = max(pruned_through, ?) WHERE id = ?",
  );
  const remove = db.prepare<[string, string]>("DELETE FROM tombstone WHERE account_id = ? AND id = ?");
  return ({ after, before, limit }) => {
    const found = aging.all(after?.deletedAt ?? 0, after?.accountId ?? "", after?.id ?? "", before, limit);
    const newest = new Map<AccountId, Micros>();
    for (const { accountId, id, deletedAt, isKept } of found) {
      if (isKept === 1) continue;
      remove.run(accountId, id);
      newest.set(accountId, deletedAt);
    }
    for (const [accountId, deletedAt] of newest) notePruned.run(deletedAt, accountId);
    return found.length < limit ? null : (found.at(-1) ?? null);
  };
}
