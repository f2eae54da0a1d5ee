/** The hot path on SQLite: rows of a sync answer, written as JSON by the database itself. */
import type { ChangedRow, ChangeReads, LiveRow } from "../change-statements.ts";
import type { Tombstone } from "../rows.ts";
import type { Database } from "./connection.ts";

/** A wire timestamp [CLOCK-4]. */
const UPDATED_AT = `strftime('%Y-%m-%dT%H:%M:%S.', updated_at / 1000000, 'unixepoch')
  || substr('00000' || (updated_at % 1000000), -6) || 'Z'`;

/** Rows that are read in one go, about three milliseconds; then others have their turn. */
const CHUNK = 1000;

/** Four fields always, the others where they differ from their defaults [SYNC-0]; the one parameter is the default model. */
const SPARSE_ROW = `
  '{"id":' || json_quote(id) || ',"title":' || json_quote(title) || ',"message_count":' || message_count
  || ',"updated_at":"' || ${UPDATED_AT} || '"'
  || iif(last_seq <> message_count, ',"last_seq":' || last_seq, '')
  || iif(read_seq <> 0, ',"read_seq":' || read_seq, '')
  || iif(unread_count <> iif(read_seq = 0, message_count, 0), ',"unread_count":' || unread_count, '')
  || iif(marked_unread, ',"marked_unread":true', '')
  || iif(pinned, ',"pinned":true', '')
  || iif(archived, ',"archived":true', '')
  || iif(model IS NOT NULL AND model <> ?, ',"model":' || json_quote(model), '')
  || iif(active_reply_id IS NOT NULL, ',"active_reply_id":' || json_quote(active_reply_id), '')
  || '}'`;

export function changeReads(db: Database): ChangeReads {
  const changed = db.prepare<[string, string, number, number], ChangedRow>(
    `SELECT changed_at AS tick, ${SPARSE_ROW} AS json FROM conversation
     WHERE account_id = ? AND trashed_at IS NULL AND changed_at > ? ORDER BY changed_at LIMIT ?`,
  );
  const deleted = db.prepare<[string, number, number], Tombstone>(
    `SELECT id, deleted_at AS deletedAt FROM tombstone
     WHERE account_id = ? AND deleted_at > ? ORDER BY deleted_at LIMIT ?`,
  );
  const live = db.prepare<[string, string, string, number], LiveRow>(
    `SELECT id, ${SPARSE_ROW} AS json FROM conversation
     WHERE account_id = ? AND trashed_at IS NULL AND id > ? ORDER BY id LIMIT ?`,
  );
  return {
    changedRows: (accountId, page) => changed.all(page.defaultModel, accountId, page.since, page.limit),
    deletedSince: (accountId, page) => deleted.all(accountId, page.since, page.limit),
    liveRows: (accountId, page) =>
      inChunks(page, (afterId, limit) => live.all(page.defaultModel, accountId, afterId, limit)),
  };
}

/** Reads a long page piece by piece, in one snapshot, and lets the event loop turn between two of them. */
function inChunks(
  { afterId, limit }: { readonly afterId: string; readonly limit: number },
  read: (afterId: string, limit: number) => LiveRow[],
): LiveRow[] | Promise<LiveRow[]> {
  const first = read(afterId, Math.min(limit, CHUNK));
  return first.length < CHUNK || limit <= CHUNK ? first : readOn(first, limit, read);
}

async function readOn(
  rows: LiveRow[],
  limit: number,
  read: (afterId: string, limit: number) => LiveRow[],
): Promise<LiveRow[]> {
  for (let chunk = rows; chunk.length === CHUNK && rows.length < limit; rows = [...rows, ...chunk]) {
    await new Promise((resolve) => setImmediate(resolve));
    chunk = read(rows.at(-1)?.id ?? "", Math.min(CHUNK, limit - rows.length));
  }
  return rows;
}
