/** Search in titles and messages, on real SQLite. */
import type { AccountId, ConversationId, SearchAnswer } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { conversationWith } from "./sync-world.ts";
import { must, openWorld, uuid, type TurnWorld } from "./turn-world.ts";

test("titles are found first, then messages, the newest first, with where they stand", async () => {
  const world = await openWorld();
  const [plans, recipes] = [
    await said(world, "Garden plans", "Lavender"),
    await said(world, "Recipes", "lavender honey"),
  ];
  const { message } = must(
    await world.engine.append(world.accountId, recipes, { role: "assistant", content: "And plans for a garden." }),
  );
  expect((await find(world, "garden plans")).results).toEqual([
    expect.objectContaining({
      conversation_id: plans,
      title: "Garden plans",
      message_id: null,
      seq: null,
      snippet: "Garden plans",
    }),
    {
      conversation_id: recipes,
      title: "Recipes",
      message_id: message.id,
      seq: 2,
      snippet: "And plans for a garden.",
      updated_at: message.created_at,
    },
  ]);
  expect(await conversations(world, "lavender")).toEqual([recipes, plans]);
});

test("every word is found by its beginning, whatever its case and accents", async () => {
  const world = await openWorld();
  const id = await said(world, "x", "Un café à Orléans");
  for (const query of ["CAFE", "caf", "orle", "cafe a orl", "café", "ca orleans", "orl un caf"]) {
    expect(await conversations(world, query), query).toEqual([id]);
  }
  for (const query of ["ca orleansx", "tea", "afe"]) expect(await conversations(world, query), query).toEqual([]);
});

test("scripts without spaces are found by any of their characters in a row", async () => {
  const world = await openWorld();
  const id = await said(world, "旅行", "明日は東京へ行きます");
  for (const query of ["東京", "行きます", "京へ", "旅"]) {
    expect(await conversations(world, query), query).toEqual([id]);
  }
  expect(await conversations(world, "京東")).toEqual([]);
});

test("what is quoted is found as a phrase, whole words in their order; a quote that isn't closed goes on", async () => {
  const world = await openWorld();
  const id = await said(world, "x", "The quick, brown fox (jumps) over 明日は東京へ行きます");
  for (const query of [
    '"quick brown"',
    '"QUICK BROWN" jum',
    '"quick bro',
    '"fox jumps over" the',
    '"東京へ行" fox',
    "“brown fox”",
  ]) {
    expect(await conversations(world, query), query).toEqual([id]);
  }
  for (const query of ['"brown quick"', '"quick bro"', '"quick fox"', '"fox jumps" "brown over"', '"行東京"']) {
    expect(await conversations(world, query), query).toEqual([]);
  }
});

test("Thai is found inside of a sentence, with its marks", async () => {
  const world = await openWorld();
  const id = await said(world, "x", "พรุ่งนี้ฉันจะไปกรุงเทพ");
  for (const query of ["กรุงเทพ", "พรุ่งนี้", '"ฉันจะ"', "ไป กรุง"]) {
    expect(await conversations(world, query), query).toEqual([id]);
  }
  expect(await conversations(world, "เทพกรุง")).toEqual([]);
});

test("[SAFE-2] what is written between two pages neither doubles nor skips a hit, and a forged cursor is only a place", async () => {
  const world = await openWorld();
  const before: string[] = [];
  for (let n = 0; n < 6; n += 1) before.push(await said(world, `needle ${n}`, `needle in hay ${n}`));
  const found: string[] = [];
  for (let cursor: string | null = null, n = 0; n === 0 || cursor !== null; n += 1) {
    const page: SearchAnswer = must(await world.engine.search(world.accountId, { query: "needle", limit: 2, cursor }));
    found.push(...page.results.map((result) => `${result.conversation_id} ${result.seq}`));
    cursor = page.next_cursor;
    await said(world, `needle, new ${n}`, "another needle");
    await world.engine.append(world.accountId, before[n % 6] as ConversationId, { role: "user", content: "moves it" });
  }
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(expect.arrayContaining(before.flatMap((id) => [`${id} null`, `${id} 1`])));
  for (const place of [
    [true, Number.MAX_SAFE_INTEGER],
    [false, Number.MAX_SAFE_INTEGER],
    [true, 0],
    [false, 0],
  ]) {
    const cursor = Buffer.from(JSON.stringify(place)).toString("base64url");
    must(await world.engine.search(world.accountId, { query: "needle", limit: 2, cursor }));
  }
});

test("results page without gap or double", async () => {
  const world = await openWorld();
  for (let n = 0; n < 5; n += 1) await said(world, n < 3 ? `needle ${n}` : "other", "a needle in the hay");
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: SearchAnswer = must(await world.engine.search(world.accountId, { query: "needle", limit: 3, cursor }));
    found.push(...page.results.map((result) => `${result.conversation_id} ${result.seq}`));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(found).toHaveLength(8);
  expect(new Set(found).size).toBe(8);
});

test("what is renamed, edited away, in the trash or erased isn't found, and what is restored is again", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const id = await said(world, "Before", "kept");
  must(await engine.patch(accountId, id, { title: "After" }));
  expect(await conversations(world, "before")).toEqual([]);
  expect(await conversations(world, "after")).toEqual([id]);
  must(await engine.patch(accountId, world.conversationId, { title: "Edited" }));
  await world.turn("secret", "reply");
  await world.turn("public", "reply", { replaceFromSeq: 1 });
  expect(await conversations(world, "secret")).toEqual([]);
  await engine.trash(accountId, id);
  expect(await conversations(world, "kept")).toEqual([]);
  await engine.restore(accountId, id);
  expect(await conversations(world, "kept")).toEqual([id]);
  await engine.erase(accountId, id);
  expect(await conversations(world, "kept")).toEqual([]);
});

test("[SYNC-9] a search finds nothing of another account", async () => {
  const world = await openWorld();
  await said(world, "private", "private matters");
  const accountId = uuid() as AccountId;
  await world.engine.ensureAccount({ id: accountId, email: null, name: "Bob", unreadScope: "device" });
  const page = must(await world.engine.search(accountId, { query: "private", limit: 10, cursor: null }));
  expect(page).toMatchObject({ results: [], next_cursor: null });
});

test("what came in one large commit is found once the writer has looked after its index", async () => {
  const world = await openWorld();
  const conversation = { title: "Bulk", model: null, pinned: false, archived: false };
  const at = { createdAt: world.environment.now(), updatedAt: world.environment.now() };
  const batch = Array.from({ length: 300 }, () => {
    const message = { id: uuid(), role: "user" as const, content: "haystack", status: "complete" as const };
    return {
      id: uuid() as ConversationId,
      ...conversation,
      ...at,
      messages: [{ ...message, createdAt: at.createdAt }],
    };
  });
  await world.engine.importConversations(world.accountId, batch);
  await (world.storage as ReturnType<typeof openInlineSqliteStorage>).lookAround();
  const page = must(await world.engine.search(world.accountId, { query: "haystack", limit: 1000, cursor: null }));
  expect(page.results).toHaveLength(300);
});

test("nothing that is typed is a syntax of its own", async () => {
  const world = await openWorld();
  await conversationWith(world, 1);
  const awkward = [
    '"',
    "'",
    "*",
    "a*",
    "(",
    "NEAR(a b)",
    "a AND",
    "OR",
    "account:a",
    "-x",
    "^a",
    "\u0000",
    "{a}",
    "%_",
  ];
  const query = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  await fc.assert(
    fc.asyncProperty(fc.array(query, { maxLength: 3 }), async (words) => {
      must(await world.engine.search(world.accountId, { query: words.join(" "), limit: 5, cursor: null }));
    }),
    { numRuns: 300 },
  );
});

async function said(world: TurnWorld, title: string, content: string): Promise<ConversationId> {
  const id = await conversationWith(world, 0, title);
  must(await world.engine.append(world.accountId, id, { role: "user", content }));
  return id;
}

async function find(world: TurnWorld, query: string) {
  return must(await world.engine.search(world.accountId, { query, limit: 20, cursor: null }));
}

async function conversations(world: TurnWorld, query: string): Promise<string[]> {
  return (await find(world, query)).results.map((result) => result.conversation_id);
}
