/** Turns, their journals and the nodes' leases on SQLite. */
import type { AccountId, Micros } from "@instep/protocol";
import type { JournalChunk } from "../../replies/reply-events.ts";
import type { TurnKey, TurnReads, TurnRow, TurnWrites } from "../turn-statements.ts";
import type { Database } from "./connection.ts";
import { removeHanging } from "./remove-hanging.ts";

/** SQLite has no booleans. */
type TurnRecord = Omit<TurnRow, "isStopRequested"> & { readonly isStopRequested: 0 | 1 };
type RunningRecord = TurnKey & Pick<TurnRecord, "isStopRequested">;

const COLUMNS = `reply_id AS replyId, conversation_id AS conversationId, client_message_id AS clientMessageId,
  text_hash AS textHash, user_message_id AS userMessageId, user_seq AS userSeq, model, owner_id AS ownerId, state,
  is_stop_requested AS isStopRequested, started_at AS startedAt, ended_at AS endedAt, end_event_id AS endEventId,
  end_data AS endData, replaced_version_id AS replacedVersionId`;
const KEY = "account_id = ? AND reply_id = ?";
const RUNNING = "ended_at IS NULL";
/** In UTF-16 code units. */
const PIECE_LENGTH = 65_536;

export function turnReads(db: Database): TurnReads {
  const select = `SELECT ${COLUMNS} FROM turn WHERE`;
  const byKey = db.prepare<[string, string], TurnRecord>(`${select} ${KEY}`);
  const byClientMessage = db.prepare<[string, string], TurnRecord>(
    `${select} account_id = ? AND client_message_id = ?`,
  );
  const countRunning = db
    .prepare<[string], number>(`SELECT count(*) FROM turn INDEXED BY turn_running WHERE account_id = ? AND ${RUNNING}`)
    .pluck();
  const runningOf = db.prepare<[string], RunningRecord>(
    `SELECT account_id AS accountId, reply_id AS replyId, is_stop_requested AS isStopRequested
     FROM turn WHERE owner_id = ? AND ${RUNNING}`,
  );
  const orphaned = db.prepare<[number, number, number], TurnKey>(
    `SELECT account_id AS accountId, reply_id AS replyId FROM turn INDEXED BY turn_running
     WHERE ${RUNNING} AND NOT EXISTS (
       SELECT 1 FROM lease WHERE lease.owner_id = turn.owner_id AND expires_at > ? AND expires_at <= ?
     ) LIMIT ?`,
  );
  const expiry = db.prepare<[string], Micros>("SELECT expires_at FROM lease WHERE owner_id = ?").pluck();
  // Chunks don't overlap: the one that has the next number is the last that begins at or below it, whatever came before.
  const chunks = db.prepare<[Record<"accountId" | "replyId", string> & { readonly after: number }], JournalChunk>(
    `SELECT first_event_id AS firstEventId, last_event_id AS lastEventId, events FROM journal_chunk
     WHERE account_id = @accountId AND reply_id = @replyId AND last_event_id > @after AND first_event_id >= coalesce(
       (SELECT max(first_event_id) FROM journal_chunk
        WHERE account_id = @accountId AND reply_id = @replyId AND first_event_id <= @after + 1), 0)
     ORDER BY first_event_id`,
  );
  const journalEnd = db
    .prepare<[string, string], number>(
      `SELECT last_event_id FROM journal_chunk WHERE ${KEY} ORDER BY first_event_id DESC LIMIT 1`,
    )
    .pluck();
  const one = (record: TurnRecord | undefined) => (record ? fromRecord(record) : null);
  return {
    turn: (key) => one(byKey.get(...names(key))),
    turnByClientMessageId: (accountId, id) => one(byClientMessage.get(accountId, id)),
    countRunningTurns: (accountId) => countRunning.get(accountId) ?? 0,
    runningTurnsOf: (ownerId) => runningOf.all(ownerId).map(fromRecord),
    orphanedTurns: ({ endsBy, believedUntil }, limit) => orphaned.all(endsBy, believedUntil, limit),
    leaseExpiry: (ownerId) => expiry.get(ownerId) ?? null,
    journalPiece: (key, after) => pieceOf(chunks.iterate({ accountId: key.accountId, replyId: key.replyId, after })),
    journalEnd: (key) => journalEnd.get(...names(key)) ?? null,
  };
}

/** Rows are read one by one: what is beyond the piece is never in memory. */
function pieceOf(chunks: Iterable<JournalChunk>): readonly JournalChunk[] {
  const piece: JournalChunk[] = [];
  let length = 0;
  for (const chunk of chunks) {
    piece.push(chunk);
    length += chunk.events.length;
    if (length >= PIECE_LENGTH) break;
  }
  return piece;
}

export function turnWrites(db: Database): TurnWrites {
  const insert = db.prepare<[TurnRecord & { readonly accountId: AccountId }]>(
    `INSERT INTO turn (account_id, reply_id, conversation_id, client_message_id, text_hash, user_message_id, user_seq,
       model, owner_id, state, is_stop_requested, started_at, ended_at, end_event_id, end_data,
       replaced_version_id)
     VALUES (@accountId, @replyId, @conversationId, @clientMessageId, @textHash, @userMessageId, @userSeq,
       @model, @ownerId, @state, @isStopRequested, @startedAt, @endedAt, @endEventId, @endData,
       @replacedVersionId)`,
  );
  const end = db.prepare<[string, number, number, string, string, string]>(
    `UPDATE turn SET state = ?, ended_at = ?, end_event_id = ?, end_data = ? WHERE ${KEY}`,
  );
  const requestStop = db.prepare<[string, string]>(`UPDATE turn SET is_stop_requested = 1 WHERE ${KEY}`);
  const saveChunk = db.prepare<[string, string, number, number, string]>(
    `INSERT INTO journal_chunk (account_id, reply_id, first_event_id, last_event_id, events) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET last_event_id = excluded.last_event_id, events = excluded.events
     WHERE excluded.last_event_id > last_event_id`,
  );
  return {
    insertTurn: (accountId, row) =>
      void insert.run({ ...row, accountId, isStopRequested: row.isStopRequested ? 1 : 0 }),
    endTurn: (key, to) => void end.run(to.state, to.endedAt, to.endEventId, to.endData, ...names(key)),
    requestStop: (key) => void requestStop.run(...names(key)),
    saveChunk: (key, chunk) => void saveChunk.run(...names(key), chunk.firstEventId, chunk.lastEventId, chunk.events),
    ...leaseWrites(db),
    deleteJournals: journalSweep(db),
  };
}

function leaseWrites(db: Database): Pick<TurnWrites, "saveLease" | "deleteLease" | "deleteSpentLeases"> {
  const save = db.prepare<[string, number]>(
    `INSERT INTO lease (owner_id, expires_at) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at`,
  );
  const remove = db.prepare<[string]>("DELETE FROM lease WHERE owner_id = ?");
  const removeSpent = db.prepare<[number]>(
    `DELETE FROM lease WHERE expires_at <= ?
       AND owner_id NOT IN (SELECT owner_id FROM turn WHERE ${RUNNING})`,
  );
  return {
    saveLease: (ownerId, expiresAt) => void save.run(ownerId, expiresAt),
    deleteLease: (ownerId) => void remove.run(ownerId),
    deleteSpentLeases: (now) => void removeSpent.run(now),
  };
}

function journalSweep(db: Database): TurnWrites["deleteJournals"] {
  const spent = db.prepare<[number], TurnKey>(
    `SELECT account_id AS accountId, reply_id AS replyId FROM turn
     WHERE has_journal = 1 AND ended_at < ? ORDER BY ended_at LIMIT 1`,
  );
  const removeChunks = chunkRemoval(db);
  const note = db.prepare<[string, string]>(`UPDATE turn SET has_journal = 0 WHERE ${KEY}`);
  return (before, limit) =>
    removeHanging(
      {
        next: () => spent.get(before),
        removeSome: (key, room) => removeChunks(key.accountId, key.replyId, room),
        remove: (key) => void note.run(...names(key)),
      },
      limit,
    );
}

/** Removes the newest rows of a reply's journal: what is left doesn't reach to its end, which shows that it is going. */
export function chunkRemoval(db: Database): (accountId: string, replyId: string, limit: number) => number {
  const remove = db.prepare<[string, string, string, string, number]>(
    `DELETE FROM journal_chunk WHERE ${KEY} AND first_event_id IN
       (SELECT first_event_id FROM journal_chunk WHERE ${KEY} ORDER BY first_event_id DESC LIMIT ?)`,
  );
  return (accountId, replyId, limit) => remove.run(accountId, replyId, accountId, replyId, limit).changes;
}

function names(key: TurnKey): [string, string] {
  return [key.accountId, key.replyId];
}

function fromRecord<T extends { readonly isStopRequested: 0 | 1 }>(
  record: T,
): Omit<T, "isStopRequested"> & { readonly isStopRequested: boolean } {
  return { ...record, isStopRequested: record.isStopRequested === 1 };
}
