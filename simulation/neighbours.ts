/** A second account with devices of its own on the same server, in a share of the schedules [SYNC-9]. */
import { Random } from "./random.ts";
import { mood } from "./step-makers.ts";
import type { ApiStep, DeviceSetting, DeviceStep, Schedule, Setting, Step, TabStep } from "./step.ts";

/** How many of the schedules have a second account. */
const SHARE = 0.2;
/** For as many steps of the first account there is one of the second. */
const ONE_IN = 3;

/** In some schedules somebody else is there too; all others stay as they are, whatever this draws. */
export function withNeighbour(schedule: Schedule, makeDevice: (random: Random) => DeviceSetting): Schedule {
  const random = new Random(schedule.seed ^ 0x7e19b);
  if (random.chance(1 - SHARE)) return schedule;
  const neighbour: Setting = {
    ...schedule.setting,
    devices: Array.from({ length: 1 + random.below(2) }, () => makeDevice(random)),
    unreadScope: random.chance(0.15) ? "account" : "device",
    conversations: random.below(3),
  };
  const makers = mood(random, random.chance(0.5));
  const steps = [...schedule.steps];
  for (let count = Math.ceil(steps.length / ONE_IN); count > 0; count -= 1) {
    const made = random.chance(0.1) ? trespass(random) : [random.weighted(makers)(random)].flat().filter(isTheirs);
    const theirs = made.map((step): Step => ({ do: "neighbour", step }));
    steps.splice(random.below(steps.length + 1), 0, ...theirs);
  }
  return { ...schedule, neighbour, steps };
}

/** What is left of it for the first account. */
export function withoutNeighbour({ seed, setting, steps }: Schedule): Schedule {
  return { seed, setting, steps: steps.filter((step) => step.do !== "neighbour" && step.do !== "trespass") };
}

/** Either account asks for what is the other's. */
function trespass(random: Random): { readonly do: "trespass"; readonly conversation: number }[] {
  return [{ do: "trespass", conversation: random.below(6) }];
}

/** What happens to the server and to time happens to both. */
function isTheirs(step: Step): step is TabStep | DeviceStep | ApiStep {
  return "tab" in step || "device" in step || ["import", "api", "api-send"].includes(step.do);
}
