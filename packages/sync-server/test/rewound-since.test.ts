/** A clock that was never given out: a device that names its history is told that it is lost, one that names none is taken at its word. */
import type { ConversationId, Micros } from "@instep/protocol";
import { expect, onTestFinished, test } from "vitest";
import { ask, micros } from "./sync-world.ts";
import { openInlineSqliteStorage } from "../src/storage/sqlite/index.ts";
import { openWorld, temporaryFile, TurnWorld, uuid } from "./turn-world.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

test("[EPOCH-1, SYNC-2] devices that ask from the same unknown clock at once, with and without an epoch, each get their own answer", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId } = world;
  const { server_time, epoch } = await ask(world);
  const since = (micros(server_time) + 500) as Micros;
  await world.environment.advance(1000);
  await engine.noteStart();
  await engine.patch(accountId, conversationId, { title: "since then" });
  for (const named of [{}, { epoch }]) await ask(world, { since: micros(server_time), ...named });
  const [naming, silent] = await Promise.all([ask(world, { since, epoch }), ask(world, { since })]);
  expect(silent).toMatchObject({ is_full_sync: false, conversations: [{ title: "since then" }] });
  expect(naming).toMatchObject({ is_full_sync: true });
  expect(naming.epoch).not.toBe(epoch);
});

test("[EPOCH-1] a device is told of a new history also where this process has not heard of it yet, and makes no further one", async () => {
  const path = await temporaryFile();
  const world = new TurnWorld(openInlineSqliteStorage({ path, isDurable: false }), new VirtualEnvironment());
  const other = openInlineSqliteStorage({ path, isDurable: false });
  onTestFinished(async () => {
    await other.close();
    await world.close();
  });
  await world.prepare();
  const { server_time, epoch } = await ask(world);
  await world.engine.patch(world.accountId, world.conversationId, { title: "since then" });
  await other.transact("renewEpoch", { epoch: "another" });
  expect(world.storage.epoch).toBe(epoch);
  const answer = await ask(world, { since: micros(server_time), epoch });
  expect(answer).toMatchObject({ is_full_sync: true, epoch: "another" });
});

test.each([
  ["a write that was asked for before another process started, and came after it", 0],
  ["writes after the wall clock has stepped back behind the start", 5_000_000],
])("[EPOCH-1] %s begin no new history, and what is lost around them is found all the same", async (_, stepBack) => {
  const world = await openWorld();
  const { engine, accountId, environment } = world;
  const { epoch, server_time: before } = await ask(world);
  environment.step(60_000);
  const asked = (environment.now() - stepBack) as Micros;
  environment.step(3);
  await engine.noteStart();
  const making = { accountId, title: "Made", model: null };
  const make = (now: number) =>
    world.storage.transact("createConversation", { ...making, now: now as Micros, id: uuid() as ConversationId });
  await make(asked);
  const first = micros((await ask(world)).server_time);
  await make(asked);
  const second = micros((await ask(world)).server_time);
  environment.step(1000);
  await make(environment.now());
  for (const since of [first, second]) {
    expect(await ask(world, { since, epoch })).toMatchObject({ is_full_sync: false, epoch });
  }
  for (const lost of [first - 500, second + 500]) {
    expect(lost).toBeGreaterThan(micros(before));
    const named = world.engine.epoch;
    const isFound = await world.storage.read((snapshot) => snapshot.isBeforeStart(accountId, lost as Micros));
    expect([isFound, named]).toEqual([true, epoch]);
  }
});

test("[EPOCH-1] every history that is begun anew has a name of its own", async () => {
  const { engine } = await openWorld();
  const names = [engine.epoch, await engine.renewEpoch(), await engine.renewEpoch(), engine.epoch];
  expect(new Set(names).size).toBe(3);
  expect(names[3]).toBe(names[2]);
});
