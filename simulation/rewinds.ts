/** A backup that is put back, in a share of the schedules: what is written after it is news to devices that know more than it has [EPOCH-1]. */
import { Random } from "./random.ts";
import { api } from "./step-makers.ts";
import type { Step } from "./step.ts";

/** How many of the schedules have one for sure; by chance few restores find a backup. */
const SHARE = 0.15;

/** In some schedules history is rewound and goes on; all others stay as they are, whatever this draws. */
export function withRewinds(seed: number, steps: readonly Step[]): readonly Step[] {
  const random = new Random(seed ^ 0x2e819d);
  if (random.chance(1 - SHARE)) return steps;
  const backup = random.below(steps.length);
  const restore = backup + random.below(steps.length - backup);
  const wait: Step = { do: "wait", ms: random.pick([20, 5000, 90_000]) };
  const elsewhere = Array.from({ length: 3 }, (): Step => {
    return { do: "api-send", conversation: random.below(6), script: { tokens: 0, gapMs: 1, end: "complete" } };
  });
  return [
    ...steps.slice(0, backup),
    { do: "backup" },
    ...steps.slice(backup, restore),
    { do: "server", server: "restore-backup", downMs: random.pick([0, 500, 20_000]) },
    // What is written right after it moves the clock past what devices know of the history that is gone.
    api(random),
    api(random),
    wait,
    ...elsewhere,
    ...steps.slice(restore),
  ];
}
