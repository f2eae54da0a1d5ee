/** The full-text index on SQLite. Writes leave it behind; the writer brings it up to date, at once where there is little to do. */
import type { AccountId } from "@instep/protocol";
import { spaceOut } from "../../spaced-out.ts";
import type { ConversationKey } from "../message-statements.ts";
import Sqlite, { type Statement } from "better-sqlite3";
import type { Database } from "./connection.ts";

const { SqliteError } = Sqlite;

/** Its own damage, a table of its that can't be opened, or an entry where none should be. Never the disk's failures. */
const INDEX_DAMAGE = /^SQLITE_(?:CORRUPT_VTAB|ERROR|CONSTRAINT)/;
/** The connections whose full-text index was found damaged: it is left alone until the next start. */
const damaged = new WeakSet<Database>();

/** The account as one word of the index: a search reads its own account's postings, whatever others have written [SYNC-9]. */
export function accountWord(accountId: AccountId): string {
  return `a${accountId.replaceAll(/[^0-9A-Za-z]/g, "")}`;
}

interface IndexedText {
  readonly number: number;
  readonly accountId: AccountId;
  readonly text: string;
}

/** So many characters of a text can be found: as many as the longest reply has. Only an import can bring longer ones. */
const INDEXED_CHARACTERS = 1_000_000;
/** A slice ends with the text before this many UTF-16 code units; a longer text is a slice of its own. */
const SLICE_LENGTH = 256_000;

/**
 * Takes in at most `limit` texts that the index doesn't have yet, fewer where they are long, within the open transaction; returns
 * whether there may be more.
 */
export type TakeIn = (limit: number) => boolean;

/** The work of bringing the index up to date: titles that changed, then messages in the order in which they came. */
export function searchIndexing(db: Database): TakeIn {
  const titles = db.prepare<[number], IndexedText>(
    `SELECT number, account_id AS accountId, title AS text FROM title_pending JOIN conversation USING (number) LIMIT ?`,
  );
  const removeTitle = forgetTitle(db);
  const addTitle = indexStatement(db, "INSERT INTO title_text (rowid, account, body) VALUES (?, ?, ?)");
  const messages = db.prepare<[number], IndexedText>(
    `SELECT number, account_id AS accountId, substr(content, 1, ${INDEXED_CHARACTERS}) AS text FROM message
     WHERE number > (SELECT indexed_through FROM search_state) ORDER BY number LIMIT ?`,
  );
  const addMessage = indexStatement(db, "INSERT INTO message_text (rowid, account, body) VALUES (?, ?, ?)");
  const takenMessages = db.prepare<[number]>("UPDATE search_state SET indexed_through = ?");
  return (limit) => {
    if (damaged.has(db)) return false;
    const pendingTitles = titles.all(limit);
    for (const { number, accountId, text } of pendingTitles) {
      removeTitle(number);
      addTitle(number, accountWord(accountId), spaceOut(text));
    }
    const { slice, isMore } = sliceOf(messages.iterate(limit - pendingTitles.length));
    for (const { number, accountId, text } of slice) {
      addMessage(number, accountWord(accountId), spaceOut(text));
    }
    const last = slice.at(-1);
    if (last && !damaged.has(db)) takenMessages.run(last.number);
    return isMore || pendingTitles.length + slice.length === limit;
  };
}

/** Texts are read one by one: what is beyond the slice, but for its first text, is never in memory. */
function sliceOf(texts: Iterable<IndexedText>): {
  readonly slice: readonly IndexedText[];
  readonly isMore: boolean;
} {
  const slice: IndexedText[] = [];
  let length = 0;
  for (const text of texts) {
    length += text.text.length;
    if (length > SLICE_LENGTH && slice.length > 0) return { slice, isMore: true };
    slice.push(text);
  }
  return { slice, isMore: false };
}

/**
 * A statement of the full-text index, which may be damaged without anything that a person wrote being in danger: then it does nothing,
 * and what is written goes on. `reindex` makes the index anew from the texts themselves.
 */
export function indexStatement(db: Database, sql: string): (...values: readonly (string | number)[]) => void {
  let statement: Statement | null = null;
  return (...values) => {
    if (damaged.has(db)) return;
    try {
      statement ??= db.prepare(sql);
      statement.run(...values);
    } catch (error) {
      if (!isIndexDamage(error)) throw error;
      damaged.add(db);
    }
  };
}

/** Some damage shows at the commit only, and may be told like any other. The index is left alone from here on where it may be to blame. */
export function giveUpIndex(db: Database, error: unknown): void {
  if (isIndexDamage(error) || isDamage(error)) damaged.add(db);
}

/** Whether the index is left alone: what failed with it can be tried again without. */
export function isIndexGivenUp(db: Database): boolean {
  return damaged.has(db);
}

function isDamage(error: unknown): boolean {
  return error instanceof SqliteError && error.code === "SQLITE_CORRUPT";
}

/** Whether only the index failed. */
function isIndexDamage(error: unknown): boolean {
  return error instanceof SqliteError && INDEX_DAMAGE.test(error.code);
}

/** Takes a title out of the index, and off what the index has yet to take in. */
export function forgetTitle(db: Database): (number: number) => void {
  const removeText = indexStatement(db, "DELETE FROM title_text WHERE rowid = ?");
  const removePending = db.prepare<[number]>("DELETE FROM title_pending WHERE number = ?");
  return (number) => {
    removeText(number);
    removePending.run(number);
  };
}

/** Takes messages that are about to be deleted out of the index: those of the conversation from a seq on. */
export function forgetMessages(db: Database): (key: ConversationKey, fromSeq: number) => void {
  const removeTexts = indexStatement(
    db,
    `DELETE FROM message_text WHERE rowid IN
       (SELECT number FROM message WHERE account_id = ? AND conversation_id = ? AND seq >= ?)`,
  );
  return ({ accountId, conversationId }, fromSeq) => removeTexts(accountId, conversationId, fromSeq);
}
