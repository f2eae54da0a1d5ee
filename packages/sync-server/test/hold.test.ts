/** Holding a request, and what it costs to have nothing to say. */
import type { Micros } from "@instep/protocol";
import { getEventListeners } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { ask, conversationWith, micros } from "./sync-world.ts";
import { openWorld, temporaryFile, TurnWorld } from "./turn-world.ts";
import { settle, VirtualEnvironment } from "./virtual-environment.ts";

test("an idle increment runs no SQL, and neither does a hold or a 304", async () => {
  const folder = await mkdtemp(join(tmpdir(), "instep-idle-"));
  const statements: string[] = [];
  const storage = openInlineSqliteStorage({
    path: join(folder, "instep.db"),
    isDurable: false,
    onStatement: (sql) => statements.push(sql),
  });
  const world = new TurnWorld(storage, new VirtualEnvironment());
  onTestFinished(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });
  await world.prepare();
  const { server_time, epoch, etag } = await ask(world);
  const since = micros(server_time);
  expect(statements.length).toBeGreaterThan(0);
  statements.length = 0;
  for (let n = 0; n < 100; n += 1) await ask(world, { since, epoch });
  await world.engine.sync(world.accountId, { ...IDLE, since: null, ifNoneMatch: etag });
  expect(await ask(world)).toMatchObject({ is_full_sync: true });
  const gone = new AbortController();
  const held = ask(world, { since, waitS: 10 }, gone.signal);
  gone.abort();
  await held;
  expect(statements).toEqual([]);
});

test("one look at the database answers everybody who stands at the same tick", async () => {
  const folder = await mkdtemp(join(tmpdir(), "instep-idle-"));
  const statements: string[] = [];
  const path = join(folder, "instep.db");
  const storage = openInlineSqliteStorage({ path, isDurable: false, onStatement: (sql) => statements.push(sql) });
  const world = new TurnWorld(storage, new VirtualEnvironment());
  onTestFinished(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });
  await world.prepare();
  const first = await ask(world);
  const since = micros(first.server_time);
  const held = Array.from({ length: 30 }, () => ask(world, { since, waitS: 20 }));
  await settle();
  statements.length = 0;
  await world.engine.patch(world.accountId, world.conversationId, { title: "news" });
  const answers = await Promise.all(held);
  for (const answer of answers) expect(answer.conversations).toMatchObject([{ title: "news" }]);
  const looks = () => statements.filter((sql) => sql.includes("tombstone") && sql.startsWith("SELECT")).length;
  expect(looks()).toBe(1);
  expect(await ask(world, { since })).toEqual(answers[0]);
  expect(looks()).toBe(1);
  await world.engine.patch(world.accountId, world.conversationId, { title: "newer" });
  expect((await ask(world, { since })).conversations).toMatchObject([{ title: "newer" }]);
  expect(looks()).toBe(2);
});

test.each(["known", "unknown"])(
  "one read answers all who ask for everything at once, the clock being %s",
  async (clock) => {
    const path = await temporaryFile();
    const statements: string[] = [];
    const storage = openInlineSqliteStorage({ path, isDurable: false, onStatement: (sql) => statements.push(sql) });
    const world = new TurnWorld(storage, new VirtualEnvironment());
    onTestFinished(() => world.close());
    await world.prepare();
    await conversationWith(world, 1);
    if (clock === "unknown") {
      const elsewhere = openInlineSqliteStorage({ path, isDurable: false });
      await elsewhere.transact("renewEpoch", { epoch: "another" });
      await elsewhere.close();
      await storage.lookAround();
    }
    statements.length = 0;
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(world)));
    for (const answer of answers) expect(answer.conversations).toHaveLength(2);
    expect(statements.filter((sql) => sql.includes("json_quote"))).toHaveLength(1);
  },
);

test("[SYNC-5] an answer that was remembered is not given once its tick is beyond the horizon", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  await world.engine.patch(world.accountId, world.conversationId, { title: "news" });
  expect(await ask(world, { since })).toMatchObject({ is_full_sync: false });
  world.environment.step(91 * 24 * 3_600_000);
  expect(await ask(world, { since })).toMatchObject({ is_full_sync: true });
});

test("[WAIT-1] a hold answers with the change that commits meanwhile, and no time passes", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  const held = ask(world, { since, waitS: 20 });
  await settle();
  expect(world.engine.statistics().heldRequests).toBe(1);
  await world.engine.patch(world.accountId, world.conversationId, { title: "news" });
  expect((await held).conversations).toMatchObject([{ title: "news" }]);
  expect(world.engine.statistics().heldRequests).toBe(0);
});

test("[WAIT-1] a change that commits between the look and the hold still wakes it", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  // Asked in one go: the commit happens at whatever point of the question the two reach together.
  const [answer] = await Promise.all([
    ask(world, { since, waitS: 20 }),
    world.engine.patch(world.accountId, world.conversationId, { title: "news" }),
  ]);
  expect(answer.conversations).toMatchObject([{ title: "news" }]);
});

test("[WAIT-1] with nothing to say the answer comes when the seconds are over, empty", async () => {
  const world = await openWorld();
  const { server_time } = await ask(world);
  let answered = false;
  const held = ask(world, { since: micros(server_time), waitS: 10 }).finally(() => (answered = true));
  await world.environment.advance(9_999);
  expect(answered).toBe(false);
  await world.environment.advance(1);
  expect(await held).toMatchObject({ conversations: [], server_time, retryAfterS: null });
});

test("[WAIT-1] no hold is longer than the server's longest", async () => {
  const world = await openWorld();
  const held = ask(world, { since: micros((await ask(world)).server_time), waitS: 60 });
  await world.environment.advance(25_000);
  expect((await held).conversations).toEqual([]);
});

test("[WAIT-1] a change of another account wakes nobody", async () => {
  const world = await openWorld();
  const other = uuidAccount();
  await world.engine.ensureAccount({ id: other, email: null, name: "Bob", unreadScope: "device" });
  const held = ask(world, { since: micros((await ask(world)).server_time), waitS: 10 });
  await settle();
  await world.engine.create(other, {});
  await settle();
  expect(world.engine.statistics().heldRequests).toBe(1);
  await world.environment.advance(10_000);
  await held;
});

test("[WAIT-2] a hold whose client goes away frees everything", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  const timers = world.environment.timerCount;
  const gone = new AbortController();
  const held = ask(world, { since, waitS: 20 }, gone.signal);
  await settle();
  expect(world.environment.timerCount).toBe(timers + 1);
  gone.abort();
  await held;
  expect(world.engine.statistics().heldRequests).toBe(0);
  expect(world.environment.timerCount).toBe(timers);
});

test("[WAIT-2] whatever ends a hold, it leaves no listener, no timer and no place behind", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId, environment } = world;
  const client = new AbortController();
  const ends: Record<string, () => unknown> = {
    "a commit": () => engine.patch(accountId, conversationId, { title: crypto.randomUUID() }),
    "its deadline": () => environment.advance(20_000),
    "the client": () => client.abort(),
    "the stop": () => engine.beginStop(),
  };
  const left = () => ({
    held: engine.statistics().heldRequests,
    timers: environment.timerCount,
    listeners: getEventListeners(client.signal, "abort").length,
  });
  const before = left();
  for (const [end, happen] of Object.entries(ends)) {
    const { signal } = end === "the client" ? client : new AbortController();
    const held = ask(world, { since: micros((await ask(world)).server_time), waitS: 20 }, signal);
    await settle();
    expect({ end, held: left().held }).toEqual({ end, held: 1 });
    await happen();
    await held;
    expect({ end, ...left() }).toEqual({ end, ...before });
    expect({ end, listeners: getEventListeners(signal, "abort") }).toEqual({ end, listeners: [] });
  }
});

test("[WAIT-2] a look that fails leaves nothing held", async () => {
  const world = await openWorld();
  const since = (micros((await ask(world)).server_time) - 1) as Micros;
  const timers = world.environment.timerCount;
  const { signal } = new AbortController();
  world.database.isAway = true;
  await expect(ask(world, { since, waitS: 20 }, signal)).rejects.toThrow("away");
  world.database.isAway = false;
  expect(world.engine.statistics().heldRequests).toBe(0);
  expect(world.environment.timerCount).toBe(timers);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("[WAIT-2] with nothing to say is answered in one call until the stop begins, and then with the time to come back", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  const { engine, accountId } = world;
  expect(engine.idleAnswer(accountId, { ...IDLE, since })).not.toBeNull();
  engine.beginStop();
  expect(engine.idleAnswer(accountId, { ...IDLE, since })).toBeNull();
  expect((await ask(world, { since })).retryAfterS).toBeGreaterThan(0);
});

test("[WAIT-2] over the limit of an account the answer comes at once", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  const held = Array.from({ length: 32 }, () => ask(world, { since, waitS: 20 }));
  await settle();
  expect(await ask(world, { since, waitS: 20 })).toMatchObject({ conversations: [], retryAfterS: null });
  expect(world.engine.statistics().heldRequests).toBe(32);
  await world.engine.patch(world.accountId, world.conversationId, { pinned: true });
  for (const answer of await Promise.all(held)) expect(answer.conversations).toHaveLength(1);
});

test("[WAIT-2] a stop answers every held request with a Retry-After, and holds none afterwards", async () => {
  const world = await openWorld();
  const since = micros((await ask(world)).server_time);
  const held = [1, 2, 3].map(() => ask(world, { since, waitS: 20 }));
  await settle();
  world.engine.beginStop();
  for (const answer of await Promise.all(held)) {
    expect(answer.conversations).toEqual([]);
    expect(answer.retryAfterS).toBeGreaterThan(0);
  }
  expect(await ask(world, { since, waitS: 20 })).toMatchObject({ conversations: [] });
  expect(world.engine.statistics().heldRequests).toBe(0);
});

test("[WAIT-1] another process's commit wakes a hold as soon as it is seen, and the cached clock is dropped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "instep-foreign-"));
  const path = join(folder, "instep.db");
  const storage = openInlineSqliteStorage({ path, isDurable: false });
  const world = new TurnWorld(storage, new VirtualEnvironment());
  await world.prepare();
  const elsewhere = new TurnWorld(openInlineSqliteStorage({ path, isDurable: false }), new VirtualEnvironment());
  onTestFinished(async () => {
    await world.close();
    await elsewhere.close();
    await rm(folder, { recursive: true });
  });
  const held = ask(world, { since: micros((await ask(world)).server_time), waitS: 20 });
  await settle();
  await elsewhere.engine.patch(world.accountId, world.conversationId, { title: "from elsewhere" });
  await storage.lookAround();
  expect((await held).conversations).toMatchObject([{ title: "from elsewhere" }]);
});

test("[WAIT-1] a wall clock that steps back holds no question longer that was woken for nothing", async () => {
  const path = await temporaryFile();
  const storage = openInlineSqliteStorage({ path, isDurable: false });
  const environment = new VirtualEnvironment();
  const world = new TurnWorld(storage, environment);
  await world.prepare();
  const elsewhere = new TurnWorld(openInlineSqliteStorage({ path, isDurable: false }), new VirtualEnvironment());
  onTestFinished(async () => {
    await world.close();
    await elsewhere.close();
  });
  const since = micros((await ask(world)).server_time);
  let answered = false;
  const held = ask(world, { since, waitS: 20 }).finally(() => (answered = true));
  await environment.advance(5_000);
  environment.stepWallClock(-3_600_000);
  await elsewhere.engine.ensureAccount({ id: uuidAccount(), email: null, name: "Bob", unreadScope: "device" });
  await storage.lookAround();
  await settle();
  expect(answered).toBe(false);
  await environment.advance(20_000);
  expect(answered).toBe(true);
  expect((await held).conversations).toEqual([]);
});

const IDLE = { since: null, full: false, epoch: null, waitS: 0, limit: 1000, page: null, ifNoneMatch: null };

function uuidAccount() {
  return crypto.randomUUID() as TurnWorld["accountId"];
}
