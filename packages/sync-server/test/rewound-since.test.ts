/** A clock that was never given out: a device that names its history is told that it is lost, one that names none is taken at its word. */
import type { Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import { ask, micros } from "./sync-world.ts";
import { openWorld } from "./turn-world.ts";

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
