/** What erased conversations leave behind on SQLite: it goes by slices, between the commits, so that none waits for a long one. */
import type { ConversationKey } from "../message-statements.ts";
import type { Database } from "./connection.ts";

/** Erases at most `limit` messages and turns of conversations that are gone, within the open transaction; returns how many. */
export type Erase = (limit: number) => number;

export interface Erasing {
  readonly erase: Erase;
  /** Erases all that a conversation has left: its id is about to be given again. */
  readonly eraseAll: (key: ConversationKey) => void;
}

const ALL = Number.MAX_SAFE_INTEGER;

export function erasing(db: Database): Erasing {
  const columns = "account_id AS accountId, conversation_id AS conversationId";
  const oldest = db.prepare<[], ConversationKey>(`SELECT ${columns} FROM erasure ORDER BY number LIMIT 1`);
  const one = db.prepare<[string, string], ConversationKey>(
    `SELECT ${columns} FROM erasure WHERE account_id = ? AND conversation_id = ?`,
  );
  const done = db.prepare<[string, string]>("DELETE FROM erasure WHERE account_id = ? AND conversation_id = ?");
  const eraseTurns = turnErasing(db);
  const eraseMessages = messageErasing(db);

  /** Turns first: an id that was sent under may be used again. */
  function eraseOf(key: ConversationKey, limit: number): number {
    const turns = eraseTurns(key, limit);
    const count = turns + eraseMessages(key, limit - turns);
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
  const replyIds = db
    .prepare<[string, string, number], string>(
      "SELECT reply_id FROM turn WHERE account_id = ? AND conversation_id = ? LIMIT ?",
    )
    .pluck();
  const removals = ["journal_chunk", "turn"].map((table) =>
    db.prepare<[string, string]>(`DELETE FROM ${table} WHERE account_id = ? AND reply_id = ?`),
  );
  return ({ accountId, conversationId }, limit) => {
    const found = replyIds.all(accountId, conversationId, limit);
    for (const replyId of found) for (const removal of removals) removal.run(accountId, replyId);
    return found.length;
  };
}

function messageErasing(db: Database): EraseSome {
  const numbers = db
    .prepare<[string, string, number], number>(
      "SELECT number FROM message WHERE account_id = ? AND conversation_id = ? ORDER BY seq LIMIT ?",
    )
    .pluck();
  const removals = ["DELETE FROM message_text WHERE rowid = ?", "DELETE FROM message WHERE number = ?"].map((sql) =>
    db.prepare<[number]>(sql),
  );
  return ({ accountId, conversationId }, limit) => {
    const found = numbers.all(accountId, conversationId, limit);
    for (const number of found) for (const removal of removals) removal.run(number);
    return found.length;
  };
}
