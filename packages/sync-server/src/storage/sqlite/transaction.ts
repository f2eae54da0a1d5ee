/** A connection's statements, each prepared once, as the snapshot or transaction that the engine sees. */
import type { Snapshot, WriteTransaction } from "../transaction.ts";
import { accountReads, accountWrites, type NoteClock } from "./account-statements.ts";
import { changeReads } from "./change-statements.ts";
import type { Database } from "./connection.ts";
import { conversationReads } from "./conversation-reads.ts";
import { conversationWrites } from "./conversation-writes.ts";
import { messageReads, messageWrites } from "./message-statements.ts";
import { presetReads, presetWrites } from "./preset-statements.ts";
import { searchReads } from "./search-statements.ts";
import { turnReads, turnWrites } from "./turn-statements.ts";
import { versionReads, versionWrites } from "./version-statements.ts";

export function sqliteSnapshot(db: Database): Snapshot {
  return {
    ...accountReads(db),
    ...presetReads(db),
    ...conversationReads(db),
    ...messageReads(db),
    ...changeReads(db),
    ...searchReads(db),
    ...turnReads(db),
    ...versionReads(db),
  };
}

export function sqliteTransaction(db: Database, noteClock: NoteClock): WriteTransaction {
  return {
    ...sqliteSnapshot(db),
    ...accountWrites(db, noteClock),
    ...presetWrites(db),
    ...conversationWrites(db),
    ...messageWrites(db),
    ...turnWrites(db),
    ...versionWrites(db),
  };
}
