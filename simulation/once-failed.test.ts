/** Schedules of fresh ranges that failed, made short: each a rule that was mended. */
import { describe, it } from "vitest";
import { expectToHold, one, quick, scheduleWith, shared } from "./hand-made.ts";
import type { Step } from "./step.ts";

describe("schedules that once failed", () => {
  it("[ID-1] what waits here to be sent is not called deleted, whatever the server knows of it", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 88313 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: true },
      { do: "sync-now", tab: 0 },
      { do: "load-newer", tab: 0 },
    ];
    await expectToHold({
      ...scheduleWith(
        { devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 20 }] },
        steps,
      ),
      seed: 5026,
    });
  });

  it("[DEV-8] a change that is confirmed during a turn stays shown until the turn's end shows it", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 0, script: { tokens: 4, gapMs: 7000, end: "complete" }, batch: false },
      { do: "change", tab: 0, conversation: 0, change: "rename" },
    ];
    await expectToHold({ ...scheduleWith({ devices: [shared] }, steps), seed: 5048 });
  });

  it("[DEV-9] a turn's messages never stand beside a hole, though the counts agree", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 4 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "api", conversation: 0, change: "replace" },
    ];
    await expectToHold({ ...scheduleWith({ devices: [one], unreadScope: "account" }, steps), seed: 5095 });
  });
});
