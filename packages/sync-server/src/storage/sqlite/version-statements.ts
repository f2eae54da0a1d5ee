/** Versions on SQLite. */
import type { ConversationKey } from "../message-statements.ts";
import type { VersionCount, VersionReads, VersionRow, VersionWrites } from "../version-statements.ts";
import type { Database } from "./connection.ts";
import { MESSAGE_COLUMNS, messageOf, messageRecordOf, rowsWithin, type MessageRecord } from "./message-statements.ts";
import { removeHanging } from "./remove-hanging.ts";
import { forgetMessages } from "./search-index.ts";

const COLUMNS = `conversation_id AS conversationId, id, after_seq AS afterSeq, replaced_at AS replacedAt,
  purge_at AS purgeAt`;
const OF_CONVERSATION = "account_id = ? AND conversation_id = ?";
const NUMBER = `(SELECT number FROM version WHERE ${OF_CONVERSATION} AND id = ?)`;
const MESSAGE_FIELDS = `account_id, conversation_id, seq, id, role, content, thoughts, created_at, status, stop_reason, error, model,
  usage, client_message_id`;

export function versionReads(db: Database): VersionReads {
  const select = `SELECT ${COLUMNS} FROM version WHERE ${OF_CONVERSATION}`;
  const one = db.prepare<[string, string, string], VersionRow>(`${select} AND id = ? AND after_seq >= 0`);
  const from = db.prepare<[string, string, number, number, string, number, number], VersionRow>(
    `${select} AND (after_seq, replaced_at, id) >= (?, ?, ?) AND after_seq <= ? ORDER BY after_seq, replaced_at, id LIMIT ?`,
  );
  const all = db.prepare<[string, string], VersionRow>(`${select} AND after_seq >= 0 ORDER BY replaced_at, id`);
  const going = db.prepare<[string, string], VersionRow>(`${select} AND after_seq < 0`);
  const counts = db.prepare<[string, string, number, number], VersionCount>(
    `SELECT after_seq AS afterSeq, count(*) AS count FROM version
     WHERE ${OF_CONVERSATION} AND after_seq BETWEEN ? AND ? GROUP BY after_seq`,
  );
  const messages = db.prepare<[string, string, string, number, number], MessageRecord>(
    `SELECT ${MESSAGE_COLUMNS} FROM version_message WHERE version_number = ${NUMBER} AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const replaced = db.prepare<[string, string, string], MessageRecord>(
    `SELECT ${MESSAGE_COLUMNS} FROM version_message WHERE ${OF_CONVERSATION} AND id = ? LIMIT 1`,
  );
  return {
    version: (key) => one.get(...names(key), key.versionId) ?? null,
    versionsFrom: (key, { at, to, limit }) => from.all(...names(key), at.afterSeq, at.replacedAt, at.id, to, limit),
    versions: (key) => all.all(...names(key)),
    goingVersions: (key) => going.all(...names(key)),
    versionCounts: (key, { from, to }) => counts.all(...names(key), from, to),
    versionMessages: (key, page) =>
      rowsWithin(page, messages.iterate(...names(key), key.versionId, page.after, page.limit)),
    replacedMessage(key, id) {
      const record = replaced.get(...names(key), id);
      return record ? messageOf(record) : null;
    },
  };
}

export function versionWrites(db: Database): VersionWrites {
  const forget = forgetMessages(db);
  const insert = db.prepare<[VersionRow & { readonly accountId: string }]>(
    `INSERT INTO version (account_id, conversation_id, id, after_seq, replaced_at, purge_at)
     VALUES (@accountId, @conversationId, @id, @afterSeq, @replacedAt, @purgeAt)`,
  );
  const insertMessage = db.prepare<[MessageRecord & { readonly accountId: string; readonly versionId: string }]>(
    `INSERT INTO version_message (version_number, ${MESSAGE_FIELDS})
     VALUES ((SELECT number FROM version
         WHERE account_id = @accountId AND conversation_id = @conversationId AND id = @versionId),
       @accountId, @conversationId, @seq, @id, @role, @content, @thoughts, @createdAt, @status, @stopReason, @error, @model,
       @usage, @clientMessageId)`,
  );
  const copyMessages = db.prepare<[string, string, string, string, string, number]>(
    `INSERT INTO version_message (version_number, ${MESSAGE_FIELDS})
     SELECT ${NUMBER}, ${MESSAGE_FIELDS} FROM message WHERE ${OF_CONVERSATION} AND seq >= ?`,
  );
  const remove = db.prepare<[string, string, number]>(`DELETE FROM message WHERE ${OF_CONVERSATION} AND seq >= ?`);
  const move = db.prepare<[number, string, string, number]>(
    `UPDATE version SET after_seq = ? WHERE ${OF_CONVERSATION} AND after_seq = ?`,
  );
  return {
    insertVersion: (accountId, row) => void insert.run({ ...row, accountId }),
    insertVersionMessage: ({ accountId, versionId }, row) =>
      void insertMessage.run({ ...messageRecordOf(row), accountId, versionId }),
    moveToVersion(key, fromSeq) {
      forget(key, fromSeq);
      copyMessages.run(...names(key), key.versionId, ...names(key), fromSeq);
      remove.run(...names(key), fromSeq);
    },
    moveVersions: (key, { from, to }) => void move.run(to, ...names(key), from),
    ...removing(db),
  };
}

function removing(db: Database): Pick<VersionWrites, "deleteVersion" | "pruneVersions"> {
  const number = db
    .prepare<[string, string, string], number>(`SELECT number FROM version WHERE ${OF_CONVERSATION} AND id = ?`)
    .pluck();
  const removals = ["DELETE FROM version_message WHERE version_number = ?", "DELETE FROM version WHERE number = ?"].map(
    (sql) => db.prepare<[number]>(sql),
  );
  const expired = db.prepare<[number], ConversationKey & { readonly number: number }>(
    `SELECT number, account_id AS accountId, conversation_id AS conversationId FROM version
     WHERE purge_at <= ? AND NOT EXISTS (
       SELECT 1 FROM turn INDEXED BY turn_replacing WHERE turn.account_id = version.account_id AND turn.replaced_version_id = version.id
         AND turn.ended_at IS NULL
     ) ORDER BY purge_at LIMIT 1`,
  );
  const expireInside = db.prepare<[string, string, number, number]>(
    `UPDATE version SET purge_at = 0 WHERE ${OF_CONVERSATION} AND purge_at > 0
       AND after_seq IN (SELECT seq FROM version_message WHERE version_number = ? ORDER BY seq LIMIT ?)`,
  );
  // The next one to go on with. Its place and its id are free: an import may bring a version under it.
  const begin = db.prepare<[number]>(
    "UPDATE version SET purge_at = -1, after_seq = -1, id = 'going-' || number WHERE number = ?",
  );
  const removeMessages = versionMessageRemoval(db);
  const removeNumbered = (found: number) => removals.forEach((removal) => removal.run(found));
  return {
    deleteVersion(key) {
      const found = number.get(...names(key), key.versionId);
      if (found !== undefined) removeNumbered(found);
    },
    pruneVersions: (now, limit) =>
      removeHanging(
        {
          next: () => expired.get(now),
          removeSome(version, room) {
            expireInside.run(...names(version), version.number, room);
            const removed = removeMessages(version.number, room);
            if (removed === room) begin.run(version.number);
            return removed;
          },
          remove: (version) => removeNumbered(version.number),
        },
        limit,
      ),
  };
}

/** Removes the first messages of a version, by its number. */
export function versionMessageRemoval(db: Database): (version: number, limit: number) => number {
  const remove = db.prepare<[number, number, number]>(
    `DELETE FROM version_message WHERE version_number = ? AND seq IN
       (SELECT seq FROM version_message WHERE version_number = ? ORDER BY seq LIMIT ?)`,
  );
  return (version, limit) => remove.run(version, version, limit).changes;
}

function names(key: ConversationKey): [string, string] {
  return [key.accountId, key.conversationId];
}
