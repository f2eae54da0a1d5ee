/** A database that goes away and comes back: nobody's reply is lost to it, and what died meanwhile is closed soon. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { must, openWorld } from "./turn-world.ts";

/** Away for longer than the time between two rounds of a reaper, and back for less or more than between two heartbeats. */
const flicker = fc.record({
  awayMs: fc.integer({ min: 6000, max: 30_000 }),
  backMs: fc.integer({ min: 100, max: 9000 }),
});

test("[TURN-6] a database that goes and comes, however often and long, costs no reply whose node lives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(flicker, { minLength: 1, maxLength: 5 }), async (flickers) => {
      const world = await openWorld();
      const living = world.anotherProcess();
      const writer = world.writer(must(await world.tryBegin("Hello", {}, living)), living);
      for (const { awayMs, backMs } of flickers) {
        world.database.isAway = true;
        await world.environment.advance(awayMs);
        world.database.isAway = false;
        await world.environment.advance(backMs);
      }
      await world.environment.advance(20_000);
      writer.write("Alive");
      const ended = writer.end({ kind: "complete" });
      await world.environment.advance(2000);
      await ended;
      expect((await world.messages()).at(-1)).toMatchObject({ content: "Alive", status: "complete" });
      await world.check();
      await world.close();
    }),
    { numRuns: 25 },
  );
});

test("[TURN-6] what died is closed ten seconds after the database is back, also where the first look for it failed", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  must(await world.tryBegin("Hello", {}, process.replies));
  process.freeze();
  await world.environment.advance(14_000);
  world.database.isAway = true;
  await world.environment.advance(2000);
  world.database.isAway = false;
  await world.environment.advance(10_000);
  expect((await world.detail()).active_reply_id).toBeNull();
});
