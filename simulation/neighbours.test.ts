import { expect, it } from "vitest";
import { withNeighbour, withoutNeighbour } from "./neighbours.ts";
import { expectToHold, one, quick, scheduleWith, shared } from "./hand-made.ts";
import { scheduleOf } from "./schedule.ts";
import { simulate } from "./simulate.ts";
import type { Step } from "./step.ts";

const theirs = (step: Extract<Step, { do: "neighbour" }>["step"]): Step => ({ do: "neighbour", step });

it("[SYNC-9] two accounts with devices of their own on one server see, store and hear nothing of each other", async () => {
  const seeds = Array.from({ length: 40 }, (_, at) => 40_001 + at).filter((seed) => scheduleOf(seed, 40).neighbour);
  expect(seeds.length).toBeGreaterThan(5);
  for (const seed of seeds) {
    const { failure, failedAt } = await simulate(scheduleOf(seed, 40));
    expect(failure, `seed ${seed}, step ${failedAt}: ${failure?.message}`).toBeNull();
  }
}, 300_000);

it("[SYNC-9] what somebody else writes while a question is held answers nothing, and an id that was overheard opens nothing", async () => {
  const draft = { do: "draft", tab: 0, script: quick, batch: false } as const;
  const steps: readonly Step[] = [
    draft,
    theirs(draft),
    { do: "wait", ms: 8000 },
    theirs({ do: "api-send", conversation: 0, script: quick }),
    { do: "wait", ms: 3000 },
    { do: "trespass", conversation: 0 },
    theirs({ do: "trespass", conversation: 0 }),
    { do: "quiet" },
  ];
  await expectToHold({
    ...scheduleWith({ devices: [shared], live: true }, steps),
    neighbour: { ...alone, live: true },
  });
});

const alone = { devices: [one], live: false, unreadScope: "device", pageLimit: 1000, conversations: 1 } as const;

it("leaves the steps of the first account, and every schedule that has no second one, as they are", () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const schedule = { ...scheduleWith({}, [{ do: "quiet" }, { do: "wait", ms: seed }]), seed };
    const made = withNeighbour(schedule, () => one);
    expect(withoutNeighbour(made)).toEqual(schedule);
    if (!made.neighbour) expect(made).toBe(schedule);
  }
});
