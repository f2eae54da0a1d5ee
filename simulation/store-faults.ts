/** A browser's store that hangs, or fails, in a share of the schedules [DEV-14]. */
import { Random } from "./random.ts";
import type { Setting, Step } from "./step.ts";

/** How many of the schedules in which a store can do so. */
const STORE_FAULTS = 0.3;

/** It gives nothing for a while, or once, or takes its time. */
const PASSING = ["fails", "fails-once", "is-slow"] as const;

/** In some schedules a browser's store hangs, or fails; in all others everything is as if there were no such fault. */
export function withStoreFaults(seed: number, setting: Setting, steps: readonly Step[]): readonly Step[] {
  const random = new Random(seed ^ 0x570ed);
  if (!setting.devices.some(({ hasStore }) => hasStore) || random.chance(1 - STORE_FAULTS)) return steps;
  const faulty = [...steps];
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const at = random.below(faulty.length + 1);
    faulty.splice(at, 0, storeFault(random));
    const isHealed = random.chance(0.5);
    if (isHealed) faulty.splice(at + 1 + random.below(faulty.length - at), 0, healed(random));
  }
  return faulty;
}

function storeFault(random: Random): Step {
  return random.weighted<Step>([
    [3, { do: "store", tab: random.below(6), store: random.pick(["hangs", "is-mute", "loses", ...PASSING]) }],
    [2, { do: "disk", device: random.below(4), disk: random.pick(["hangs", "is-mute", ...PASSING]) }],
  ]);
}

function healed(random: Random): Step {
  if (random.chance(0.5)) return { do: "store", tab: random.below(6), store: "answers" };
  return { do: "disk", device: random.below(4), disk: "answers" };
}
