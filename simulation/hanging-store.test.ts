/** Schedules in which a browser's store hangs or fails, that failed once, made short [DEV-14]. */
import { describe, it } from "vitest";
import { expectToHold, quick, scheduleWith, shared, stored } from "./hand-made.ts";
import type { Step } from "./step.ts";

describe("[DEV-14] a store that hangs or fails", () => {
  it("leaves nothing shown as not sent that another tab has sent meanwhile, once it answers", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 5, script: quick, batch: false },
      { do: "quiet" },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: true },
      { do: "wait", ms: 6 },
      { do: "retry", tab: 0 },
      { do: "store", tab: 1, store: "is-mute" },
      { do: "wait", ms: 3842 },
    ];
    await expectToHold({ ...scheduleWith({ devices: [shared] }, steps), seed: 165 });
  });

  it("gets nothing back that another tab has taken over and sent", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 2 },
      { do: "api-send", conversation: 5, script: quick },
      { do: "send", tab: 0, script: quick, conversation: 1, batch: false },
      { do: "store", tab: 0, store: "is-mute" },
      { do: "wait", ms: 3859 },
    ];
    await expectToHold({ ...scheduleWith({ devices: [shared], conversations: 2 }, steps), seed: 3268 });
  });

  it("keeps no turn's end from whoever looks at it", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: true },
      { do: "wait", ms: 2 },
      { do: "disk", device: 0, disk: "is-mute" },
      { do: "wait", ms: 5 },
      { do: "draft", tab: 0, script: quick, batch: false },
    ];
    await expectToHold({ ...scheduleWith({ devices: [stored] }, steps), seed: 3949 });
  });

  it("leaves no change shown in other tabs that went with its own", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "disk", device: 0, disk: "is-mute" },
      { do: "wait", ms: 5766 },
      { do: "change", tab: 2, conversation: 0, change: "remove" },
      { do: "page", tab: 5, page: "kill" },
    ];
    await expectToHold({ ...scheduleWith({ devices: [{ ...shared, hasLocks: false }] }, steps), seed: 3238 });
  });

  it("[DEV-8] shows no earlier name again once the later one is confirmed", async () => {
    const steps: Step[] = [
      { do: "disk", device: 0, disk: "hangs" },
      { do: "wait", ms: 2 },
      { do: "change", tab: 0, conversation: 0, change: "unpin" },
      { do: "wait", ms: 4 },
      { do: "change", tab: 0, conversation: 0, change: "rename", soon: "rename" },
      { do: "wait", ms: 3784 },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [stored], live: true, conversations: 1 }, steps),
      seed: 450001282,
    });
  });

  it("[DEV-8] [DEV-12] lets no tab that is opened later do again what an Undo has ended since", async () => {
    const steps: Step[] = [
      { do: "store", tab: 0, store: "is-mute" },
      { do: "wait", ms: 2 },
      { do: "change-many", tab: 0, conversation: 0, count: 5, change: "pin", undo: "answered" },
      { do: "wait", ms: 6713 },
      { do: "new-tab", device: 0 },
    ];
    await expectToHold({ ...scheduleWith({ devices: [stored], conversations: 3 }, steps), seed: 2250008767 });
  });

  it("[DEV-12] keeps nothing back that waited in it, where it failed while the page opened", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "disk", device: 0, disk: "fails" },
      { do: "page", tab: 0, page: "reopen" },
    ];
    await expectToHold({ ...scheduleWith({ devices: [stored], conversations: 0 }, steps), seed: 2600000792 });
  });

  it("[DEV-8] [DEV-12] lets no tab that is opened later do again what could not be taken out of it while it failed", async () => {
    const steps: Step[] = [
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "wait", ms: 3 },
      { do: "change-many", tab: 0, conversation: 0, count: 5, change: "archive", undo: "answered" },
      { do: "disk", device: 0, disk: "fails" },
      { do: "page", tab: 5, page: "reopen" },
    ];
    await expectToHold({ ...scheduleWith({ devices: [stored], conversations: 3 }, steps), seed: 2620001840 });
  });

  it("[DEV-8] [DEV-14] what is over, and stands in a store that fails, is done again by no tab that was opened since", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 61_773 },
      { do: "change", tab: 0, conversation: 1, change: "unpin" },
      { do: "disk", device: 0, disk: "fails" },
      { do: "import", conversations: 1, messages: 160 },
      { do: "wait", ms: 60_347 },
      { do: "send", tab: 0, script: { tokens: 1, gapMs: 7000, end: "failed" }, conversation: 5, batch: true },
      { do: "wait", ms: 60_457 },
      { do: "change", tab: 0, conversation: 0, change: "pin" },
      { do: "new-tab", device: 0, conversation: 0 },
    ];
    const device = { ...shared, tabs: 1, hasLocks: false };
    const setting = { devices: [device], live: true, conversations: 3 };
    await expectToHold({ ...scheduleWith(setting, steps), seed: 2900000554 });
  });
});
