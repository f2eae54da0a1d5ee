/** Schedules that are written out: what every test of one needs. */
import { expect } from "vitest";
import { simulate } from "./simulate.ts";
import type { Schedule, Setting, Step } from "./step.ts";

export const one = { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, latencyMs: 1, diskMs: 0 } as const;
export const stored = { ...one, hasStore: true } as const;
export const shared = { tabs: 2, hasStore: true, hasTabs: true, hasLocks: true, latencyMs: 1, diskMs: 0 } as const;
export const quick = { tokens: 0, gapMs: 1, end: "complete" } as const;

/** A schedule of these steps; by default one device of one tab, which keeps nothing, and polls. */
export function scheduleWith(setting: Partial<Setting>, steps: readonly Step[]): Schedule {
  const defaults: Setting = { devices: [one], live: false, unreadScope: "device", pageLimit: 1000, conversations: 0 };
  return { seed: 1, setting: { ...defaults, ...setting }, steps };
}

/** Nothing false is shown, and all converges. */
export async function expectToHold(schedule: Schedule): Promise<void> {
  const { failure } = await simulate(schedule);
  expect(failure, failure?.message).toBeNull();
}
