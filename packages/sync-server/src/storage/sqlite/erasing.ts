/** What erased conversations leave behind on SQLite: it goes by slices, between the commits, so that none waits for a long one. */
import type { ConversationKey } from "../message-statements.ts";
import type { Database } from "./connection.ts";
import { removeHanging } from "./remove-hanging.ts";
import { indexStatement } from "./search-index.ts";
import { chunkRemoval } from "./turn-statements.ts";
import { versionMessageRemoval } from "./version-statements.ts";

/** Erases at most `limit` messages, versions and turns, and rows of those, of conversations that are gone, within the open transaction; returns how many. */
export type Erase = (limit: number) => number;

export interface Erasing {
  readonly erase: Erase;
  /** Erases all that a conversation has left: its id is about to be given again. */
  readonly eraseAll: (key: ConversationKey) => void;
}

const ALL = Number.MAX_SAFE_INTEGER;

export function sqliteErasing(db: Database): Erasing {
  const columns = "account_id AS accountId, conversation_id AS conversationId";
  const oldest = db.prepare<[], ConversationKey>(`SELECT ${columns} FROM erasure ORDER BY number LIMIT 1`);
  const one = db.prepare<[string, string], ConversationKey>(
    `SELECT ${columns} FROM erasure WHERE account_id = ? AND conversation_id = ?`,
  );
  const done = db.prepare<[string, string]>("DELETE FROM erasure WHERE account_id = ? AND conversation_id = ?");
  const eraseTurns = turnErasing(db);
  const eraseVersions = versionErasing(db);
  const eraseMessages = messageErasing(db);

  /** Turns first: an id that was sent under may be used again. */
  function eraseOf(key: ConversationKey, limit: number): number {
    const turns = eraseTurns(key, limit);
    const versions = eraseVersions(key, limit - turns);
    const count = turns + versions + eraseMessages(key, limit - turns - versions);
    if (count < limit) done.run(key.accountId, key.conversationId);
    return count;
  }

  return {
    erase(limit) {
      let count = 0;
      for (let key = oldest.get(); key !== undefined && count < limit; key = oldest.get()) {
        count += eraseOf(key, limit - count);
      }
      return count;
    },
    eraseAll({ accountId, conversationId }) {
      const key = one.get(accountId, conversationId);
      if (key) eraseOf(key, ALL);
    },
  };
}

type EraseSome = (key: ConversationKey, limit: number) => number;

function turnErasing(db: Database): EraseSome {
  const oldest = db
    .prepare<[string, string], string>("SELECT reply_id FROM turn WHERE account_id = ? AND conversation_id = ? LIMIT 1")
    .pluck();
  const removeChunks = chunkRemoval(db);
  const remove = db.prepare<[string, string]>("DELETE FROM turn WHERE account_id = ? AND reply_id = ?");
  return ({ accountId, conversationId }, limit) =>
    removeHanging(
      {
        next: () => oldest.get(accountId, conversationId),
        removeSome: (replyId, room) => removeChunks(accountId, replyId, room),
        remove: (replyId) => void remove.run(accountId, replyId),
      },
      limit,
    );
}

function versionErasing(db: Database): EraseSome {
  const oldest = db
    .prepare<[string, string], number>(
      "SELECT number FROM version WHERE account_id = ? AND conversation_id = ? LIMIT 1",
    )
    .pluck();
  const removeSome = versionMessageRemoval(db);
  const remove = db.prepare<[number]>("DELETE FROM version WHERE number = ?");
  return ({ accountId, conversationId }, limit) =>
    removeHanging(
      {
        next: () => oldest.get(accountId, conversationId),
        removeSome,
        remove: (number) => void remove.run(number),
      },
      limit,
    );
}

function messageErasing(db: Database): EraseSome {
  const numbers = db
    .prepare<[string, string, number], number>(
      "SELECT number FROM message WHERE account_id = ? AND conversation_id = ? ORDER BY seq LIMIT ?",
    )
    .pluck();
  const removeText = indexStatement(db, "DELETE FROM message_text WHERE rowid = ?");
  const remove = db.prepare<[number]>("DELETE FROM message WHERE number = ?");
  return ({ accountId, conversationId }, limit) => {
    const found = numbers.all(accountId, conversationId, limit);
    for (const number of found) {
      removeText(number);
      remove.run(number);
    }
    return found.length;
  };
}
