/** Reading conversations and tombstones on SQLite. */
import type { ConversationId } from "@instep/protocol";
import type { ConversationReads, ListPage, TrashPage } from "../conversation-statements.ts";
import type { Tombstone } from "../rows.ts";
import type { Database } from "./connection.ts";
import { CONVERSATION_COLUMNS, fromRecord, type ConversationRecord } from "./conversation-record.ts";

export function conversationReads(db: Database): ConversationReads {
  const select = `SELECT ${CONVERSATION_COLUMNS} FROM conversation WHERE account_id = ?`;
  const one = db.prepare<[string, string], ConversationRecord>(`${select} AND id = ?`);
  const after = db.prepare<[string, string, number], ConversationRecord>(`${select} AND id > ? ORDER BY id LIMIT ?`);
  const count = db
    .prepare<[string, number], number>(
      "SELECT count(*) FROM conversation WHERE account_id = ? AND archived = ? AND trashed_at IS NULL",
    )
    .pluck();
  const countAll = db
    .prepare<[string, number], number>("SELECT count(*) FROM (SELECT 1 FROM conversation WHERE account_id = ? LIMIT ?)")
    .pluck();
  const instructions = db
    .prepare<[string, string], string>("SELECT text FROM instructions WHERE account_id = ? AND conversation_id = ?")
    .pluck();
  const tombstone = db.prepare<[string, string], Tombstone>(
    "SELECT id, deleted_at AS deletedAt FROM tombstone WHERE account_id = ? AND id = ?",
  );
  const tombstones = db.prepare<[string], Tombstone>(
    "SELECT id, deleted_at AS deletedAt FROM tombstone WHERE account_id = ? ORDER BY deleted_at",
  );
  const stray = db
    .prepare<{ readonly accountId: string }, ConversationId>(
      `SELECT id FROM (SELECT conversation_id AS id FROM message WHERE account_id = @accountId
         UNION SELECT conversation_id FROM turn WHERE account_id = @accountId
         UNION SELECT conversation_id FROM version WHERE account_id = @accountId
         UNION SELECT conversation_id FROM instructions WHERE account_id = @accountId) AS owner
       WHERE EXISTS (SELECT 1 FROM conversation WHERE account_id = @accountId AND conversation.id = owner.id)
         = EXISTS (SELECT 1 FROM erasure WHERE account_id = @accountId AND conversation_id = owner.id)`,
    )
    .pluck();
  const listed = listedStatements(db, select);
  const trashed = trashedStatements(db, select);
  return {
    conversation(accountId, id) {
      const record = one.get(accountId, id);
      return record ? fromRecord(record) : null;
    },
    instructions: (accountId, id) => instructions.get(accountId, id) ?? null,
    tombstone: (accountId, id) => tombstone.get(accountId, id) ?? null,
    tombstones: (accountId) => tombstones.all(accountId),
    strayIds: (accountId) => stray.all({ accountId }),
    listPage: (accountId, page) => listed(accountId, page).map(fromRecord),
    countListed: (accountId, archived) => count.get(accountId, archived ? 1 : 0) ?? 0,
    countConversations: (accountId, atMost) => countAll.get(accountId, atMost) ?? 0,
    trashPage: (accountId, page) => trashed(accountId, page).map(fromRecord),
    conversationsAfter: (accountId, page) => after.all(accountId, page.afterId, page.limit).map(fromRecord),
  };
}

/** The list's order is pinned first, so a page is read group by group: each group is one range of the index. */
function listedStatements(db: Database, select: string) {
  const group = `${select} AND trashed_at IS NULL AND archived = ? AND pinned = ?`;
  const order = "ORDER BY updated_at DESC, id LIMIT ?";
  const first = db.prepare<[string, number, number, number], ConversationRecord>(`${group} ${order}`);
  const next = db.prepare<[string, number, number, number, number, string, number], ConversationRecord>(
    `${group} AND updated_at <= ? AND (updated_at < ? OR id > ?) ${order}`,
  );
  return (accountId: string, { archived, after, limit }: ListPage): ConversationRecord[] => {
    const flag = archived ? 1 : 0;
    const readGroup = (pinned: 0 | 1, room: number) =>
      after && after.pinned === (pinned === 1)
        ? next.all(accountId, flag, pinned, after.updatedAt, after.updatedAt, after.id, room)
        : first.all(accountId, flag, pinned, room);
    const pinned = after && !after.pinned ? [] : readGroup(1, limit);
    return pinned.length === limit ? pinned : [...pinned, ...readGroup(0, limit - pinned.length)];
  };
}

function trashedStatements(db: Database, select: string) {
  const order = "ORDER BY trashed_at DESC, id LIMIT ?";
  const first = db.prepare<[string, number], ConversationRecord>(`${select} AND trashed_at IS NOT NULL ${order}`);
  const next = db.prepare<[string, number, number, string, number], ConversationRecord>(
    `${select} AND trashed_at IS NOT NULL AND trashed_at <= ? AND (trashed_at < ? OR id > ?) ${order}`,
  );
  return (accountId: string, { after, limit }: TrashPage): ConversationRecord[] =>
    after ? next.all(accountId, after.trashedAt, after.trashedAt, after.id, limit) : first.all(accountId, limit);
}
