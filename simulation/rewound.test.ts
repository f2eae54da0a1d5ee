/** What a device has seen of a history that was rewound. */
import { it } from "vitest";
import { expectToHold, one, quick, scheduleWith, shared } from "./hand-made.ts";
import type { Step } from "./step.ts";

it("[EPOCH-1] [DEV-3] what comes after a restore is news, though as many messages had been seen before it", async () => {
  const send: Step = { do: "send", tab: 0, script: quick, conversation: 0, batch: false };
  const elsewhere: Step = { do: "api-send", conversation: 0, script: quick };
  const pause: Step = { do: "wait", ms: 90_000 };
  const steps: Step[] = [
    send,
    { do: "quiet" },
    { do: "backup" },
    send,
    { do: "wait", ms: 5000 },
    send,
    { do: "quiet" },
    { do: "new-chat", tab: 0 },
    { do: "server", server: "restore-backup", downMs: 0 },
    { do: "api", conversation: 0, change: "rename" },
    { do: "api", conversation: 0, change: "rename" },
    pause,
    pause,
    elsewhere,
    pause,
    { do: "quiet" },
  ];
  await expectToHold({ ...scheduleWith({ devices: [{ ...one, hasStore: false }], conversations: 1 }, steps), seed: 1 });
});

it("[EPOCH-1] [DEV-3] what was seen is no more than there is after a restore, though the row is as it was known", async () => {
  const steps: Step[] = [
    { do: "send", tab: 0, script: { tokens: 0, gapMs: 7000, end: "complete" }, conversation: 0, batch: true },
    { do: "draft", tab: 0, script: quick, batch: false, model: "model-a" },
    { do: "wait", ms: 10_000 },
    { do: "edit", tab: 0, back: 2, script: quick },
    { do: "wait", ms: 2 },
    { do: "sleep", days: 120 },
    { do: "backup" },
    { do: "wait", ms: 25 },
    { do: "send", tab: 0, script: { tokens: 0, gapMs: 1000, end: "failed" }, conversation: 0, batch: false },
    { do: "open", tab: 1, conversation: 1 },
    { do: "wait", ms: 6 },
    { do: "open", tab: 1, conversation: 0 },
    { do: "server", server: "restore-backup", downMs: 0 },
    { do: "wait", ms: 90_000 },
    { do: "api-send", conversation: 0, script: quick },
  ];
  await expectToHold({ ...scheduleWith({ devices: [{ ...one, tabs: 2 }] }, steps), seed: 942 });
});

it("[EPOCH-1] [DEV-5] what was begun in a history that no sync has told of yet is one's own", async () => {
  const steps: Step[] = [
    { do: "fault", device: 0, call: "send", kind: "answer-hangs", times: 1, ms: 100 },
    { do: "api", conversation: 0, change: "remove" },
    { do: "wait", ms: 4 },
    { do: "backup" },
    { do: "server", server: "restore-backup", downMs: 0 },
    { do: "draft", tab: 0, script: quick, batch: false, model: "model-a" },
    { do: "wait", ms: 2 },
    { do: "open", tab: 0, conversation: 3 },
  ];
  await expectToHold({ ...scheduleWith({ live: true, conversations: 2 }, steps), seed: 2029000852 });
});

it("[EPOCH-1] [DEV-5] what was sent in a history that no sync has told of yet is one's own", async () => {
  const steps: Step[] = [
    { do: "wait", ms: 15_363 },
    { do: "send", tab: 0, script: { tokens: 4, gapMs: 7000, end: "complete" }, conversation: 0, batch: false },
    { do: "wait", ms: 20_000 },
    { do: "backup" },
    { do: "wait", ms: 20_000 },
    { do: "server", server: "restore-backup", downMs: 20_000 },
    { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
    { do: "wait", ms: 8 },
    { do: "send", tab: 0, script: quick, conversation: 5, batch: false },
  ];
  await expectToHold({ ...scheduleWith({ conversations: 3 }, steps), seed: 2029000730 });
});

it("[EPOCH-1] [DEV-9] what a first answer tells of a restored history is never more news than there are numbers", async () => {
  const steps: Step[] = [
    { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: true },
    { do: "wait", ms: 61 },
    { do: "backup" },
    { do: "quiet" },
    { do: "fault", device: 0, call: "sync", kind: "answer-hangs", times: 1, ms: 12000 },
    { do: "page", tab: 0, page: "reopen" },
    { do: "load-newer", tab: 0 },
    { do: "wait", ms: 25 },
    { do: "edit", tab: 0, back: 0, script: { tokens: 1, gapMs: 7000, end: "complete" } },
    { do: "wait", ms: 33 },
    { do: "server", server: "restore-backup", downMs: 500 },
    { do: "api-send", conversation: 0, script: { tokens: 0, gapMs: 1, end: "complete" } },
  ];
  await expectToHold({ ...scheduleWith({ devices: [{ ...one, tabs: 2, latencyMs: 20 }] }, steps), seed: 2070008591 });
});

it("[MSG-5] [EPOCH-1] what another device brings back after a restore is news, though it was this device's before that", async () => {
  const steps: Step[] = [
    { do: "wait", ms: 271 },
    { do: "api-send", conversation: 5, script: quick },
    { do: "send", tab: 0, script: quick, conversation: 2, batch: false },
    { do: "wait", ms: 60_296 },
    { do: "send", tab: 0, script: quick, conversation: 2, batch: false },
    { do: "wait", ms: 17_500 },
    { do: "edit", tab: 4, back: 2, script: quick },
    { do: "wait", ms: 6 },
    { do: "backup" },
    { do: "server", server: "restore-backup", downMs: 20_000 },
    { do: "api", conversation: 1, change: "replace" },
    { do: "wait", ms: 45_000 },
    { do: "send", tab: 1, script: quick, conversation: 0, batch: false },
    { do: "api", conversation: 0, change: "bring-back" },
  ];
  await expectToHold({ ...scheduleWith({ conversations: 3 }, steps), seed: 2180000083 });
});

it("[EPOCH-1] [DEV-9] what was opened before a page's first answer, of a history that was rewound meanwhile, doesn't stay on screen", async () => {
  const steps: Step[] = [
    { do: "wait", ms: 2 },
    { do: "backup" },
    { do: "send", tab: 0, script: { tokens: 3, gapMs: 1000, end: "complete" }, conversation: 0, batch: false },
    { do: "wait", ms: 2 },
    { do: "fault", device: 0, call: "sync", kind: "answer-late", times: 1, ms: 12_000 },
    { do: "page", tab: 0, page: "reopen" },
    { do: "wait", ms: 3 },
    { do: "server", server: "restore-backup", downMs: 500 },
  ];
  await expectToHold({ ...scheduleWith({ conversations: 1 }, steps), seed: 2230002604 });
});

it("[MSG-5] [EPOCH-1] a reply that comes back after a restore may be unread in a tab whose turn had ended before it", async () => {
  const turn = (tab: number, tokens: number, conversation: number): Step => {
    return { do: "send", tab, script: { tokens, gapMs: tokens * 1000, end: "complete" }, conversation, batch: true };
  };
  const steps: Step[] = [
    { do: "wait", ms: 235 },
    turn(5, 0, 1),
    turn(2, 1, 5),
    { do: "wait", ms: 2187 },
    { do: "ask-again", tab: 2, back: 0 },
    { do: "wait", ms: 2 },
    { do: "backup" },
    { do: "open", tab: 2, conversation: 3 },
    { do: "wait", ms: 3954 },
    { do: "server", server: "restore-backup", downMs: 0 },
  ];
  const devices = [one, shared, one];
  await expectToHold({ ...scheduleWith({ devices, live: true, conversations: 2 }, steps), seed: 2230011531 });
});
