/** Schedules of fresh ranges that failed by words that came late, made short: each holds by the order of moments, or by whose hold it is. */
import { describe, it } from "vitest";
import { expectToHold, quick, scheduleWith } from "./hand-made.ts";
import type { DeviceSetting, Step } from "./step.ts";

interface Once {
  readonly title: string;
  readonly seed: number;
  readonly devices: readonly DeviceSetting[];
  readonly live?: boolean;
  readonly pageLimit?: number;
  readonly conversations?: number;
  readonly steps: readonly Step[];
}

const ONCE: readonly Once[] = [
  {
    title: "[DEV-9] what shows at the end once somebody writes there is no news, though a message was looked for",
    seed: 181,
    devices: [{ tabs: 2, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 20 }],
    steps: [
      { do: "page", tab: 0, page: "kill" },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 1259 },
      { do: "full-sync", tab: 0 },
      { do: "new-tab", device: 0 },
      { do: "find", tab: 0, conversation: 0, back: 140 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: true },
    ],
  },
  {
    title: "[DEV-10] a chat that was deleted and taken back here, and is deleted elsewhere then, is said to be gone",
    seed: 1010000735,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 1,
    steps: [
      { do: "wait", ms: 3 },
      { do: "change-many", tab: 0, conversation: 0, count: 3, change: "remove", undo: "answered" },
      { do: "wait", ms: 5 },
      { do: "find", tab: 0, conversation: 0, back: 3 },
      { do: "api", conversation: 0, change: "remove" },
    ],
  },
  {
    title: "[DEV-5] what was seen by an opening within a turn stays seen, though the turn ends where nobody looks",
    seed: 441000015,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 200 }],
    live: true,
    conversations: 1,
    steps: [
      { do: "import", conversations: 2, messages: 2 },
      { do: "sync-now", tab: 0 },
      { do: "wait", ms: 486 },
      { do: "wait", ms: 43 },
      { do: "send", tab: 0, script: quick, conversation: 4, batch: false },
      { do: "wait", ms: 292 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
    ],
  },
  {
    title:
      "[DEV-8] of many deleted at once one that another tab had deleted is gone as of that answer, whatever older page comes",
    seed: 980003698,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 2, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 2, hasStore: true, hasTabs: true, hasLocks: false, diskMs: 0, latencyMs: 20 },
    ],
    pageLimit: 1,
    conversations: 2,
    steps: [
      { do: "wait", ms: 21 },
      { do: "change-many", tab: 4, conversation: 0, count: 2, change: "remove", undo: "never" },
    ],
  },
  {
    title: "[DEV-3] what was painted is seen, though its page is hidden before the server has answered",
    seed: 450002991,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 2,
    steps: [
      { do: "draft", tab: 0, script: { tokens: 2, gapMs: 7000, end: "complete" }, batch: false },
      { do: "wait", ms: 2974 },
      { do: "send", tab: 0, script: quick, conversation: 5, batch: false },
      { do: "wait", ms: 30490 },
      { do: "wait", ms: 11753 },
      { do: "draft", tab: 0, script: quick, batch: false, model: "model-b" },
      { do: "api-send", conversation: 2, script: quick },
      { do: "wait", ms: 15361 },
      { do: "send", tab: 0, script: quick, conversation: 5, batch: false },
      { do: "page", tab: 0, page: "hide" },
    ],
  },
  {
    title: "[DEV-10] a conversation that was told of while it was asked for isn't called deleted by the older answer",
    seed: 460000025,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 200 }],
    conversations: 2,
    steps: [
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "page", tab: 0, page: "reopen" },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "load-newer", tab: 0 },
    ],
  },
  {
    title: "[DEV-4] a send of another tab that left the outbox before it was read keeps nothing away for ever",
    seed: 450001538,
    devices: [{ tabs: 2, hasStore: true, hasTabs: true, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    steps: [
      { do: "store", tab: 1, store: "is-mute" },
      { do: "send", tab: 0, script: { tokens: 3, gapMs: 7000, end: "complete" }, conversation: 0, batch: false },
      { do: "wait", ms: 11 },
    ],
  },
  {
    title: "[DEV-12] a send that was refused in one tab and went out from another is not shown as refused",
    seed: 441000137,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: true, hasTabs: true, hasLocks: false, diskMs: 0, latencyMs: 1 },
    ],
    steps: [
      { do: "fault", device: 1, call: "send", kind: "answer-late", times: 3, ms: 100 },
      { do: "new-tab", device: 1 },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: true },
      { do: "fault", device: 1, call: "send", kind: "answer-lost", times: 1, ms: 1500 },
      { do: "wait", ms: 152 },
      { do: "send", tab: 5, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 2 },
    ],
  },
  {
    title: "[DEV-9] a page of messages from before others were brought back counts none of those as seen",
    seed: 51200425,
    devices: [{ tabs: 1, hasStore: true, hasTabs: true, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 2,
    steps: [
      { do: "fault", device: 0, call: "messages", kind: "answer-late", times: 2, ms: 1500 },
      { do: "wait", ms: 2 },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "send", tab: 0, script: quick, conversation: 3, batch: false },
      { do: "wait", ms: 4 },
      { do: "ask-again", tab: 0, back: 1 },
      { do: "edit", tab: 0, back: 2, script: quick },
      { do: "wait", ms: 6 },
      { do: "bring-back", tab: 0, back: 1, version: 0 },
    ],
  },
  {
    title: "[DEV-8] a row from before a turn's end takes back nothing that a person changed",
    seed: 52201677,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 2000 }],
    pageLimit: 3,
    conversations: 3,
    steps: [
      { do: "import", conversations: 2, messages: 4 },
      { do: "wait", ms: 11760 },
      { do: "change", tab: 0, conversation: 1, change: "model" },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 100, end: "failed" }, conversation: 1, batch: false },
      { do: "wait", ms: 15321 },
      { do: "send", tab: 0, script: { tokens: 1, gapMs: 100, end: "hang" }, conversation: 1, batch: true },
      { do: "wait", ms: 19476 },
      { do: "change", tab: 0, conversation: 0, change: "mark-unread" },
      { do: "wait", ms: 7040 },
      { do: "change", tab: 0, conversation: 0, change: "pin", soon: "unpin" },
      { do: "wait", ms: 11378 },
      { do: "fault", device: 0, call: "any", kind: "answer-lost", times: 1, ms: 100 },
      { do: "wait", ms: 1080 },
      { do: "send", tab: 0, script: { tokens: 2, gapMs: 1000, end: "complete" }, conversation: 0, batch: false },
      { do: "send", tab: 0, script: quick, conversation: 1, batch: true },
    ],
  },
  {
    title: "[DEV-10] what a rewound history lacks is said to be deleted to whoever looks at it",
    seed: 52200727,
    devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    steps: [
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "wait", ms: 3 },
      { do: "change", tab: 0, conversation: 0, change: "remove", soon: "remove" },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 20000 },
    ],
  },
  {
    title: "[DEV-12] a message that was stored, though nobody was told so, goes out after its page has crashed",
    seed: 442000167,
    devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    steps: [
      { do: "disk", device: 0, disk: "is-mute" },
      { do: "draft", tab: 0, script: quick, batch: false },
      { do: "page", tab: 0, page: "kill" },
    ],
  },
  {
    title:
      "[DEV-5] [DEV-13] what another tab has sent is looked up again, though that tab holds the request for all and this one is never answered",
    seed: 56200428,
    devices: [{ tabs: 3, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 3000, latencyMs: 1 }],
    live: true,
    steps: [
      { do: "draft", tab: 2, script: quick, batch: false },
      { do: "fault", device: 0, call: "messages", kind: "request-hangs", times: 1, ms: 70000 },
      { do: "wait", ms: 3858 },
    ],
  },
  {
    title: "[DEV-10] what was opened while it was deleted by an earlier page is there again once it is restored",
    seed: 57100705,
    devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    pageLimit: 1000,
    conversations: 0,
    steps: [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 5 },
      { do: "change", tab: 0, conversation: 0, change: "remove", soon: "remove" },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "wait", ms: 3 },
      { do: "change", tab: 0, conversation: 0, change: "restore" },
    ],
  },
  {
    title: "[EPOCH-1] [DEV-3] a turn that goes on over a rewound history shows no badge of the former one",
    seed: 57200205,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 2000 },
    ],
    live: true,
    pageLimit: 1000,
    conversations: 2,
    steps: [
      { do: "wait", ms: 1640 },
      { do: "import", conversations: 1, messages: 4 },
      { do: "send", tab: 5, script: quick, conversation: 0, batch: true },
      { do: "backup" },
      { do: "wait", ms: 4696 },
      { do: "server", server: "restore-backup", downMs: 20000 },
      { do: "edit", tab: 5, back: 3, script: quick },
      { do: "send", tab: 5, script: quick, conversation: 4, batch: true },
    ],
  },
  {
    title: "[DEV-10] what an opening called deleted is there again, though its row came back unchanged",
    seed: 71100565,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 20 },
    ],
    pageLimit: 1000,
    conversations: 2,
    steps: [
      { do: "wait", ms: 14 },
      { do: "change", tab: 0, conversation: 0, change: "remove" },
      { do: "send", tab: 5, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 9 },
      { do: "change", tab: 0, conversation: 0, change: "restore", soon: "restore" },
    ],
  },
  {
    title: "[DEV-3] [MSG-5] what an Undo brings back is no news, though its conversation was left before",
    seed: 71200556,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    live: true,
    pageLimit: 1000,
    conversations: 0,
    steps: [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 8 },
      { do: "ask-again", tab: 0, back: 2 },
      { do: "wait", ms: 2 },
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 0 },
      { do: "wait", ms: 44 },
      { do: "draft", tab: 0, script: quick, batch: false, model: "model-a" },
      { do: "undo", tab: 0 },
    ],
  },
  {
    title: "[SYNC-4] the first part of an answer makes no page believe that it knows everything up to there",
    seed: 84001212,
    devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 200 }],
    live: true,
    pageLimit: 1,
    conversations: 3,
    steps: [
      { do: "wait", ms: 82022 },
      { do: "store", tab: 0, store: "loses" },
      { do: "api-send", conversation: 0, script: { tokens: 0, gapMs: 1, end: "complete" } },
      { do: "wait", ms: 3808 },
      { do: "change", tab: 0, conversation: 0, change: "remove" },
      { do: "api", conversation: 0, change: "create" },
      { do: "wait", ms: 228 },
      { do: "page", tab: 0, page: "reopen" },
      { do: "wait", ms: 100 },
      { do: "new-tab", device: 0, conversation: 0 },
    ],
  },
  {
    title: "[DEV-8] a conversation that another tab has begun and deleted for this one is gone here too",
    seed: 85001205,
    devices: [{ tabs: 2, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 1 }],
    steps: [
      { do: "offline", device: 0 },
      { do: "send", tab: 0, script: { tokens: 4, gapMs: 1, end: "failed" }, conversation: 5, batch: false },
      { do: "change", tab: 0, conversation: 3, change: "remove" },
    ],
  },
  {
    title: "[DEV-10] a deletion that was told of stays one, though its id is given anew once its tombstone has gone",
    seed: 88001537,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
    ],
    live: true,
    conversations: 2,
    steps: [
      { do: "wait", ms: 2 },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: false },
      { do: "send", tab: 2, script: { tokens: 0, gapMs: 1, end: "hang" }, conversation: 1, batch: false },
      { do: "wait", ms: 481 },
      { do: "edit", tab: 2, back: 2, script: quick },
      { do: "quiet" },
      { do: "api", conversation: 5, change: "remove" },
      { do: "edit", tab: 4, back: 2, script: quick },
      { do: "sleep", days: 120 },
      { do: "quiet" },
      { do: "new-tab", device: 2 },
      { do: "send", tab: 3, script: quick, conversation: 5, batch: false },
    ],
  },
  {
    title: "[DEV-12] a change that another tab has carried out is over here too, though this tab's own try fails late",
    seed: 1600,
    devices: [{ tabs: 2, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    live: true,
    steps: [
      { do: "send", tab: 1, script: quick, conversation: 0, batch: true },
      { do: "wait", ms: 7 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "fault", device: 0, call: "any", kind: "answer-late", times: 1, ms: 70000 },
      { do: "change", tab: 3, conversation: 0, change: "remove" },
      { do: "wait", ms: 2 },
      { do: "change", tab: 0, conversation: 0, change: "restore" },
    ],
  },
  {
    title:
      "[DEV-10] what another tab deletes is told here, though its change is read from the store before anything is heard of it",
    seed: 500050507,
    devices: [{ tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 1,
    steps: [
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "wait", ms: 2 },
      { do: "open", tab: 0, conversation: 0 },
      { do: "disk", device: 0, disk: "is-mute" },
      { do: "change", tab: 5, conversation: 0, change: "remove" },
    ],
  },
  {
    title:
      "[DEV-10] a chat whose first message was taken back in another tab was never there, and is not called deleted",
    seed: 950001142,
    devices: [
      { tabs: 2, hasStore: true, hasTabs: true, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
    ],
    steps: [
      { do: "offline", device: 0 },
      { do: "draft", tab: 5, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
      { do: "wait", ms: 3 },
      { do: "open", tab: 0, conversation: 0 },
      { do: "discard", tab: 0 },
    ],
  },
  {
    title: "[DEV-12] an undo that its page did not live to see pressed is nobody's word",
    seed: 950000788,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 3,
    steps: [
      { do: "wait", ms: 2 },
      { do: "change-many", tab: 0, conversation: 0, count: 2, change: "archive", undo: "answered" },
      { do: "page", tab: 0, page: "reopen" },
    ],
  },
  {
    title:
      "[DEV-12] a send that was refused for want of a session goes out, though somebody has signed in before it was told",
    seed: 228,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    steps: [
      { do: "session-ends", device: 0 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "page", tab: 0, page: "cache" },
      { do: "wait", ms: 2 },
    ],
  },
  {
    title: "[DEV-1] a page that could not hear that somebody has signed in asks when it is shown",
    seed: 304,
    devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 }],
    conversations: 1,
    steps: [
      { do: "session-ends", device: 0 },
      { do: "page", tab: 0, page: "hide" },
      { do: "wait", ms: 1 },
      { do: "session-begins", device: 0 },
    ],
  },
  {
    title:
      "[DEV-8] what another tab has begun and deleted for this one is gone here, though this one's store tells nothing of it",
    seed: 965001881,
    devices: [{ tabs: 2, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 3000, latencyMs: 1 }],
    steps: [
      { do: "wait", ms: 1380 },
      { do: "offline", device: 0 },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
      { do: "change", tab: 0, conversation: 0, change: "remove" },
      { do: "wait", ms: 1723 },
      { do: "store", tab: 0, store: "loses" },
      { do: "wait", ms: 19778 },
    ],
  },
  {
    title:
      "[DEV-12] what waited behind a first send makes its chat no second time, deleted so long ago that nobody knows of it",
    seed: 965002692,
    devices: [
      { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
      { tabs: 3, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
    ],
    conversations: 1,
    steps: [
      { do: "draft", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, batch: false },
      { do: "wait", ms: 178829 },
      {
        do: "draft",
        tab: 0,
        script: { tokens: 4, gapMs: 7000, end: "complete" },
        batch: false,
        model: "model-b",
      },
      { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 4, batch: false },
      { do: "wait", ms: 1770 },
      { do: "session-ends", device: 0 },
      { do: "change", tab: 2, conversation: 0, change: "remove" },
      { do: "wait", ms: 15 },
      { do: "sleep", days: 120 },
    ],
  },
  {
    title: "[EPOCH-1] a page that comes back believes what it hears of a rewound history until an answer after that",
    seed: 2120006315,
    devices: [{ tabs: 1, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 3000, latencyMs: 1 }],
    steps: [
      { do: "page", tab: 0, page: "cache" },
      { do: "import", conversations: 1, messages: 2 },
      { do: "new-tab", device: 0, conversation: 0 },
      { do: "wait", ms: 3757 },
      { do: "change", tab: 3, conversation: 0, change: "remove" },
      { do: "backup" },
      { do: "wait", ms: 7 },
      { do: "server", server: "restore-backup", downMs: 500 },
    ],
  },
];

describe("schedules that once failed", () => {
  it.each(ONCE)("$title", async ({ seed, steps, devices, live = false, pageLimit = 1000, conversations = 0 }) => {
    const setting = { devices, live, pageLimit, conversations };
    await expectToHold({ ...scheduleWith(setting, [...steps]), seed });
  });
});
