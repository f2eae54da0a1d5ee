import { describe, expect, it } from "vitest";
import { scheduleOf } from "./schedule.ts";
import { expectToHold, one, quick, scheduleWith, shared, stored } from "./hand-made.ts";
import { simulate } from "./simulate.ts";
import type { Step } from "./step.ts";

/** One of 100 steps takes about 150 ms, one of 12 about 20; the real thing is `npm run simulate -- --seeds 100000`. */
const RUNS = [
  { from: 1, seeds: 16, parts: 4, steps: 100 },
  { from: 10_001, seeds: 20, parts: 4, steps: 60 },
  { from: 20_001, seeds: 60, parts: 4, steps: 12 },
];

describe("seeded schedules of devices, tabs and faults", () => {
  for (const { from: first, seeds, parts, steps } of RUNS) {
    for (let part = 0; part < parts; part += 1) {
      const from = first + part * seeds;
      const to = from + seeds - 1;
      it(
        `converge and show nothing false, seeds ${from} to ${to} of ${steps} steps`,
        { timeout: 300_000 },
        async () => {
          for (let seed = from; seed <= to; seed += 1) {
            const { failure, failedAt } = await simulate(scheduleOf(seed, steps));
            expect(failure, `seed ${seed}, step ${failedAt}: ${failure?.message}`).toBeNull();
          }
        },
      );
    }
  }

  it("runs a seed twice the same way", async () => {
    const traces: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      const lines: string[] = [];
      await simulate(scheduleOf(12, 30), (line) => lines.push(line));
      traces.push(lines.join("\n"));
    }
    expect(traces[0]?.length).toBeGreaterThan(1000);
    expect(traces[0]).toBe(traces[1]);
  });
});

describe("schedules that once failed", () => {
  it("[DEV-11] a turn in one tab is seen by the other tabs of the browser when it has ended", async () => {
    await expectToHold(scheduleWith({ devices: [shared] }, [{ do: "draft", tab: 0, script: quick, batch: true }]));
  });

  it("[DEV-11] a send that another tab has taken over ends here too, whichever way its end is learnt", async () => {
    const hanging = { tokens: 0, gapMs: 1000, end: "hang" } as const;
    await expectToHold(
      scheduleWith({ devices: [{ ...shared, tabs: 3 }] }, [
        { do: "send", tab: 0, conversation: 0, script: hanging, batch: true },
      ]),
    );
  });

  it("[DEV-12] a change that waited and was sent by a tab that can't tell is not shown for ever", async () => {
    const slow = { ...stored, tabs: 3, diskMs: 3000 };
    await expectToHold(
      scheduleWith({ devices: [one, slow], unreadScope: "account" }, [
        { do: "send", tab: 2, conversation: 0, script: quick, batch: true },
        { do: "change", tab: 2, conversation: 0, change: "mark-unread" },
      ]),
    );
  });

  it("[DEV-3] what was opened with a badge is read, also where it was left before it was loaded", async () => {
    await expectToHold(
      scheduleWith({}, [
        { do: "send", tab: 0, conversation: 0, script: quick, batch: false },
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "quiet" },
        { do: "api-send", conversation: 0, script: quick },
        { do: "wait", ms: 15_106 },
        { do: "send", tab: 0, conversation: 0, script: quick, batch: false },
        { do: "send", tab: 0, conversation: 5, script: quick, batch: false },
        { do: "wait", ms: 3 },
        { do: "open", tab: 0, conversation: 1 },
      ]),
    );
  });

  it("[DEV-3] what was opened with a badge is read, also where it could not be loaded at first", async () => {
    await expectToHold(
      scheduleWith({ conversations: 1 }, [
        { do: "wait", ms: 60_546 },
        { do: "send", tab: 0, conversation: 0, script: quick, batch: false },
        { do: "wait", ms: 3 },
        { do: "offline", device: 0 },
        { do: "change", tab: 0, conversation: 0, change: "mark-unread" },
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "send", tab: 0, conversation: 0, script: quick, batch: false },
        { do: "sync-now", tab: 0 },
      ]),
    );
  });

  it("[DEV-9] what the server counted during a turn is not taken for the counts from before it", async () => {
    const slow = { ...shared, hasLocks: false, latencyMs: 20 };
    const steps: Step[] = [
      { do: "wait", ms: 17 },
      { do: "import", conversations: 2, messages: 60 },
      { do: "wait", ms: 61_821 },
      { do: "api", conversation: 0, change: "pin" },
      { do: "wait", ms: 60_716 },
      { do: "send", tab: 0, conversation: 1, script: quick, batch: false },
      { do: "wait", ms: 75 },
      { do: "new-tab", device: 0 },
      { do: "api", conversation: 0, change: "create" },
      { do: "api", conversation: 5, change: "replace" },
      { do: "open", tab: 2, conversation: 0 },
      { do: "wait", ms: 40 },
      { do: "send", tab: 0, conversation: 2, script: quick, batch: false },
    ];
    await expectToHold({ ...scheduleWith({ devices: [slow], live: true }, steps), seed: 10_332 });
  });

  it("[DEV-8] what a full sync could not judge is not stored as if it had", async () => {
    await expectToHold(
      scheduleWith({ devices: [{ ...stored, tabs: 2 }], unreadScope: "account", conversations: 3 }, [
        { do: "page", tab: 1, page: "cache" },
        { do: "wait", ms: 2 },
        { do: "change", tab: 0, conversation: 0, change: "remove" },
        { do: "quiet" },
        { do: "page", tab: 0, page: "reopen" },
      ]),
    );
  });

  it("[DEV-5] a turn that was joined and then deleted is seen, for when it is restored", async () => {
    await expectToHold(
      scheduleWith({ live: true }, [
        { do: "fault", device: 0, call: "send", kind: "answer-lost", times: 1, ms: 100 },
        { do: "send", tab: 0, conversation: 0, script: quick, batch: false },
        { do: "change", tab: 0, conversation: 0, change: "remove" },
        { do: "wait", ms: 98 },
        { do: "change", tab: 0, conversation: 0, change: "restore" },
      ]),
    );
  });

  it("[DEV-11] a change that another tab told of is shown once, and goes with its confirmation", async () => {
    await expectToHold(
      scheduleWith({ devices: [shared] }, [
        { do: "import", conversations: 1, messages: 4 },
        { do: "wait", ms: 2 },
        { do: "change", tab: 1, conversation: 0, change: "remove" },
        { do: "wait", ms: 7 },
        { do: "change", tab: 0, conversation: 0, change: "restore" },
      ]),
    );
  });

  it("[DEV-10] a deletion in one tab is told in another one of the same browser that shows the conversation", async () => {
    await expectToHold(
      scheduleWith({ devices: [shared], live: true }, [
        { do: "send", tab: 1, conversation: 0, script: quick, batch: false },
        { do: "wait", ms: 7 },
        { do: "change", tab: 0, conversation: 0, change: "remove" },
      ]),
    );
  });

  it("[DEV-9] marking the open conversation as read keeps the banner of what is not shown", async () => {
    await expectToHold(
      scheduleWith({ devices: [one], conversations: 1 }, [
        { do: "wait", ms: 5 },
        { do: "open", tab: 0, conversation: 0 },
        { do: "wait", ms: 10 },
        { do: "api-send", conversation: 0, script: quick },
        { do: "wait", ms: 61_000 },
        { do: "change", tab: 0, conversation: 0, change: "mark-read" },
      ]),
    );
  });

  it("[DEV-5] a failed batch is no news to the tab that sent it, whatever is on screen by then", async () => {
    await expectToHold(
      scheduleWith({ conversations: 3 }, [
        { do: "draft", tab: 0, script: { tokens: 1, gapMs: 7000, end: "failed-empty" }, batch: true },
        { do: "wait", ms: 2 },
        { do: "send", tab: 0, conversation: 3, script: quick, batch: true },
      ]),
    );
  });

  it("[DEV-8] the first page of an increment doesn't take back a change that a later page confirms", async () => {
    await expectToHold(
      scheduleWith({ pageLimit: 1 }, [
        { do: "draft", tab: 0, script: { ...quick, tokens: 1, gapMs: 1000 }, batch: false },
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "change", tab: 0, conversation: 1, change: "pin" },
      ]),
    );
  });

  it("[DEV-12] a read position that is never answered is given up and sent again", async () => {
    await expectToHold(
      scheduleWith({ unreadScope: "account" }, [
        { do: "fault", device: 0, call: "read", kind: "request-hangs", times: 1, ms: 100 },
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "wait", ms: 7 },
      ]),
    );
  });

  it("[DEV-12] a send that one tab was refused is not sent by another", async () => {
    await expectToHold(
      scheduleWith({ devices: [shared] }, [
        { do: "draft", tab: 1, script: quick, batch: false },
        { do: "wait", ms: 13 },
        { do: "send", tab: 0, conversation: 0, script: quick, batch: false },
        { do: "wait", ms: 3 },
        { do: "send", tab: 1, conversation: 0, script: quick, batch: false },
      ]),
    );
  });

  it("[DEV-12] what one tab without locks has sent doesn't wait in the other", async () => {
    await expectToHold(
      scheduleWith({ devices: [{ ...shared, hasLocks: false }], unreadScope: "account" }, [
        { do: "wait", ms: 3 },
        { do: "offline", device: 0 },
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "wait", ms: 30_887 },
      ]),
    );
  });

  it("[ID-1] making a conversation on the server keeps what came for it meanwhile", async () => {
    await expectToHold(
      scheduleWith({ devices: [{ ...shared, tabs: 3 }] }, [
        { do: "offline", device: 0 },
        { do: "draft", tab: 0, script: quick, batch: true },
      ]),
    );
  });

  it("[DEV-1] a warm start shows nothing that was deleted while another tab had stored it", async () => {
    await expectToHold(
      scheduleWith({ devices: [{ ...stored, tabs: 2 }] }, [
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "sync-now", tab: 0 },
        { do: "wait", ms: 3 },
        { do: "api", conversation: 0, change: "erase" },
        { do: "wait", ms: 61_991 },
        { do: "page", tab: 0, page: "reopen" },
      ]),
    );
  });

  it("[DEV-3] what was opened without a network is read once there is one", async () => {
    await expectToHold(
      scheduleWith({ devices: [one, one] }, [
        { do: "draft", tab: 1, script: quick, batch: false },
        { do: "wait", ms: 60_477 },
        { do: "offline", device: 0 },
        { do: "open", tab: 0, conversation: 0 },
      ]),
    );
  });

  it("[DEV-9] messages that are painted from the store are not in the banner", async () => {
    await expectToHold(
      scheduleWith({ devices: [{ ...stored, tabs: 2 }, one], live: true }, [
        { do: "draft", tab: 1, script: quick, batch: false },
        { do: "wait", ms: 6 },
        { do: "open", tab: 0, conversation: 0 },
        { do: "api-send", conversation: 0, script: quick },
      ]),
    );
  });

  it("[DEV-3] what was being counted when the page went is counted after a warm start", async () => {
    await expectToHold(
      scheduleWith({ devices: [stored] }, [
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "wait", ms: 177_667 },
        { do: "api", conversation: 0, change: "replace" },
        { do: "wait", ms: 3827 },
        { do: "page", tab: 0, page: "reopen" },
      ]),
    );
  });

  it("[DEV-3] marking as read takes back nothing that was seen", async () => {
    await expectToHold(
      scheduleWith({ conversations: 2 }, [
        { do: "draft", tab: 0, script: quick, batch: false },
        { do: "wait", ms: 2 },
        { do: "send", tab: 0, conversation: 1, script: quick, batch: true },
        { do: "api-send", conversation: 0, script: quick },
        { do: "open", tab: 0, conversation: 0 },
        { do: "wait", ms: 2 },
        { do: "send", tab: 0, conversation: 1, script: quick, batch: false },
        { do: "change", tab: 0, conversation: 0, change: "mark-read" },
      ]),
    );
  });

  it("[DEV-11] what a tab didn't hear in the back/forward cache it learns when it comes back", async () => {
    await expectToHold(
      scheduleWith({ devices: [shared] }, [
        { do: "draft", tab: 0, script: quick, batch: true },
        { do: "wait", ms: 3 },
        { do: "page", tab: 1, page: "cache" },
        { do: "wait", ms: 3 },
      ]),
    );
  });

  it("[DEV-12] what one tab was refused and another sends again is gone from the first, also where tabs can't hear each other", async () => {
    await expectToHold(
      scheduleWith({ devices: [{ ...shared, hasTabs: false, hasLocks: false }], conversations: 0 }, [
        { do: "send", tab: 0, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: false },
        { do: "quiet" },
        { do: "send", tab: 1, script: { tokens: 0, gapMs: 1, end: "complete" }, conversation: 0, batch: true },
        { do: "wait", ms: 7 },
        { do: "sleep", days: 89 },
        { do: "retry", tab: 0 },
      ]),
    );
  });

  it("[EPOCH-1] a message that a restore has undone is gone, also where the clock has gone on", async () => {
    await expectToHold(
      scheduleWith({ conversations: 1 }, [
        { do: "wait", ms: 5 },
        { do: "backup" },
        { do: "api-send", conversation: 0, script: quick },
        { do: "wait", ms: 61_000 },
        { do: "server", server: "restore-backup", downMs: 0 },
        { do: "api", conversation: 0, change: "rename" },
      ]),
    );
  });

  it("[EPOCH-1] a conversation that another tab has begun, and the server told of during its turn, goes with the history that had it", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 60 },
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 500 },
      { do: "api", conversation: 0, change: "erase" },
    ];
    await expectToHold({
      ...scheduleWith(
        { devices: [{ tabs: 2, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 0, latencyMs: 20 }], live: true },
        steps,
      ),
      seed: 7001276,
    });
  });

  it("[DEV-12] what one tab found out about a send stays so, whichever tab stores it next", async () => {
    const steps: Step[] = [
      { do: "draft", tab: 5, script: { tokens: 2, gapMs: 7000, end: "failed" }, batch: true },
      { do: "wait", ms: 59 },
      { do: "offline", device: 0 },
      { do: "wait", ms: 61977 },
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 2 },
      { do: "change", tab: 3, conversation: 0, change: "remove" },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 3 },
      { do: "change", tab: 0, conversation: 0, change: "restore" },
    ];
    await expectToHold({
      ...scheduleWith(
        { devices: [{ tabs: 3, hasStore: true, hasTabs: true, hasLocks: true, diskMs: 30, latencyMs: 1 }, one] },
        steps,
      ),
      seed: 7001063,
    });
  });

  it("[DEV-3] a mark as unread leaves the read position that waits before it", async () => {
    const steps: Step[] = [
      { do: "send", tab: 0, script: quick, conversation: 0, batch: false },
      { do: "sync-now", tab: 1 },
      { do: "wait", ms: 61035 },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: false },
      { do: "wait", ms: 28 },
      { do: "server", server: "crash", downMs: 20000 },
      { do: "wait", ms: 6940 },
      { do: "change", tab: 1, conversation: 0, change: "mark-unread" },
    ];
    await expectToHold({
      ...scheduleWith(
        {
          devices: [
            { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 2000 },
            { tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 200 },
          ],
        },
        steps,
      ),
      seed: 8000772,
    });
  });

  it("[DEV-5] a send that another tab without a channel took out is no news where it was written", async () => {
    const steps: Step[] = [
      { do: "send", tab: 4, script: quick, conversation: 0, batch: false },
      { do: "send", tab: 1, script: quick, conversation: 0, batch: true },
      { do: "import", conversations: 2, messages: 2 },
      { do: "draft", tab: 1, script: { tokens: 2, gapMs: 1000, end: "complete" }, batch: false },
      { do: "api", conversation: 0, change: "remove" },
      { do: "wait", ms: 3459 },
      { do: "open", tab: 2, conversation: 5 },
      { do: "wait", ms: 61544 },
      { do: "send", tab: 4, script: { tokens: 2, gapMs: 1000, end: "complete" }, conversation: 5, batch: true },
      { do: "wait", ms: 10 },
      { do: "offline", device: 3 },
      { do: "wait", ms: 24 },
      { do: "draft", tab: 1, script: quick, batch: false },
      { do: "wait", ms: 1 },
      { do: "ask-again", tab: 5, back: 1 },
      { do: "api", conversation: 0, change: "restore" },
      { do: "wait", ms: 4629 },
      { do: "send", tab: 4, script: quick, conversation: 0, batch: true },
      { do: "wait", ms: 654 },
      { do: "api-send", conversation: 2, script: quick },
      { do: "send", tab: 5, script: { tokens: 4, gapMs: 1000, end: "failed" }, conversation: 1, batch: false },
      { do: "wait", ms: 18391 },
      { do: "wait", ms: 319452 },
    ];
    await expectToHold({
      ...scheduleWith(
        {
          devices: [
            { tabs: 1, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 1 },
            { tabs: 2, hasStore: true, hasTabs: false, hasLocks: false, diskMs: 3000, latencyMs: 1 },
          ],
          pageLimit: 3,
          conversations: 1,
        },
        steps,
      ),
      seed: 8001037,
    });
  });

  it("[SYNC-3] a turn that failed leaves counts and title of one commit", async () => {
    const steps: Step[] = [
      { do: "backup" },
      { do: "server", server: "restore-backup", downMs: 20000 },
      { do: "draft", tab: 0, script: { tokens: 2, gapMs: 1, end: "failed" }, batch: false },
    ];
    await expectToHold({
      ...scheduleWith(
        { devices: [{ tabs: 1, hasStore: false, hasTabs: false, hasLocks: false, diskMs: 0, latencyMs: 200 }] },
        steps,
      ),
      seed: 9000781,
    });
  });
});
