/** From a seed to a schedule: who takes part, and what happens to them. */
import { withNeighbour } from "./neighbours.ts";
import { Random } from "./random.ts";
import { withRewinds } from "./rewinds.ts";
import { withStoreFaults } from "./store-faults.ts";
import { api, mood } from "./step-makers.ts";
import type { DeviceSetting, Schedule, Setting, Step } from "./step.ts";

/** The schedule of a seed; `length` steps, the waits between them not counted. */
export function scheduleOf(seed: number, length: number): Schedule {
  const random = new Random(seed);
  const setting = makeSetting(random);
  const makers = mood(random, hasSwaps(seed));
  const steps: Step[] = [];
  while (steps.length < length) {
    const made = random.weighted(makers)(random);
    const several = Array.isArray(made) ? made : [made];
    steps.push(...several);
    const step = several[0];
    if (!step) continue;
    // What is written right after a restore moves the clock past what devices know of the history that is gone.
    if (step.do === "server" && step.server === "restore-backup") steps.push(api(random), api(random));
    if (random.chance(0.6)) steps.push({ do: "wait", ms: waitMs(random) });
  }
  return withNeighbour({ seed, setting, steps: withStoreFaults(seed, setting, withRewinds(seed, steps)) }, makeDevice);
}

function makeSetting(random: Random): Setting {
  return {
    devices: Array.from({ length: 1 + random.below(3) }, () => makeDevice(random)),
    live: random.chance(0.5),
    unreadScope: random.chance(0.15) ? "account" : "device",
    pageLimit: random.pick([1000, 1000, 3, 1]),
    conversations: random.below(4),
  };
}

function makeDevice(random: Random): DeviceSetting {
  const hasStore = random.chance(0.5);
  const hasTabs = random.chance(0.7);
  return {
    tabs: random.weighted([
      [6, 1],
      [3, 2],
      [1, 3],
    ]),
    hasStore,
    // Tabs that show each other's changes share the store from which any of them can send it.
    hasTabs: hasStore && hasTabs,
    hasLocks: random.chance(0.7),
    diskMs: random.pick([0, 0, 30, 3000]),
    latencyMs: random.pick([1, 20, 200, 2000]),
  };
}

/** Versions come back in half of the schedules; its own randomness leaves the other half as it is. */
function hasSwaps(seed: number): boolean {
  return new Random(seed ^ 0x5a4b).chance(0.5);
}

function waitMs(random: Random): number {
  return random.weighted([
    [4, random.below(50)],
    [4, random.below(1500)],
    [4, random.below(20_000)],
    [3, 60_000 + random.below(2000)],
    [1, 301_000 + random.below(60_000)],
  ]);
}
