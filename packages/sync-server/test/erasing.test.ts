/** What is erased is gone from the file too, with everything that hung on it, and nothing else is. */
import Database from "better-sqlite3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { importEmpty } from "./sync-world.ts";
import { must, temporaryFile, TurnWorld } from "./turn-world.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

/** A turn in place of a question, or behind them all; and so many messages after it, more than one slice takes. */
const step = fc.record({ at: fc.option(fc.nat(5)), more: fc.constantFrom(0, 1, 63, 64, 65, 130) });

const TABLES = ["message", "version", "version_message", "turn", "instructions", "erasure"];

test("[MSG-1, MSG-5] whatever a conversation had, nothing of it is left once it is erased, and all of the others is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const path = await temporaryFile();
      const storage = openInlineSqliteStorage({ path, isDurable: false });
      const world = new TurnWorld(storage, new VirtualEnvironment());
      await world.prepare();
      const { engine, accountId, conversationId: erased } = world;
      const kept = await world.newConversation();
      for (const conversationId of [kept, erased]) {
        must(await engine.patch(accountId, conversationId, { instructions: "Be brief." }));
        for (const { at, more } of steps) {
          const asked = (await world.messages(conversationId)).filter(({ role }) => role === "user");
          const replaceFromSeq = at === null ? null : (asked[at % Math.max(1, asked.length)]?.seq ?? null);
          await world.turn("question", "answer", { conversationId, replaceFromSeq });
          const message = { role: "user", content: "more" } as const;
          for (let n = 0; n < more; n += 1) must(await engine.append(accountId, conversationId, message));
        }
      }
      await storage.lookAround();
      const standing = rowsOf(path, kept);
      must(await engine.erase(accountId, erased));
      await storage.lookAround();
      expect(rowsOf(path, erased)).toEqual(TABLES.map(() => 0));
      expect(rowsOf(path, kept)).toEqual(standing);
      expect(strays(path)).toEqual([0, 0, 0, 0, 0]);
      await world.close();
    }),
    {
      numRuns: 8,
      examples: [
        [
          [
            { at: null, more: 130 },
            { at: 0, more: 0 },
          ],
        ],
      ],
    },
  );
}, 60_000);

/** How many rows a conversation has in each table. */
function rowsOf(path: string, conversationId: string): number[] {
  return counted(
    path,
    TABLES.map((table) => `SELECT count(*) FROM ${table} WHERE conversation_id = '${conversationId}'`),
  );
}

/** Rows that hang on nothing: of a reply, of a version, and of the index (a conversation's number may be given again). */
function strays(path: string): number[] {
  return counted(path, [
    "SELECT count(*) FROM journal_chunk WHERE reply_id NOT IN (SELECT reply_id FROM turn)",
    "SELECT count(*) FROM version_message WHERE version_number NOT IN (SELECT number FROM version)",
    "SELECT count(*) FROM message_text_docsize WHERE id NOT IN (SELECT number FROM message)",
    "SELECT count(*) FROM title_text_docsize WHERE id NOT IN (SELECT number FROM conversation WHERE title <> '')",
    "SELECT count(*) FROM title_pending WHERE number NOT IN (SELECT number FROM conversation)",
  ]);
}

function counted(path: string, questions: readonly string[]): number[] {
  const db = new Database(path, { readonly: true });
  const counts = questions.map((sql) => Number(db.prepare(sql).pluck().get()));
  db.close();
  return counts;
}

test.each([
  [250, 0],
  [100, 0],
  [0, 250],
  [130, 130],
])("[SIGN-8] an account with %i conversations and %i deleted ones is erased to its last row", async (live, deleted) => {
  const path = await temporaryFile();
  const storage = openInlineSqliteStorage({ path, isDurable: false });
  const environment = new VirtualEnvironment();
  const world = Object.assign(new TurnWorld(storage, environment), { environment });
  await world.prepare();
  const { engine, accountId } = world;
  await importEmpty(world, live);
  for (const id of await importEmpty(world, deleted)) must(await engine.erase(accountId, id));
  await engine.eraseAccount(accountId);
  await storage.lookAround();
  const tables = ["account", "conversation", "tombstone", "preset", "start_gap", "erasure", "title_pending"];
  const counts = counted(
    path,
    tables.map((table) => `SELECT count(*) FROM ${table}`),
  );
  expect(Object.fromEntries(tables.map((table, n) => [table, counts[n]]))).toEqual(
    Object.fromEntries(tables.map((table) => [table, 0])),
  );
  await world.close();
});
