/** Schedules of fresh ranges that failed, made short: each a rule that was mended. */
import { describe, it } from "vitest";
import { expectToHold, one, quick, scheduleWith, shared, stored } from "./hand-made.ts";
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

  it("[EPOCH-1] a turn that ended after a restore is not undone by the whole answer that left before it", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "backup" },
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 7000, end: "failed-empty" }, batch: false },
      { do: "wait", ms: 61352 },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "page", tab: 0, page: "reopen" },
      { do: "new-chat", tab: 0 },
      { do: "server", server: "restore-backup", downMs: 500 },
    ];
    await expectToHold({
      ...scheduleWith(
        {
          devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 20 }],
          live: true,
          pageLimit: 1,
          conversations: 2,
        },
        steps,
      ),
      seed: 51760518,
    });
  });

  it("[DEV-8] a restore that is answered late brings back nothing that was deleted again", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 60695 },
      { do: "wait", ms: 2871 },
      { do: "wait", ms: 12051 },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "wait", ms: 44 },
      { do: "change", tab: 3, conversation: 0, change: "remove", soon: "restore" },
      { do: "wait", ms: 21 },
      { do: "api", conversation: 0, change: "erase" },
    ];
    await expectToHold({
      ...scheduleWith(
        {
          devices: [
            one,
            { tabs: 2, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
            { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 20 },
          ],
          live: true,
        },
        steps,
      ),
      seed: 62210502,
    });
  });

  it("[EPOCH-1] a turn's end that tells of before a restored row is not shown over it", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: { tokens: 4, gapMs: 7000, end: "hang" }, conversation: 0, batch: false },
      { do: "page", tab: 0, page: "hide" },
      { do: "wait", ms: 4 },
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 20000 },
      { do: "api", conversation: 0, change: "stop" },
      { do: "api", conversation: 0, change: "ask-again" },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [one], live: true, unreadScope: "account" }, steps),
      seed: 62211058,
    });
  });

  it("[DEV-3] what was painted is seen, though it was left before the server had answered", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 241 },
      { do: "send", tab: 0, script: quick, conversation: 3, batch: false },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "wait", ms: 1192 },
      { do: "open", tab: 0, conversation: 2 },
      { do: "draft", tab: 0, script: quick, batch: true, model: "model-a" },
      { do: "server", server: "crash", downMs: 500 },
      { do: "wait", ms: 20 },
    ];
    const slow = { ...one, latencyMs: 200 };
    await expectToHold({ ...scheduleWith({ devices: [slow], conversations: 3 }, steps), seed: 91200641 });
  });

  it("[EPOCH-1] how many messages were seen before a restore says nothing of how many there are after it", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 18 },
      { do: "change", tab: 0, conversation: 0, change: "mark-unread", soon: "mark-read" },
      { do: "wait", ms: 2 },
      { do: "backup" },
      { do: "ask-again", tab: 0, back: 1 },
      { do: "wait", ms: 2 },
      { do: "api", conversation: 0, change: "remove" },
      { do: "wait", ms: 61406 },
      { do: "server", server: "restore-backup", downMs: 20000 },
      { do: "api-send", conversation: 0, script: quick },
    ];
    await expectToHold({ ...scheduleWith({}, steps), seed: 91200652 });
  });

  it("[DEV-3] what was painted and edited elsewhere meanwhile is counted by the server", async () => {
    const steps: Step[] = [
      { do: "quiet" },
      { do: "draft", tab: 4, script: quick, batch: false },
      { do: "wait", ms: 8646 },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "send", tab: 0, script: quick, conversation: 5, batch: false },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "draft", tab: 0, script: quick, batch: true },
      { do: "edit", tab: 1, back: 1, script: { tokens: 0, gapMs: 1000, end: "failed" } },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "wait", ms: 7518 },
      { do: "api-send", conversation: 5, script: quick },
    ];
    const slow = { ...shared, latencyMs: 2000 };
    await expectToHold({ ...scheduleWith({ devices: [slow, one] }, steps), seed: 91200701 });
  });

  it("[DEV-5] [MSG-5] what came back at a turn's end is no reply that nobody has seen", async () => {
    const hanging = { tokens: 0, gapMs: 7000, end: "hang" } as const;
    const steps: Step[] = [
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "draft", tab: 3, script: hanging, batch: true, model: "model-a" },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "quiet" },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 4 },
      { do: "ask-again", tab: 0, back: 2 },
      { do: "open", tab: 0, conversation: 4 },
    ];
    await expectToHold({ ...scheduleWith({ devices: [one, one] }, steps), seed: 412000078 });
  });

  it("[DEV-5] an answer that came while the page was kept for back and forward is taken before what was late by then", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 0, script: quick, batch: true },
      { do: "wait", ms: 2 },
      { do: "page", tab: 0, page: "cache" },
      { do: "wait", ms: 61577 },
      { do: "page", tab: 0, page: "show" },
      { do: "open", tab: 0, conversation: 3 },
    ];
    await expectToHold({ ...scheduleWith({ conversations: 1 }, steps), seed: 412000120 });
  });

  it("[SYNC-3] a turn's end shows its title, though a row from before it was held back", async () => {
    const empty = { tokens: 1, gapMs: 7000, end: "failed-empty" } as const;
    const steps: Step[] = [
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 0 },
      { do: "draft", tab: 0, script: empty, batch: false },
    ];
    const slow = { ...one, latencyMs: 20 };
    await expectToHold({ ...scheduleWith({ devices: [slow], unreadScope: "account" }, steps), seed: 412000468 });
  });

  it("[DEV-11] a tab that was closed tells the others nothing of what it never sent", async () => {
    const steps: Step[] = [
      { do: "new-tab", device: 3, conversation: 0 },
      { do: "wait", ms: 2 },
      { do: "api-send", conversation: 0, script: quick },
      { do: "load-newer", tab: 2 },
      { do: "page", tab: 5, page: "reopen" },
    ];
    const alone = { ...shared, tabs: 1 };
    await expectToHold({ ...scheduleWith({ devices: [one, alone], conversations: 1 }, steps), seed: 412002286 });
  });

  it("[DEV-8] what is deleted here, and was erased elsewhere a moment before, doesn't come back until a sync tells of that", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 43 },
      { do: "page", tab: 0, page: "reopen" },
      { do: "wait", ms: 61791 },
      { do: "change", tab: 0, conversation: 3, change: "archive" },
      { do: "wait", ms: 61572 },
      { do: "api-send", conversation: 0, script: { tokens: 0, gapMs: 1, end: "complete" } },
      { do: "api", conversation: 1, change: "erase" },
      { do: "change", tab: 0, conversation: 1, change: "remove" },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [{ ...one, latencyMs: 20 }], live: true, conversations: 2 }, steps),
      seed: 2070011148,
    });
  });

  it("[DEV-9] [MSG-5] what comes back where another device had asked again is shown, though there are as many as before", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: { tokens: 1, gapMs: 1000, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 3752 },
      { do: "load-newer", tab: 0 },
      { do: "api", conversation: 0, change: "ask-again" },
      { do: "wait", ms: 125 },
      { do: "server", server: "restart", downMs: 20000 },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [{ ...one, latencyMs: 200 }], live: true }, steps),
      seed: 2080005408,
    });
  });

  it("[DEV-3] a turn that is told of before the chat that it was in is back counts as seen then", async () => {
    const steps: Step[] = [
      { do: "fault", device: 0, call: "send", kind: "answer-lost", times: 1, ms: 100 },
      { do: "api", conversation: 0, change: "remove" },
      { do: "page", tab: 0, page: "reopen" },
      { do: "send", tab: 0, script: { tokens: 2, gapMs: 1000, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 469 },
      { do: "wait", ms: 147 },
      { do: "send", tab: 0, script: { tokens: 3, gapMs: 1000, end: "hang" }, conversation: 0, batch: false },
      { do: "change", tab: 0, conversation: 0, change: "restore", soon: "remove" },
      { do: "wait", ms: 10713 },
      { do: "full-sync", tab: 0 },
      { do: "wait", ms: 60135 },
      { do: "change", tab: 0, conversation: 3, change: "remove" },
      { do: "wait", ms: 61413 },
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: true },
      { do: "api", conversation: 0, change: "create" },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 1, batch: false },
      { do: "wait", ms: 10751 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: true },
      { do: "load-newer", tab: 0 },
      { do: "wait", ms: 60753 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 4, batch: false },
      { do: "wait", ms: 61280 },
      { do: "wait", ms: 301341 },
      { do: "wait", ms: 60259 },
      { do: "change-many", tab: 0, conversation: 0, count: 3, change: "remove", undo: "answered" },
      { do: "api", conversation: 0, change: "create" },
    ];
    await expectToHold({
      ...scheduleWith({ devices: [{ ...one, latencyMs: 2000 }], live: true, conversations: 2 }, steps),
      seed: 2080004820,
    });
  });

  it("[TURN-9] [DEV-12] why a turn has failed is not said under the reply to what waited for its end", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 0, script: { tokens: 3, gapMs: 7000, end: "failed" }, batch: true },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: true },
    ];
    await expectToHold({ ...scheduleWith({}, steps), seed: 730000109 });
  });

  it("[MSG-5] [DEV-9] what a version has replaced doesn't stay before it, found by a search a moment earlier", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 34 },
      { do: "edit", tab: 0, back: 1, script: quick },
      { do: "wait", ms: 3 },
      { do: "bring-back", tab: 0, back: 2, version: 1 },
      { do: "find", tab: 0, conversation: 0, back: 140 },
    ];
    await expectToHold({ ...scheduleWith({ unreadScope: "account", pageLimit: 1 }, steps), seed: 2170000807 });
  });

  it("[TURN-9] why asking again has failed is said under what came back, whatever another device has replaced since", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 3 },
      { do: "send", tab: 1, script: { tokens: 4, gapMs: 7000, end: "failed-empty" }, conversation: 1, batch: true },
      { do: "stop", tab: 1 },
      { do: "wait", ms: 35 },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 136 },
      { do: "ask-again", tab: 1, back: 1 },
      { do: "wait", ms: 8750 },
      { do: "api", conversation: 1, change: "replace" },
    ];
    const setting = { devices: [one, one], live: true, conversations: 3 };
    await expectToHold({ ...scheduleWith(setting, steps), seed: 2170000881 });
  });

  it("[DEV-9] what stood around a found message doesn't stay before what took its place while it was on its way", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 3, script: quick, batch: true },
      { do: "api-send", conversation: 0, script: { tokens: 1, gapMs: 7000, end: "failed-empty" } },
      { do: "wait", ms: 324118 },
      { do: "change-many", tab: 0, conversation: 0, count: 5, change: "remove", undo: "never" },
      { do: "wait", ms: 35000 },
      { do: "wait", ms: 60209 },
      { do: "send", tab: 3, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 70000 },
      { do: "edit", tab: 3, back: 2, script: quick },
      { do: "fault", device: 2, call: "messages", kind: "answer-late", times: 1, ms: 12000 },
      { do: "find", tab: 5, conversation: 0, back: 140 },
    ];
    const whole = { hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 1 };
    const slow = { ...one, latencyMs: 200 };
    const devices = [{ ...whole, tabs: 2 }, { ...slow, tabs: 3 }, slow];
    await expectToHold({ ...scheduleWith({ devices, pageLimit: 1, conversations: 1 }, steps), seed: 2180003393 });
  });

  it("[DEV-8] [DEV-12] what another tab has made of a change while this one read its store is not shown as on its way for ever", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 2871 },
      { do: "page", tab: 0, page: "reopen" },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 174 },
      { do: "change", tab: 0, conversation: 0, change: "mark-read", soon: "mark-unread" },
      { do: "send", tab: 5, script: quick, conversation: 0, batch: false },
    ];
    const device = { tabs: 2, hasStore: true, hasTabs: true, hasLocks: false, diskMs: 3000, latencyMs: 1 };
    await expectToHold({ ...scheduleWith({ devices: [device], conversations: 0 }, steps), seed: 2240004004 });
  });

  it("[DEV-3] [DEV-12] what its person took back while another tab was making its chat is neither sent from there nor a badge", async () => {
    const steps: Step[] = [
      { do: "fault", device: 1, call: "change", kind: "unavailable", times: 2, ms: 1500 },
      { do: "draft", tab: 3, script: quick, batch: false },
      { do: "wait", ms: 12 },
      { do: "fault", device: 3, call: "send", kind: "answer-lost", times: 1, ms: 1500 },
      { do: "discard", tab: 3 },
      { do: "wait", ms: 112 },
    ];
    const devices = [one, { ...shared, tabs: 3, hasLocks: false, latencyMs: 200 }];
    await expectToHold({ ...scheduleWith({ devices }, steps), seed: 2670000805 });
  });

  it("[DEV-12] [DEV-14] messages that another tab has sent, unheard, are looked up and let go: the tab doesn't ask its store for ever", async () => {
    const steps: Step[] = [
      { do: "send", tab: 1, script: { tokens: 4, gapMs: 100, end: "hang" }, conversation: 0, batch: false },
      { do: "wait", ms: 17 },
      { do: "send", tab: 0, script: quick, conversation: 3, batch: true },
      { do: "send", tab: 5, script: quick, conversation: 0, batch: false },
      { do: "send", tab: 5, script: quick, conversation: 5, batch: false },
      { do: "new-tab", device: 1 },
      { do: "change-many", tab: 0, conversation: 0, count: 3, change: "remove", undo: "never" },
      { do: "config", live: true, models: 2 },
    ];
    const setting = { devices: [one, stored], live: true, conversations: 1 };
    await expectToHold({ ...scheduleWith(setting, steps), seed: 2800000435 });
  });

  it("[DEV-8] [DEV-11] a change that is over here already, and of which its tab tells late, is not shown for ever", async () => {
    const theirs = (step: Extract<Step, { do: "neighbour" }>["step"]): Step => ({ do: "neighbour", step });
    const send = (tab: number, conversation: number, script: Extract<Step, { do: "send" }>["script"]): Step =>
      theirs({ do: "send", tab, script, conversation, batch: false });
    const steps: Step[] = [
      { do: "wait", ms: 319_729 },
      { do: "wait", ms: 61_371 },
      { do: "backup" },
      theirs({ do: "import", conversations: 2, messages: 0 }),
      { do: "wait", ms: 60_219 },
      { do: "server", server: "restore-backup", downMs: 0 },
      { do: "wait", ms: 358_257 },
      theirs({ do: "new-tab", device: 2, conversation: 4 }),
      send(2, 0, { tokens: 2, gapMs: 1, end: "complete" }),
      { do: "wait", ms: 96 },
      send(3, 1, { tokens: 3, gapMs: 1, end: "failed" }),
      send(4, 4, { tokens: 2, gapMs: 7000, end: "complete" }),
      send(2, 3, { tokens: 1, gapMs: 1, end: "hang" }),
      theirs({ do: "api", conversation: 1, change: "mark-read" }),
      { do: "quiet" },
      theirs({ do: "change", tab: 4, conversation: 5, change: "mark-unread" }),
    ];
    const settled = { live: true, pageLimit: 1000 } as const;
    const devices = [{ ...shared, tabs: 1, diskMs: 30, latencyMs: 20 }, one];
    const others = [one, { ...shared, tabs: 3, hasLocks: false, latencyMs: 20 }];
    const setting = { ...settled, devices, unreadScope: "account", conversations: 1 } as const;
    const neighbour = { ...settled, devices: others, unreadScope: "device", conversations: 0 } as const;
    await expectToHold({ ...scheduleWith(setting, steps), neighbour, seed: 2840000078 });
  });

  it("[DEV-8] [SYNC-4] an opening that left before its deletion, and comes after the first page that tells of that, brings nothing back", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 342873 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "api-send", conversation: 0, script: { tokens: 0, gapMs: 7000, end: "complete" } },
      { do: "wait", ms: 431 },
      { do: "offline", device: 0 },
      { do: "open", tab: 0, conversation: 3 },
      { do: "wait", ms: 2 },
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
      { do: "wait", ms: 17 },
      { do: "change", tab: 0, conversation: 4, change: "remove" },
      { do: "quiet" },
      { do: "wait", ms: 61187 },
      { do: "api", conversation: 0, change: "restore" },
      { do: "load-newer", tab: 0 },
      { do: "wait", ms: 60588 },
      { do: "fault", device: 0, call: "any", kind: "request-hangs", times: 1, ms: 70000 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1000, end: "failed-empty" }, conversation: 2, batch: true },
      { do: "fault", device: 0, call: "messages", kind: "unavailable", times: 1, ms: 100 },
      { do: "wait", ms: 60867 },
      { do: "api", conversation: 2, change: "ask-again" },
      { do: "stop", tab: 0 },
      { do: "wait", ms: 941 },
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
      { do: "wait", ms: 12 },
      { do: "wait", ms: 24 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 1, batch: false },
      { do: "wait", ms: 15 },
      { do: "change", tab: 0, conversation: 1, change: "remove" },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 2, batch: false },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 4, batch: false },
    ];
    const setting = { devices: [{ ...one, latencyMs: 200 }], live: true, pageLimit: 1, conversations: 2 };
    await expectToHold({ ...scheduleWith(setting, steps), seed: 2870004064 });
  });

  it("[DEV-10] whoever looks at a chat whose deletion can't be taken back is told that it is gone", async () => {
    const steps: Step[] = [
      { do: "wait", ms: 2 },
      { do: "change", tab: 0, conversation: 1, change: "remove" },
      { do: "change", tab: 0, conversation: 5, change: "pin" },
      { do: "wait", ms: 2 },
      { do: "change", tab: 0, conversation: 0, change: "restore" },
      { do: "sleep", days: 61 },
      { do: "send", tab: 0, script: quick, conversation: 2, batch: false },
    ];
    await expectToHold({ ...scheduleWith({ conversations: 3 }, steps), seed: 2900002109 });
  });

  it("[DEV-12] [TURN-4] a send whose answer was lost, and whose message was replaced so long ago that only its turn's end is kept, is over", async () => {
    const steps: Step[] = [
      { do: "fault", device: 0, call: "send", kind: "answer-late", times: 1, ms: 70_000 },
      { do: "send", tab: 0, script: { tokens: 1, gapMs: 7000, end: "failed-empty" }, conversation: 0, batch: false },
      { do: "wait", ms: 7439 },
      { do: "api", conversation: 0, change: "replace" },
      { do: "sleep", days: 120 },
    ];
    await expectToHold({ ...scheduleWith({}, steps), seed: 2940000384 });
  });
});
