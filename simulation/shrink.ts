/** Makes a failing schedule shorter: fewer steps, then simpler ones, as long as it goes on failing. */
import { withoutNeighbour } from "./neighbours.ts";
import type { Schedule, Setting, Step } from "./step.ts";

/** Whether a schedule fails. */
export type Fails = (schedule: Schedule) => Promise<boolean>;

/** The shortest schedule that was found to fail, with at most `budget` runs. */
export async function shrink(schedule: Schedule, fails: Fails, budget = 400): Promise<Schedule> {
  const search = new Search(schedule, fails, budget);
  return search.run();
}

class Search {
  #best: Schedule;
  readonly #fails: Fails;
  #left: number;

  constructor(schedule: Schedule, fails: Fails, budget: number) {
    this.#best = schedule;
    this.#fails = fails;
    this.#left = budget;
  }

  async run(): Promise<Schedule> {
    let before: Schedule | null = null;
    while (before !== this.#best && this.#left > 0) {
      before = this.#best;
      await this.#leaveOutNeighbour();
      await this.#leaveOutSteps();
      await this.#simplifySetting();
      await this.#simplifySteps();
    }
    return this.#best;
  }

  async #leaveOutNeighbour(): Promise<void> {
    if (this.#best.neighbour) await this.#tryOne(withoutNeighbour(this.#best));
    const { neighbour } = this.#best;
    for (const simpler of neighbour ? simplerSettings(neighbour) : []) {
      await this.#tryOne({ ...this.#best, neighbour: simpler });
    }
  }

  /** Leaves out halves, quarters, … single steps. */
  async #leaveOutSteps(): Promise<void> {
    for (let size = Math.ceil(this.#best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let end = this.#best.steps.length; end > 0; end -= size) {
        const begin = Math.max(0, end - size);
        const steps = [...this.#best.steps.slice(0, begin), ...this.#best.steps.slice(end)];
        await this.#tryOne({ ...this.#best, steps });
      }
    }
  }

  async #simplifySetting(): Promise<void> {
    for (const simpler of simplerSettings(this.#best.setting)) {
      await this.#tryOne({ ...this.#best, setting: simpler });
    }
  }

  async #simplifySteps(): Promise<void> {
    for (const index of this.#best.steps.keys()) {
      const step = this.#best.steps[index];
      for (const simpler of step ? simplerSteps(step) : []) {
        await this.#tryOne({ ...this.#best, steps: this.#best.steps.with(index, simpler) });
      }
    }
  }

  async #tryOne(candidate: Schedule): Promise<void> {
    if (this.#left <= 0) return;
    this.#left -= 1;
    if (await this.#fails(candidate)) this.#best = candidate;
  }
}

function simplerSettings(setting: Setting): Setting[] {
  const { devices } = setting;
  const withDevice = (index: number, change: Partial<Setting["devices"][number]>): Setting => ({
    ...setting,
    devices: devices.map((device, at) => (at === index ? { ...device, ...change } : device)),
  });
  return [
    ...(devices.length > 1 ? devices.map((_, index) => ({ ...setting, devices: devices.toSpliced(index, 1) })) : []),
    { ...setting, live: false },
    { ...setting, pageLimit: 1000 },
    { ...setting, conversations: 0 },
    ...devices.flatMap((_, index) => [
      withDevice(index, { tabs: 1 }),
      withDevice(index, { hasStore: false, hasTabs: false }),
      withDevice(index, { hasTabs: false, hasLocks: false }),
      withDevice(index, { latencyMs: 1 }),
      withDevice(index, { diskMs: 0 }),
    ]),
  ].filter((simpler) => JSON.stringify(simpler) !== JSON.stringify(setting));
}

function simplerSteps(step: Step): Step[] {
  const simpler: Step[] = [];
  for (const name of ["tab", "conversation", "device"] as const) {
    const value: unknown = Reflect.get(step, name);
    if (typeof value === "number" && value > 0) simpler.push({ ...step, [name]: 0 });
  }
  if ("script" in step && (step.script.tokens > 0 || step.script.end !== "complete" || step.script.gapMs > 1)) {
    simpler.push({ ...step, script: { tokens: 0, gapMs: 1, end: "complete" } });
  }
  if (step.do === "fault" && step.times > 1) simpler.push({ ...step, times: 1 });
  if (step.do === "wait" && step.ms > 2) simpler.push({ ...step, ms: Math.floor(step.ms / 2) });
  return simpler;
}
