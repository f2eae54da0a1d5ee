/** The short chaos; `npm run chaos -- --kills 200` is the long one. */
import { expect, it } from "vitest";
import { runChaos } from "./chaos.ts";

it("[TURN-1] [TURN-2] [TURN-3] [TURN-4] [TURN-5] [TURN-6] [SYNC-10] [CLOCK-3] killed at random instants under load, the program loses nothing that it acknowledged, and doubles and hangs nothing", async () => {
  const { faults, figures } = await runChaos({
    seed: 1,
    kills: 4,
    talkers: 4,
    maxLifeMs: 900,
    longLives: 0,
    // Beside other tests on a busy machine a second is not always a second.
    durableAfterMs: 3000,
  });
  expect(faults, figures.join("\n")).toEqual([]);
}, 180_000);
