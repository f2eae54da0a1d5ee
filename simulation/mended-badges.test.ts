/** Schedules of fresh ranges that failed by what they said was unread or was there, made short: each a rule that was mended. */
import { describe, it } from "vitest";
import { expectToHold, one, quick, scheduleWith, shared, stored } from "./hand-made.ts";
import type { Step } from "./step.ts";

describe("schedules that once failed", () => {
  it("[EPOCH-1] [DEV-5] a reply that ended unseen stays unread, though history was rewound during its turn", async () => {
    const steps: Step[] = [
      { do: "import", conversations: 2, messages: 1 },
      { do: "wait", ms: 59 },
      { do: "offline", device: 0 },
      { do: "page", tab: 0, page: "hide" },
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 20000 },
      { do: "page", tab: 0, page: "show" },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "new-tab", device: 0 },
      { do: "draft", tab: 0, script: quick, batch: false },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [{ ...stored, diskMs: 30, latencyMs: 20 }] }, steps),
      seed: 420000029,
    });
  });

  it("[MSG-5] a reply that another device brought back has a new number, and may be unread by that", async () => {
    const steps: Step[] = [
      { do: "send", tab: 1, script: { tokens: 4, gapMs: 100, end: "complete" }, conversation: 0, batch: false },
      { do: "quiet" },
      { do: "send", tab: 5, script: quick, conversation: 0, batch: true },
      { do: "wait", ms: 3 },
      { do: "ask-again", tab: 5, back: 3 },
      { do: "stop", tab: 1 },
      { do: "new-chat", tab: 4 },
    ];
    await expectToHold({ ...scheduleWith({ devices: [{ ...one, tabs: 2 }, one] }, steps), seed: 420000217 });
  });

  it("[DEV-12] a change that is refused, since somebody has deleted its conversation, is not made when that is restored", async () => {
    const steps: Step[] = [
      { do: "api", conversation: 0, change: "create" },
      { do: "wait", ms: 3786 },
      { do: "change", tab: 5, conversation: 0, change: "archive" },
      { do: "server", server: "crash", downMs: 20000 },
      { do: "change", tab: 0, conversation: 0, change: "remove", soon: "restore" },
      { do: "wait", ms: 2 },
      { do: "change", tab: 2, conversation: 0, change: "remove" },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [{ ...one, latencyMs: 2000 }, { ...one, tabs: 2 }, one] }, steps),
      seed: 420000653,
    });
  });

  it("[DEV-3] what was shown from the store alone, of a conversation that no answer had told of, was seen", async () => {
    const quickest = { tokens: 0, gapMs: 1, end: "complete" } as const;
    const steps: Step[] = [
      { do: "send", tab: 0, script: quickest, conversation: 0, batch: false },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "draft", tab: 0, script: quickest, batch: false },
      { do: "wait", ms: 6 },
      { do: "page", tab: 0, page: "kill" },
      { do: "open", tab: 0, conversation: 0 },
    ];
    const device = { ...one, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 };
    await expectToHold({ ...scheduleWith({ devices: [device], conversations: 0 }, steps), seed: 9 });
  });

  it("[DEV-3] what was painted is seen, though its row comes only later, and the page is hidden by then", async () => {
    const quickest = { tokens: 0, gapMs: 1, end: "complete" } as const;
    const steps: Step[] = [
      { do: "wait", ms: 4375 },
      { do: "draft", tab: 0, script: quickest, batch: true },
      { do: "page", tab: 0, page: "reopen" },
      { do: "wait", ms: 2 },
      { do: "send", tab: 1, script: quickest, conversation: 0, batch: false },
      { do: "page", tab: 0, page: "cache" },
      { do: "wait", ms: 7604 },
      { do: "page", tab: 0, page: "show" },
      { do: "wait", ms: 1 },
      { do: "page", tab: 0, page: "hide" },
    ];
    const device = { ...stored, tabs: 2, hasTabs: true, diskMs: 3000 };
    await expectToHold({
      ...scheduleWith({ devices: [device], live: true, conversations: 0 }, steps),
      seed: 950000048,
    });
  });

  it("[DEV-9] what stands around a found message is on screen, and no news in the banner", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 3 },
      { do: "import", conversations: 1, messages: 160 },
      { do: "find", tab: 0, conversation: 3, back: 140 },
      { do: "wait", ms: 2 },
      { do: "api-send", conversation: 2, script: { tokens: 0, gapMs: 1, end: "complete" } },
      { do: "find", tab: 0, conversation: 2, back: 0 },
    ];
    await expectToHold({ ...scheduleWith({ conversations: 2 }, steps), seed: 960000272 });
  });

  it("[DEV-3] what stood around a found message is seen, though its chat is left before the newest messages came", async () => {
    const steps: Step[] = [
      { do: "api-send", conversation: 0, script: { tokens: 1, gapMs: 7000, end: "failed" } },
      { do: "wait", ms: 18114 },
      { do: "find", tab: 3, conversation: 0, back: 30 },
      { do: "wait", ms: 498 },
      { do: "draft", tab: 5, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
    ];
    const devices = [one, { ...one, latencyMs: 2000 }];
    await expectToHold({ ...scheduleWith({ devices, live: true, conversations: 3 }, steps), seed: 960000458 });
  });

  it.each(["one", "many"])(
    "[DEV-4] a chat that is deleted and brought back within a turn has no badge of that: %s",
    async (kind) => {
      const at = { tab: 0, conversation: 0 } as const;
      const alone: Step[] = [
        { do: "change", ...at, change: "remove" },
        { do: "wait", ms: 3 },
        { do: "change", ...at, change: "restore" },
      ];
      const together: Step[] = [{ do: "change-many", ...at, count: 3, change: "remove", undo: "answered" }];
      const steps: Step[] = [
        { do: "fault", device: 0, call: "send", kind: "answer-late", times: 1, ms: 70_000 },
        { do: "send", ...at, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
        { do: "wait", ms: 4 },
        ...(kind === "one" ? alone : together),
      ];
      const setting = { devices: [{ ...one, latencyMs: 1 }], live: true, conversations: 0 };
      await expectToHold({ ...scheduleWith(setting, steps), seed: 930000001 });
    },
  );

  it("[DEV-3] what came while a chat was gone is unread when that is restored, though a send of this tab's own is on its way there", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 61809 },
      { do: "offline", device: 0 },
      { do: "wait", ms: 500 },
      { do: "send", tab: 2, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 1291 },
      { do: "change", tab: 2, conversation: 0, change: "remove" },
      { do: "wait", ms: 3070 },
      { do: "change", tab: 0, conversation: 0, change: "remove", soon: "restore" },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 20931 },
    ];
    const devices = [{ ...one, tabs: 2, latencyMs: 2000 }, one];
    // Of the kind of seed 990000318.
    await expectToHold({ ...scheduleWith({ devices, live: false, conversations: 1 }, steps), seed: 7 });
  });

  it("[DEV-3] what is loaded of a chat isn't seen where somebody looks for a message of it, and leaves before that comes", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 0, script: { tokens: 1, gapMs: 1000, end: "complete" }, batch: false, model: "model-b" },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "api-send", conversation: 0, script: { tokens: 0, gapMs: 7000, end: "complete" } },
      { do: "api-send", conversation: 1, script: { tokens: 3, gapMs: 7000, end: "complete" } },
      { do: "wait", ms: 61722 },
      { do: "draft", tab: 0, script: quick, batch: false, model: "model-b" },
      { do: "server", server: "restart", downMs: 20000 },
      { do: "find", tab: 0, conversation: 3, back: 0 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 2 },
    ];
    await expectToHold({ ...scheduleWith({ conversations: 2 }, steps), seed: 1010000272 });
  });

  it("[DEV-3] [SIGN-3] what a send has left, whose answer ended with the session, is no news where that goes on", async () => {
    const steps: Step[] = [
      { do: "fault", device: 0, call: "send", kind: "answer-hangs", times: 1, ms: 100 },
      { do: "api", conversation: 0, change: "create" },
      { do: "draft", tab: 1, script: quick, batch: false },
      { do: "wait", ms: 7 },
      { do: "session-ends", device: 0 },
      { do: "send", tab: 5, script: quick, conversation: 3, batch: false },
    ];
    const devices = [{ ...one, tabs: 2 }, one, one];
    await expectToHold({ ...scheduleWith({ devices, live: true }, steps), seed: 1100006518 });
  });

  it("[ID-1] [DEV-8] a conversation that was deleted is not made anew by its first send, when nobody knows of it any more", async () => {
    const steps: Step[] = [
      { do: "fault", device: 0, call: "change", kind: "answer-late", times: 1, ms: 70000 },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "wait", ms: 5 },
      { do: "change-many", tab: 2, conversation: 0, count: 5, change: "remove", undo: "never" },
      { do: "wait", ms: 2 },
      { do: "sleep", days: 91 },
    ];
    await expectToHold({ ...scheduleWith({ devices: [one, one, one], live: true }, steps), seed: 1100007710 });
  });

  it("[DEV-10] the first message of a chat that another device deleted before it came is given back, whatever a sync says first", async () => {
    const steps: Step[] = [
      { do: "quiet" },
      { do: "fault", device: 0, call: "change", kind: "answer-lost", times: 1, ms: 10 },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "wait", ms: 500 },
      { do: "offline", device: 0 },
      { do: "sync-now", tab: 1 },
      { do: "wait", ms: 1000 },
      { do: "change", tab: 1, conversation: 0, change: "remove" },
      { do: "wait", ms: 1000 },
      { do: "online", device: 0 },
    ];
    await expectToHold(scheduleWith({ devices: [{ ...one, latencyMs: 20 }, one] }, steps));
  });

  it("[DEV-14] [DEV-8] what a tab whose store hangs has sent and taken back, no other tab sends again", async () => {
    const steps: Step[] = [
      { do: "quiet" },
      { do: "change-many", tab: 0, conversation: 0, count: 2, change: "pin", undo: "answered" },
      { do: "store", tab: 0, store: "hangs" },
    ];
    await expectToHold({ ...scheduleWith({ devices: [shared], conversations: 1 }, steps), seed: 1110000757 });
  });

  it("[DEV-14] [DEV-8] nor one that was reading the store meanwhile", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 20000 },
      { do: "change-many", tab: 0, conversation: 0, count: 3, change: "archive", undo: "answered" },
      { do: "page", tab: 1, page: "reopen" },
      { do: "store", tab: 0, store: "loses" },
    ];
    const devices = [{ ...shared, diskMs: 3000, latencyMs: 2000 }];
    // Of the kind of seed 1110012023.
    await expectToHold({ ...scheduleWith({ devices, conversations: 3 }, steps), seed: 1110012023 });
  });

  it("[DEV-7] what one tab has deleted is no news to a page that began after that, once it is back", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 18 },
      { do: "api-send", conversation: 0, script: quick },
      { do: "change-many", tab: 1, conversation: 0, count: 5, change: "remove", undo: "never" },
      { do: "wait", ms: 8 },
      { do: "page", tab: 0, page: "reopen" },
      { do: "wait", ms: 2 },
      { do: "api", conversation: 0, change: "restore" },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [shared], live: true, conversations: 1 }, steps),
      seed: 1200000055,
    });
  });

  it("[DEV-8] [DEV-4] what was changed just before a deletion is shown when that is undone, during a turn too", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 320704 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 5000 },
      { do: "edit", tab: 0, back: 1, script: { tokens: 4, gapMs: 1, end: "hang" } },
      { do: "edit", tab: 0, back: 1, script: quick },
      { do: "change-many", tab: 0, conversation: 0, count: 2, change: "archive", undo: "never" },
      { do: "change-many", tab: 0, conversation: 0, count: 2, change: "remove", undo: "answered" },
    ];
    const devices = [{ ...one, latencyMs: 2000 }];
    await expectToHold({ ...scheduleWith({ devices, conversations: 1 }, steps), seed: 1310000051 });
  });

  it("[DEV-3] what was refused, and taken all the same as the network brought it again, may be news until its answer", async () => {
    const steps: Step[] = [
      { do: "offline", device: 0 },
      { do: "fault", device: 0, call: "resume", kind: "request-late", times: 1, ms: 70_000 },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "wait", ms: 40_427 },
      { do: "online", device: 0 },
      { do: "wait", ms: 11 },
      { do: "api-send", conversation: 0, script: { tokens: 1, gapMs: 100, end: "complete" } },
      { do: "fault", device: 0, call: "send", kind: "request-doubled", times: 1, ms: 1500 },
      { do: "wait", ms: 2915 },
      { do: "draft", tab: 0, script: quick, batch: false },
    ];
    const setting = {
      devices: [{ ...one, hasStore: false, latencyMs: 20 }],
      live: true,
      unreadScope: "device",
    } as const;
    await expectToHold({ ...scheduleWith(setting, steps), seed: 2130002959 });
  });

  it("[DEV-3] [DEV-14] what is loaded of a conversation that waits for a store that hangs puts no badge on one's own message", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 5067 },
      { do: "draft", tab: 1, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
      { do: "page", tab: 1, page: "reopen" },
      { do: "wait", ms: 3 },
      { do: "disk", device: 0, disk: "is-mute" },
      { do: "wait", ms: 4118 },
      { do: "load-newer", tab: 1 },
    ];
    const device = { ...stored, tabs: 3, hasTabs: true, diskMs: 3000, latencyMs: 1 };
    await expectToHold({ ...scheduleWith({ devices: [device], conversations: 0 }, steps), seed: 2220000752 });
  });

  it("[DEV-3] [SYNC-4] what a further page of the list tells as read is no news, though the chat was told of since the first one", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 20_000 },
      { do: "api", conversation: 0, change: "rename" },
      { do: "wait", ms: 70_000 },
      { do: "full-sync", tab: 0 },
      { do: "wait", ms: 1500 },
      { do: "api-send", conversation: 2, script: quick },
      { do: "open", tab: 0, conversation: 1 },
      { do: "close", tab: 0 },
      { do: "wait", ms: 2000 },
      { do: "api", conversation: 2, change: "mark-read" },
    ];
    const setting = { devices: [{ ...one, latencyMs: 2000 }], pageLimit: 1, conversations: 3 };
    // Of the kind of seed 2240006272.
    await expectToHold({ ...scheduleWith(setting, steps), seed: 2240006272 });
  });
});
