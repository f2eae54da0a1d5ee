/** Schedules that failed in the run of 100,000, made short: each is a word that another tab could not tell, or that came after its time. */
import { describe, it } from "vitest";
import { expectToHold, scheduleWith } from "./hand-made.ts";
import type { Setting, Step } from "./step.ts";

interface Once extends Partial<Setting> {
  readonly title: string;
  readonly seed: number;
  readonly steps: readonly Step[];
}

const ONCE: readonly Once[] = [
  {
    title:
      "[EPOCH-1] a change that was settled in a history that is rewound before a sync told of it hides nothing for ever",
    seed: 500055720,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 3,
    steps: [
      { do: "wait", ms: 2 },
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 0 },
      { do: "change", tab: 0, conversation: 0, change: "remove" },
      { do: "wait", ms: 2 },
      { do: "server", server: "restore-backup", downMs: 0 },
    ],
  },
  {
    title:
      "[DEV-12] what was refused here is looked for where its conversation has grown: another tab has sent it, and its store could not tell",
    seed: 500019692,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 2, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 2000 },
    ],
    steps: [
      { do: "send", tab: 1, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 4064 },
      { do: "send", tab: 2, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 2 },
      { do: "disk", device: 1, disk: "is-mute" },
    ],
  },
  {
    title: "[DEV-12] the same of what every tab shows as refused, and one of them has sent",
    seed: 500051434,
    devices: [{ tabs: 2, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 1 }],
    conversations: 3,
    steps: [
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false, model: "model-b" },
      { do: "wait", ms: 3 },
      { do: "api-send", conversation: 0, script: { tokens: 0, gapMs: 1, end: "complete" } },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 5, batch: false },
      { do: "wait", ms: 19 },
      { do: "send", tab: 3, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 2, batch: false },
      { do: "wait", ms: 3 },
      { do: "store", tab: 0, store: "loses" },
    ],
  },
  {
    title: "[DEV-12] a message whose conversation was deleted under it, and restored, is not shown as unsent",
    seed: 500057446,
    devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    steps: [
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "change", tab: 0, conversation: 0, change: "remove", soon: "remove" },
      { do: "store", tab: 0, store: "loses" },
      { do: "quiet" },
      { do: "api", conversation: 0, change: "restore" },
    ],
  },
  {
    title: "[DEV-10] what another tab had begun, and is erased before its echo came, is told where it is on screen",
    seed: 500002493,
    devices: [{ tabs: 2, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 30, latencyMs: 1 }],
    steps: [
      { do: "draft", tab: 3, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: true, model: "model-a" },
      { do: "store", tab: 5, store: "hangs" },
      { do: "wait", ms: 61 },
      { do: "api", conversation: 0, change: "erase" },
    ],
  },
  {
    title: "[DEV-10] the same of what was trashed",
    seed: 500058049,
    devices: [{ tabs: 1, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 1 }],
    live: true,
    steps: [
      { do: "send", tab: 0, script: { tokens: 4, gapMs: 100, end: "failed-empty" }, conversation: 0, batch: true },
      { do: "fault", device: 0, call: "open", kind: "request-late", times: 1, ms: 70000 },
      { do: "wait", ms: 134 },
      { do: "api", conversation: 0, change: "remove" },
      { do: "wait", ms: 2 },
      { do: "new-tab", device: 0 },
      { do: "send", tab: 1, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
    ],
  },
  {
    title: "[DEV-10] what is deleted while it is opened is called deleted, and loads no more",
    seed: 500008996,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 200 }],
    conversations: 1,
    steps: [
      { do: "wait", ms: 70000 },
      { do: "wait", ms: 1802 },
      { do: "change", tab: 0, conversation: 0, change: "rename" },
      { do: "wait", ms: 358589 },
      { do: "wait", ms: 353297 },
      { do: "change", tab: 0, conversation: 0, change: "remove" },
      { do: "new-tab", device: 0, conversation: 0 },
    ],
  },
  {
    title: "[DEV-8] what another tab has deleted for a hidden one stays deleted there until somebody looks",
    seed: 500016301,
    devices: [{ tabs: 2, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 1,
    unreadScope: "account",
    steps: [
      { do: "wait", ms: 3 },
      { do: "change", tab: 1, conversation: 0, change: "remove" },
      { do: "page", tab: 1, page: "hide" },
      { do: "sleep", days: 91 },
      { do: "wait", ms: 722 },
      { do: "wait", ms: 1420 },
    ],
  },
  {
    title: "[DEV-3] what is erased under a turn of one's own has no badge until a sync tells",
    seed: 500055510,
    devices: [{ tabs: 2, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 200 }],
    live: true,
    steps: [
      { do: "import", conversations: 1, messages: 2 },
      { do: "wait", ms: 60749 },
      { do: "change", tab: 0, conversation: 0, change: "mark-read", soon: "mark-unread" },
      { do: "fault", device: 0, call: "send", kind: "answer-lost", times: 2, ms: 70000 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
      { do: "wait", ms: 813 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 3, batch: false },
      { do: "api", conversation: 0, change: "erase" },
    ],
  },
  {
    title: "[SYNC-11] the answer to a repeated send is of its own time, and puts no later read position back",
    seed: 500067999,
    devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 3000, latencyMs: 1 }],
    live: true,
    pageLimit: 1,
    conversations: 3,
    steps: [
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "quiet" },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: true },
      { do: "disk", device: 0, disk: "hangs" },
      { do: "wait", ms: 2 },
      { do: "page", tab: 0, page: "reopen" },
    ],
  },
  {
    title: "[DEV-8] of words in two tabs nobody can say which was the last, whatever was said between them elsewhere",
    seed: 500057859,
    devices: [{ tabs: 2, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 1,
    steps: [
      { do: "fault", device: 0, call: "change", kind: "request-hangs", times: 1, ms: 70000 },
      { do: "wait", ms: 2 },
      { do: "change", tab: 0, conversation: 0, change: "unpin" },
      { do: "api", conversation: 0, change: "unpin" },
      { do: "change", tab: 3, conversation: 0, change: "pin" },
    ],
  },
  {
    title: "[TURN-9] the message of a batch that failed is no news where nothing more can be asked of the server",
    seed: 500091649,
    devices: [{ tabs: 3, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    live: true,
    conversations: 2,
    steps: [
      { do: "fault", device: 0, call: "open", kind: "answer-late", times: 2, ms: 1500 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 241 },
      { do: "api-send", conversation: 4, script: { tokens: 0, gapMs: 1, end: "complete" } },
      { do: "wait", ms: 235 },
      { do: "fault", device: 0, call: "open", kind: "answer-lost", times: 2, ms: 70000 },
      { do: "api", conversation: 4, change: "ask-again" },
      { do: "wait", ms: 1342 },
      { do: "open", tab: 4, conversation: 0 },
      {
        do: "send",
        tab: 0,
        script: { tokens: 2, gapMs: 100, end: "failed-empty" },
        conversation: 0,
        batch: true,
      },
      { do: "wait", ms: 1921 },
      { do: "api", conversation: 0, change: "erase" },
      { do: "wait", ms: 2 },
      { do: "open", tab: 0, conversation: 3 },
    ],
  },
  {
    title: "[DEV-3] what was painted of the device's store, and left within the same moment, was seen",
    seed: 500093081,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 2,
    steps: [
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: true },
      { do: "wait", ms: 3 },
      { do: "fault", device: 0, call: "open", kind: "request-lost", times: 1, ms: 1500 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 2, batch: false },
      { do: "open", tab: 0, conversation: 0 },
      { do: "fault", device: 0, call: "open", kind: "answer-lost", times: 1, ms: 1500 },
      { do: "wait", ms: 21 },
      { do: "open", tab: 0, conversation: 0 },
      { do: "open", tab: 0, conversation: 5 },
    ],
  },
  {
    title:
      "[DEV-8] a deletion that another tab has sent stays, until an answer that is asked for then has come with all its pages",
    seed: 500042451,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 2000 },
    ],
    pageLimit: 1,
    conversations: 0,
    steps: [
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: true },
      { do: "wait", ms: 1139 },
      { do: "import", conversations: 2, messages: 1 },
      { do: "offline", device: 1 },
      { do: "new-tab", device: 3, conversation: 0 },
      { do: "change", tab: 2, conversation: 0, change: "remove" },
      { do: "page", tab: 1, page: "kill" },
    ],
  },
  {
    title: "[DEV-5] the start of a turn counts what was before it as seen, and its page may die before the end",
    seed: 500015329,
    devices: [
      { tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 20 },
      { tabs: 2, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
    ],
    conversations: 1,
    steps: [
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
      { do: "wait", ms: 311 },
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: true },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1000, end: "hang" }, conversation: 2, batch: false },
      { do: "close", tab: 0 },
      { do: "send", tab: 2, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "page", tab: 0, page: "kill" },
      { do: "wait", ms: 58 },
      { do: "page", tab: 0, page: "kill" },
    ],
  },
  {
    title: "[DEV-9] what a person does is judged in the same moment, and a message that was taken back is told as new",
    seed: 500093690,
    devices: [{ tabs: 2, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 20 }],
    live: true,
    conversations: 3,
    steps: [
      { do: "wait", ms: 20 },
      { do: "api", conversation: 0, change: "mark-unread" },
      { do: "wait", ms: 95 },
      { do: "fault", device: 0, call: "any", kind: "answer-lost", times: 2, ms: 12000 },
      { do: "send", tab: 1, script: { tokens: 2, gapMs: 7000, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 21 },
      { do: "discard", tab: 1 },
    ],
  },
  {
    title: "[DEV-3] what a page that was killed had written is this tab's own from when it goes out from here",
    seed: 700006291,
    devices: [{ tabs: 1, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 1 }],
    pageLimit: 1000,
    conversations: 1,
    steps: [
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 7000, end: "hang" }, batch: true },
      { do: "page", tab: 0, page: "kill" },
      { do: "wait", ms: 2 },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "send", tab: 1, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 60982 },
      { do: "wait", ms: 60044 },
      { do: "wait", ms: 60230 },
      { do: "wait", ms: 328374 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 3, batch: false },
      { do: "wait", ms: 61685 },
    ],
  },
];

describe("schedules of the run of 100,000", () => {
  it.each(ONCE)("$title", async ({ seed, steps, ...setting }) => {
    await expectToHold({ ...scheduleWith(setting, steps), seed });
  });
});
