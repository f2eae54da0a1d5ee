/** Messages on SQLite. */
import type { MessageUsage } from "@instep/protocol";
import type { ConversationKey, MessageBounds, MessageReads, MessageWrites } from "../message-statements.ts";
import type { MessageRow } from "../rows.ts";
import type { Database } from "./connection.ts";
import { forgetMessages } from "./search-index.ts";

/** The error and the usage are kept as their JSON. */
export type MessageRecord = Omit<MessageRow, "error" | "usage"> & {
  readonly error: string | null;
  readonly usage: string | null;
};

/** The columns of a `MessageRecord`, as they are selected. */
export const MESSAGE_COLUMNS = `conversation_id AS conversationId, seq, id, role, content, thoughts, created_at AS createdAt, status,
  stop_reason AS stopReason, error, model, usage, client_message_id AS clientMessageId`;
const OF_CONVERSATION = "account_id = ? AND conversation_id = ?";

export function messageReads(db: Database): MessageReads {
  const select = `SELECT ${MESSAGE_COLUMNS} FROM message WHERE ${OF_CONVERSATION}`;
  const bySeq = db.prepare<[string, string, number], MessageRecord>(`${select} AND seq = ?`);
  const byId = db.prepare<[string, string, string], MessageRecord>(`${select} AND id = ?`);
  const before = db.prepare<[string, string, number, number], MessageRecord>(
    `${select} AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const after = db.prepare<[string, string, number, number], MessageRecord>(
    `${select} AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const question = db.prepare<[string, string, number], MessageRecord>(
    `${select} AND seq < ? AND role = 'user' ORDER BY seq DESC LIMIT 1`,
  );
  const count = db
    .prepare<[string, string, number, number], number>(
      `SELECT count(*) FROM (SELECT 1 FROM message WHERE ${OF_CONVERSATION} AND seq > ? LIMIT ?)`,
    )
    .pluck();
  const nth = db
    .prepare<[string, string, number], number>(
      `SELECT seq FROM message WHERE ${OF_CONVERSATION} ORDER BY seq LIMIT 1 OFFSET ? - 1`,
    )
    .pluck();
  const one = (record: MessageRecord | undefined) => (record ? messageOf(record) : null);
  return {
    message: (key, seq) => one(bySeq.get(...names(key), seq)),
    messageById: (key, id) => one(byId.get(...names(key), id)),
    messagesBefore: (key, page) =>
      rowsWithin(page, before.iterate(...names(key), page.before ?? Number.MAX_SAFE_INTEGER, page.limit)),
    messagesAfter: (key, page) => rowsWithin(page, after.iterate(...names(key), page.after, page.limit)),
    questionBefore: (key, seq) => one(question.get(...names(key), seq)),
    countMessagesAfter: (key, page) => count.get(...names(key), page.after, page.limit) ?? 0,
    seqOfNth: (key, n) => nth.get(...names(key), n) ?? null,
  };
}

/** Rows are read one by one: what is beyond the bound is never in memory. */
export function rowsWithin(
  { maxLength = Number.POSITIVE_INFINITY }: MessageBounds,
  records: Iterable<MessageRecord>,
): MessageRow[] {
  const rows: MessageRow[] = [];
  let length = 0;
  for (const record of records) {
    length += record.content.length + (record.thoughts?.length ?? 0);
    if (length > maxLength && rows.length > 0) break;
    rows.push(messageOf(record));
    // A first one beyond the bound has nothing behind it: the next one isn't even read.
    if (length > maxLength) break;
  }
  return rows;
}

export function messageWrites(db: Database): MessageWrites {
  const forget = forgetMessages(db);
  const insert = db.prepare<[MessageRecord & { readonly accountId: string }]>(
    `INSERT INTO message (account_id, conversation_id, seq, id, role, content, thoughts, created_at, status, stop_reason, error,
       model, usage, client_message_id)
     VALUES (@accountId, @conversationId, @seq, @id, @role, @content, @thoughts, @createdAt, @status, @stopReason, @error,
       @model, @usage, @clientMessageId)`,
  );
  const remove = db.prepare<[string, string, number]>(`DELETE FROM message WHERE ${OF_CONVERSATION} AND seq >= ?`);
  return {
    insertMessage: (accountId, row) => void insert.run({ ...messageRecordOf(row), accountId }),
    deleteMessagesFrom(key, fromSeq) {
      forget(key, fromSeq);
      remove.run(...names(key), fromSeq);
    },
  };
}

function names(key: ConversationKey): [string, string] {
  return [key.accountId, key.conversationId];
}

export function messageOf(record: MessageRecord): MessageRow {
  const error = record.error === null ? null : (JSON.parse(record.error) as MessageRow["error"]);
  const usage = record.usage === null ? null : (JSON.parse(record.usage) as MessageUsage);
  return { ...record, error, usage };
}

export function messageRecordOf(row: MessageRow): MessageRecord {
  const { thoughts = null, error, usage = null } = row;
  return { ...row, thoughts, error: error && JSON.stringify(error), usage: usage && JSON.stringify(usage) };
}
