/** The one question, answered on real SQLite. */
import { formatTimestamp, type AccountId, type ConversationId, type Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import { createEngine } from "../src/create-engine.ts";
import type { SyncQuery } from "../src/engine.ts";
import { ask, conversationWith, Device, expectInStep, micros, tryAsk, importEmpty } from "./sync-world.ts";
import { must, openWorld, OPTIONS, refusalOf, uuid } from "./turn-world.ts";

const DAY_MS = 86_400_000;

test("[SYNC-0] a row has four fields, and the others only where they differ from their defaults", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: id } = world;
  await engine.append(accountId, id, { role: "user", content: "one" });
  const [plain] = (await ask(world)).conversations;
  expect(Object.keys(plain ?? {})).toEqual(["id", "title", "message_count", "updated_at"]);
  await engine.append(accountId, id, { role: "user", content: "two" });
  must(
    await engine.patch(accountId, id, { title: 'A "title"\n\u0000 世界', pinned: true, archived: true, model: "big" }),
  );
  must(await engine.markRead(accountId, id, { seq: 1 }));
  must(await engine.markRead(accountId, id, { unread: true }));
  expect((await ask(world)).conversations[0]).toEqual({
    ...plain,
    title: 'A "title"\n\u0000 世界',
    message_count: 2,
    updated_at: expect.stringMatching(/^2026-01-01T12:00:00\.\d{6}Z$/),
    read_seq: 1,
    unread_count: 1,
    marked_unread: true,
    pinned: true,
    archived: true,
    model: "big",
  });
});

test("[SYNC-0] last_seq is told where messages were removed, unread_count where reading isn't all or nothing", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("two", "2", { replaceFromSeq: 1 });
  expect((await ask(world)).conversations[0]).toMatchObject({ message_count: 2, last_seq: 4 });
  must(await world.engine.markRead(world.accountId, world.conversationId, { message_count: 2 }));
  const [row] = (await ask(world)).conversations;
  expect(row).toMatchObject({ read_seq: 4 });
  expect(row).not.toHaveProperty("unread_count");
});

test("[SYNC-1] without since, or with full, everything live comes and nothing deleted", async () => {
  const world = await openWorld();
  const archived = await conversationWith(world, 0);
  must(await world.engine.patch(world.accountId, archived, { archived: true }));
  const trashed = await conversationWith(world, 0);
  must(await world.engine.trash(world.accountId, trashed));
  const answer = await ask(world);
  expect(answer).toMatchObject({ is_full_sync: true, deleted_ids: [], has_more: false, next_page: null });
  expect(answer.conversations.map((row) => row.id).sort()).toEqual([archived, world.conversationId].sort());
  const again = await ask(world, { full: true, since: micros(answer.server_time) });
  expect(again).toMatchObject({ is_full_sync: true, conversations: answer.conversations });
});

test("[SYNC-2] an increment has what changed after since, oldest change first, and what was deleted", async () => {
  const world = await openWorld();
  const [first, second, third] = [
    await conversationWith(world, 1),
    await conversationWith(world, 1),
    await conversationWith(world, 1),
  ];
  const since = micros((await ask(world)).server_time);
  await world.engine.patch(world.accountId, second, { pinned: true });
  await world.engine.trash(world.accountId, third);
  await world.engine.patch(world.accountId, first, { pinned: true });
  const answer = await ask(world, { since });
  expect(answer.is_full_sync).toBe(false);
  expect(answer.conversations.map((row) => row.id)).toEqual([second, first]);
  expect(answer.deleted_ids).toEqual([third]);
});

test("[SYNC-2] one that was deleted and restored since is an ordinary change, and stands in one list only", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  await world.engine.trash(world.accountId, world.conversationId);
  await world.engine.restore(world.accountId, world.conversationId);
  const answer = await ask(world, { since });
  expect(answer.conversations.map((row) => row.id)).toEqual([world.conversationId]);
  expect(answer.deleted_ids).toEqual([]);
});

test("[SYNC-3] server_time passed back returns exactly what committed after its snapshot", async () => {
  const world = await openWorld();
  const device = new Device(world);
  await device.syncFully();
  expect((await device.syncChanges())[0]?.conversations).toEqual([]);
  await world.engine.patch(world.accountId, world.conversationId, { pinned: true });
  const [changed] = await device.syncChanges();
  expect(changed?.conversations).toHaveLength(1);
  const [after] = await device.syncChanges();
  expect(after).toMatchObject({ conversations: [], deleted_ids: [], server_time: changed?.server_time });
});

test("[SYNC-3] a change committed during the read comes with the next poll", async () => {
  const world = await openWorld();
  const { accountId, conversationId } = world;
  const seen = await world.storage.read(async (snapshot) => {
    const account = await snapshot.account(accountId);
    await world.engine.patch(accountId, conversationId, { title: "meanwhile" });
    const rows = await snapshot.changedRows(accountId, { since: 0 as Micros, limit: 10, defaultModel: "demo" });
    return { clock: account?.clock, rows };
  });
  expect(seen.rows[0]?.json).not.toContain("meanwhile");
  const next = await ask(world, { since: seen.clock ?? null });
  expect(next.conversations).toMatchObject([{ title: "meanwhile" }]);
});

test("[SYNC-3] server_time is the account's clock, never the wall clock", async () => {
  const world = await openWorld();
  const before = await ask(world);
  await world.environment.advance(60_000);
  expect((await ask(world)).server_time).toBe(before.server_time);
});

test("[CLOCK-3] ticks go on where the wall clock steps back", async () => {
  const world = await openWorld();
  const device = new Device(world);
  await device.syncFully();
  world.environment.step(-3_600_000);
  await world.engine.patch(world.accountId, world.conversationId, { pinned: true });
  const [answer] = await device.syncChanges();
  expect(answer?.conversations).toHaveLength(1);
  await expectInStep(world, device);
  await world.check();
});

test("[SYNC-4] pages of any size deliver each change once, and continue by their server_time", async () => {
  const world = await openWorld();
  const device = new Device(world);
  await device.syncFully();
  const ids: ConversationId[] = [];
  for (let n = 0; n < 9; n += 1) ids.push(await conversationWith(world, 1));
  for (const id of ids.slice(0, 4)) await world.engine.trash(world.accountId, id);
  for (const limit of [1, 2, 3, 7]) {
    const paged = new Device(world);
    paged.since = device.since;
    const answers = await paged.syncChanges(limit);
    expect(answers.flatMap((answer) => answer.conversations.map((row) => row.id))).toEqual(ids.slice(4));
    expect(answers.flatMap((answer) => answer.deleted_ids)).toEqual(ids.slice(0, 4));
    expect(answers.slice(0, -1).every((answer) => answer.has_more && answer.next_page === null)).toBe(true);
  }
});

test("[SYNC-4] a full sync pages with its first page's server_time, and a change between two pages comes next", async () => {
  const world = await openWorld();
  for (let n = 0; n < 6; n += 1) await conversationWith(world, 0);
  const device = new Device(world);
  const first = await ask(world, { limit: 3 });
  expect(first).toMatchObject({ has_more: true, next_page: expect.any(String) });
  const changed = await conversationWith(world, 1);
  const second = await ask(world, { page: first.next_page, limit: 5000 });
  expect(second).toMatchObject({ server_time: first.server_time, epoch: first.epoch, is_full_sync: true, etag: null });
  device.since = micros(second.server_time);
  for (const row of [...first.conversations, ...second.conversations]) device.rows.set(row.id, row);
  const [increment] = await device.syncChanges();
  expect(increment?.conversations.map((row) => row.id)).toEqual([changed]);
  await expectInStep(world, device);
});

const BAD_PAGE = { refused: "invalid_parameter", members: { parameter: "page" } };

test("[SYNC-7] page alone continues; one that is no page, of another account or of an earlier epoch is refused", async () => {
  const world = await openWorld();
  await conversationWith(world, 0);
  const { next_page: page } = await ask(world, { limit: 1 });
  expect((await ask(world, { page })).conversations).toHaveLength(1);
  for (const bad of ["", "x", "bm9uc2Vuc2U", Buffer.from("[1,2,3]").toString("base64url")]) {
    expect(refusalOf(await tryAsk(world, { page: bad }))).toMatchObject(BAD_PAGE);
  }
  const other = { engine: world.engine, accountId: uuid() as AccountId };
  await world.engine.ensureAccount({ id: other.accountId, email: null, name: "Bob", unreadScope: "device" });
  expect(refusalOf(await tryAsk(other, { page }))).toMatchObject(BAD_PAGE);
  await world.engine.renewEpoch();
  expect(refusalOf(await tryAsk(world, { page }))).toMatchObject(BAD_PAGE);
});

test("[SYNC-5] a since from before the horizon is answered in full, on a young database too", async () => {
  const world = await openWorld();
  const now = world.environment.now();
  const days = (n: number) => (now - n * DAY_MS * 1000) as Micros;
  expect((await ask(world, { since: days(91) })).is_full_sync).toBe(true);
  expect((await ask(world, { since: days(89) })).is_full_sync).toBe(false);
});

test("[SYNC-5] a since that is the clock itself misses nothing, however old it is: an empty increment is its answer", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  world.environment.step(91 * DAY_MS);
  expect(await ask(world, { since })).toMatchObject({ is_full_sync: false, conversations: [], deleted_ids: [] });
  expect((await ask(world, { since: (since - 1) as Micros })).is_full_sync).toBe(true);
});

test("[SYNC-5] a since from before the newest pruned deletion is answered in full", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  const doomed = await conversationWith(world, 1);
  await world.engine.erase(world.accountId, doomed);
  world.environment.step(91 * DAY_MS);
  const live = await conversationWith(world, 1);
  await world.engine.sweep();
  world.environment.step(-80 * DAY_MS);
  expect((await ask(world, { since })).is_full_sync).toBe(true);
  const afterPrune = micros((await ask(world)).server_time);
  await world.engine.patch(world.accountId, live, { pinned: true });
  expect((await ask(world, { since: afterPrune })).is_full_sync).toBe(false);
});

test("[EPOCH-1] another epoch is answered in full, and a renewed one is told", async () => {
  const world = await openWorld();
  const { epoch, server_time } = await ask(world);
  const since = micros(server_time);
  expect((await ask(world, { since, epoch })).is_full_sync).toBe(false);
  expect((await ask(world, { since, epoch: "other" })).is_full_sync).toBe(true);
  const renewed = await world.engine.renewEpoch();
  expect(renewed).not.toBe(epoch);
  expect(await ask(world, { since, epoch })).toMatchObject({ is_full_sync: true, epoch: renewed });
  expect(world.engine.epoch).toBe(renewed);
});

test("[SYNC-6] a since after the clock gets an empty increment with the true server_time, also where it may wait", async () => {
  const world = await openWorld();
  const { server_time } = await ask(world);
  const since = (micros(server_time) + 1) as Micros;
  for (const waitS of [0, 20]) {
    const answer = await ask(world, { since, waitS });
    expect(answer).toMatchObject({ conversations: [], deleted_ids: [], is_full_sync: false, server_time });
  }
});

test("[SYNC-8] a full answer has an ETag of epoch and clock, and a matching If-None-Match gets a 304", async () => {
  const world = await openWorld();
  const { etag, epoch, server_time } = await ask(world);
  expect(etag).toContain(`"${epoch}.${micros(server_time)}.`);
  expect(await tryAsk(world, { ifNoneMatch: etag })).toEqual({ kind: "not-modified", etag });
  expect(await tryAsk(world, { ifNoneMatch: `W/${etag}` })).toEqual({ kind: "not-modified", etag });
  await world.engine.patch(world.accountId, world.conversationId, { pinned: true });
  expect((await ask(world, { ifNoneMatch: etag })).etag).not.toBe(etag);
  expect(await tryAsk(world, { ifNoneMatch: " * " })).toMatchObject({ kind: "not-modified" });
  expect(await tryAsk(world, { ifNoneMatch: '"*"' })).toMatchObject({ kind: "answer" });
});

test("[TURN-10] [SYNC-8] what is kept of an answer is never one that left out another default model", async () => {
  const world = await openWorld();
  const { storage, environment, accountId, conversationId: id } = world;
  await world.engine.patch(accountId, id, { model: "small" });
  let defaultModel = "small";
  const engine = createEngine({ storage, environment, options: { ...OPTIONS, defaultModel: () => defaultModel } });
  const { server_time: before } = await ask({ engine, accountId });
  await engine.patch(accountId, id, { pinned: true });
  const questions: Partial<SyncQuery>[] = [{}, { since: micros(before) }];
  const models = () =>
    Promise.all(
      questions.map(async (question) => {
        const { conversations } = await ask({ engine, accountId }, question);
        return conversations.find((row) => row.id === id)?.model;
      }),
    );
  expect(await models()).toEqual([undefined, undefined]);
  const { etag } = await ask({ engine, accountId });
  expect(await tryAsk({ engine, accountId }, { ifNoneMatch: etag })).toEqual({ kind: "not-modified", etag });
  defaultModel = "large";
  expect(await models()).toEqual(["small", "small"]);
  expect(await tryAsk({ engine, accountId }, { ifNoneMatch: etag })).toMatchObject({ kind: "answer" });
});

test("[SYNC-9] an account's answers hold nothing of another's, whose writes don't move its clock", async () => {
  const world = await openWorld();
  const before = await ask(world);
  const other = { engine: world.engine, accountId: uuid() as AccountId };
  await world.engine.ensureAccount({ id: other.accountId, email: null, name: "Bob", unreadScope: "device" });
  must(await world.engine.create(other.accountId, { id: world.conversationId, title: "Bob's" }));
  expect(await ask(world)).toEqual(before);
  expect((await ask(other)).conversations).toMatchObject([{ id: world.conversationId, title: "Bob's" }]);
  expect(refusalOf(await world.engine.open(other.accountId, uuid() as ConversationId, 10)).refused).toBe(
    "conversation_not_found",
  );
});

test("[CLOCK-4] server_time is written with six digits", async () => {
  const world = await openWorld();
  const { server_time } = await ask(world);
  expect(server_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  expect(formatTimestamp(micros(server_time))).toBe(server_time);
});

test("an account that isn't there is refused", async () => {
  const world = await openWorld();
  const nobody = { engine: world.engine, accountId: uuid() as AccountId };
  expect(refusalOf(await tryAsk(nobody)).refused).toBe("unauthorized");
  expect(refusalOf(await tryAsk(nobody, { since: world.environment.now() })).refused).toBe("unauthorized");
});

test("[SYNC-4] a page of thousands is one snapshot, read in pieces that let others have their turn", async () => {
  const world = await openWorld();
  const ids = await importEmpty(world, 3500);
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  const [answer] = await Promise.all([ask(world, { limit: 3200 }), world.engine.trash(world.accountId, ids[0]!)]);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(0);
  const sorted = [...ids, world.conversationId].sort();
  expect(answer.conversations.map((row) => row.id)).toEqual(sorted.slice(0, 3200));
  expect(await ask(world, { page: answer.next_page })).toMatchObject({ has_more: false });
});
