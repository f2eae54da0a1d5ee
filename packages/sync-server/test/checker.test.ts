/** The checker bites: each thing that the writes keep is broken once behind their back, and it says so. */
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { checkEverything } from "../src/checker.ts";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { conversationWith } from "./sync-world.ts";
import { openWorld, temporaryFile, TurnWorld } from "./turn-world.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

const breakages: readonly (readonly [string, RegExp])[] = [
  ["UPDATE conversation SET message_count = message_count + 1", /message_count is/],
  ["UPDATE conversation SET unread_count = unread_count - 1", /unread_count is/],
  ["UPDATE conversation SET last_seq = 1", /last_seq 1 is below seq 3/],
  ["UPDATE conversation SET read_seq = 9, unread_count = 0", /read_seq 9 is beyond/],
  ["DELETE FROM message WHERE seq = 2", /message_count is 3, not 2/],
  ["UPDATE conversation SET changed_at = changed_at + 1000000", /is later than the clock/],
  ["UPDATE conversation SET changed_at = (SELECT deleted_at FROM tombstone)", /stands twice/],
  ["DELETE FROM tombstone", /its tombstone says undefined/],
  ["UPDATE conversation SET trashed_at = NULL WHERE trashed_at IS NOT NULL", /in the trash since null/],
  ["DELETE FROM conversation WHERE last_seq = 3", /messages, versions or turns stand without it/],
  ["INSERT INTO erasure (account_id, conversation_id) SELECT account_id, id FROM conversation", /while it stands/],
  ["UPDATE conversation SET active_reply_id = 'r' WHERE last_seq = 3", /reply r is not there/],
];

test.each(breakages)("%s is found", async (sql, message) => {
  const path = await temporaryFile();
  const world = new TurnWorld(openInlineSqliteStorage({ path, isDurable: false }), new VirtualEnvironment());
  await world.prepare();
  await conversationWith(world, 3);
  await world.engine.trash(world.accountId, world.conversationId);
  await world.check();
  const db = new Database(path);
  db.exec(sql);
  db.close();
  const faults = await world.storage.read(checkEverything);
  await world.close();
  expect(faults.join("\n")).toMatch(message);
});

test("an untouched database has no faults", async () => {
  const world = await openWorld();
  await conversationWith(world, 2);
  expect(await world.storage.read(checkEverything)).toEqual([]);
});
