/** The schedule's total table: every event in every phase. */
import { describe, expect, it } from "vitest";
import {
  advance,
  isHoldUnwanted,
  nextQuestion,
  type Phase,
  phaseOf,
  type PollSchedule,
  type ScheduleEvent,
  STOPPED,
} from "./poll-schedule.ts";

const SETTINGS = { pollIntervalMs: 60_000, fullSyncThresholdMs: 300_000, live: true };
const POLLING = { ...SETTINGS, live: false };
const NOW = 1_000_000;
const AT = { now: NOW, random: 0.5, settings: SETTINGS };

const running: PollSchedule = { ...STOPPED, isRunning: true, dueAt: NOW + 10_000 };

const PHASES: Record<Phase, PollSchedule> = {
  stopped: STOPPED,
  refused: { ...running, isRefused: true, dueAt: null },
  offline: { ...running, isOnline: false, isSaidOnline: false },
  hidden: { ...running, isVisible: false, hiddenAt: NOW - 1000, dueAt: null },
  failing: { ...running, failures: 2 },
  live: running,
  visible: { ...running, isServedByOther: true },
};

it("[DEV-1] a hidden page doesn't go on with the next page of an answer", () => {
  const asking = { ...PHASES.hidden, isAsking: true };
  const answered = { kind: "answered", hasMore: true, isEarlyAndEmpty: false, retryAfterMs: null } as const;
  expect(advance(asking, answered, AT).dueAt).toBeNull();
  expect(advance({ ...asking, isVisible: true }, answered, AT).dueAt).toBe(NOW);
});

it("[DEV-2] an answer knows better than the browser whether there is a network, and no longer once the next question fails", () => {
  const asked = { kind: "asked", question: { isFull: false, isHeld: false } } as const;
  const answered = { kind: "answered", hasMore: false, isEarlyAndEmpty: false, retryAfterMs: null } as const;
  const failed = { kind: "failed", isRefused: false, retryAfterMs: null } as const;
  const isOnlineAfter = (...events: readonly ScheduleEvent[]) =>
    events.reduce((schedule, event) => advance(schedule, event, AT), running).isOnline;
  expect(isOnlineAfter({ kind: "offline" }, asked, answered)).toBe(true);
  // It was on its way already when the network went.
  expect(isOnlineAfter(asked, { kind: "offline" }, answered, asked, failed)).toBe(false);
  expect(isOnlineAfter({ kind: "offline" }, asked, answered, { kind: "online" }, asked, failed)).toBe(true);
});

const EVENTS: Record<string, ScheduleEvent> = {
  start: { kind: "start", isVisible: true, isOnline: true, isWarm: false },
  stop: { kind: "stop" },
  show: { kind: "show" },
  hide: { kind: "hide" },
  online: { kind: "online" },
  offline: { kind: "offline" },
  "signed-in": { kind: "signed-in" },
  "want-full": { kind: "want-full" },
  "want-more": { kind: "want-more" },
  asked: { kind: "asked", question: { isFull: false, isHeld: false } },
  answered: { kind: "answered", hasMore: false, isEarlyAndEmpty: false, retryAfterMs: null },
  failed: { kind: "failed", isRefused: false, retryAfterMs: null },
  refused: { kind: "failed", isRefused: true, retryAfterMs: null },
  abandoned: { kind: "abandoned" },
  "answered-elsewhere": { kind: "answered-elsewhere" },
  served: { kind: "served-by-other", isServed: true },
  unserved: { kind: "served-by-other", isServed: false },
};

/** What each event leads to: the phase, and in how many milliseconds the next question is due (`-`: none is). */
const TABLE: Record<Phase, Record<keyof typeof EVENTS, string>> = {
  stopped: {
    start: "live 0",
    stop: "stopped -",
    show: "stopped -",
    hide: "stopped -",
    online: "stopped -",
    offline: "stopped -",
    "signed-in": "stopped -",
    "want-full": "stopped -",
    "want-more": "stopped -",
    asked: "stopped -",
    answered: "stopped -",
    failed: "stopped -",
    refused: "stopped -",
    abandoned: "stopped -",
    "answered-elsewhere": "stopped -",
    served: "stopped -",
    unserved: "stopped -",
  },
  refused: {
    start: "refused -",
    stop: "stopped -",
    show: "refused 0",
    hide: "refused -",
    online: "refused -",
    offline: "refused -",
    "signed-in": "live 0",
    "want-full": "refused 0",
    "want-more": "refused 0",
    asked: "refused -",
    answered: "live 0",
    failed: "failing 500",
    refused: "refused -",
    abandoned: "refused -",
    "answered-elsewhere": "refused -",
    served: "refused -",
    unserved: "refused -",
  },
  offline: {
    start: "offline 10000",
    stop: "stopped -",
    show: "offline 0",
    hide: "hidden -",
    online: "live 0",
    offline: "offline 0",
    "signed-in": "offline 0",
    "want-full": "offline 0",
    "want-more": "offline 0",
    asked: "offline -",
    answered: "live 0",
    failed: "offline 500",
    refused: "refused -",
    abandoned: "offline 0",
    "answered-elsewhere": "offline 10000",
    served: "offline 10000",
    unserved: "offline 10000",
  },
  hidden: {
    start: "hidden -",
    stop: "stopped -",
    show: "live 0",
    hide: "hidden -",
    online: "hidden -",
    offline: "hidden -",
    "signed-in": "hidden -",
    "want-full": "hidden 0",
    "want-more": "hidden 0",
    asked: "hidden -",
    answered: "hidden -",
    failed: "hidden -",
    refused: "refused -",
    abandoned: "hidden -",
    "answered-elsewhere": "hidden -",
    served: "hidden -",
    unserved: "hidden -",
  },
  failing: {
    start: "failing 10000",
    stop: "stopped -",
    show: "live 0",
    hide: "hidden -",
    online: "live 0",
    offline: "offline 0",
    "signed-in": "live 0",
    "want-full": "failing 0",
    "want-more": "failing 0",
    asked: "failing -",
    answered: "live 0",
    failed: "failing 2000",
    refused: "refused -",
    abandoned: "failing 0",
    "answered-elsewhere": "failing 10000",
    served: "failing 10000",
    unserved: "failing 10000",
  },
  live: {
    start: "live 10000",
    stop: "stopped -",
    show: "live 0",
    hide: "hidden -",
    online: "live 0",
    offline: "offline 0",
    "signed-in": "live 0",
    "want-full": "live 0",
    "want-more": "live 0",
    asked: "live -",
    answered: "live 0",
    failed: "failing 500",
    refused: "refused -",
    abandoned: "live 0",
    "answered-elsewhere": "live 10000",
    served: "visible 10000",
    unserved: "live 10000",
  },
  visible: {
    start: "visible 10000",
    stop: "stopped -",
    show: "visible 0",
    hide: "hidden -",
    online: "visible 0",
    offline: "offline 0",
    "signed-in": "visible 0",
    "want-full": "visible 0",
    "want-more": "visible 0",
    asked: "visible -",
    answered: "visible 60000",
    failed: "failing 500",
    refused: "refused -",
    abandoned: "visible 0",
    "answered-elsewhere": "visible 60000",
    served: "visible 10000",
    unserved: "live 0",
  },
};

describe("the table", () => {
  for (const [phase, schedule] of Object.entries(PHASES)) {
    it(`[DEV-1] says what every event does while ${phase}`, () => {
      expect(phaseOf(schedule, SETTINGS)).toBe(phase);
      const row = Object.fromEntries(
        Object.entries(EVENTS).map(([name, event]) => {
          const next = advance(schedule, event, AT);
          return [name, `${phaseOf(next, SETTINGS)} ${next.dueAt === null ? "-" : next.dueAt - NOW}`];
        }),
      );
      expect(row).toEqual(TABLE[phase as Phase]);
    });
  }
});

describe("what is asked", () => {
  const question = (schedule: PollSchedule, settings = SETTINGS) => nextQuestion(schedule, settings);

  it("[WAIT-1] is held only while live and nobody waits for the answer", () => {
    expect(question(running)).toEqual({ isFull: false, isHeld: true });
    expect(question(running, POLLING)).toEqual({ isFull: false, isHeld: false });
    expect(question({ ...running, wantsMore: true })).toEqual({ isFull: false, isHeld: false });
    expect(question({ ...running, wantsFull: true })).toEqual({ isFull: true, isHeld: false });
    expect(question(PHASES.failing)).toEqual({ isFull: false, isHeld: false });
  });

  it("[DEV-2] is everything again where asking for everything failed or was given up", () => {
    const asking = advance(
      { ...running, wantsFull: true },
      { kind: "asked", question: { isFull: true, isHeld: false } },
      AT,
    );
    expect(asking.wantsFull).toBe(false);
    for (const name of ["failed", "refused", "abandoned"]) {
      expect(advance(asking, EVENTS[name] as ScheduleEvent, AT).wantsFull).toBe(true);
    }
    expect(advance(asking, EVENTS["answered"] as ScheduleEvent, AT).wantsFull).toBe(false);
  });

  it("[DEV-1] is everything after more than the threshold hidden, an increment up to it", () => {
    const hiddenFor = (ms: number) => advance({ ...PHASES.hidden, hiddenAt: NOW - ms }, { kind: "show" }, AT).wantsFull;
    expect([hiddenFor(300_000), hiddenFor(300_001), hiddenFor(-1)]).toEqual([false, true, true]);
  });

  it("[WAIT-2] a held request is given up where something else is wanted", () => {
    const holding = advance(running, { kind: "asked", question: { isFull: false, isHeld: true } }, AT);
    expect(isHoldUnwanted(holding, SETTINGS)).toBe(false);
    for (const name of ["hide", "want-full", "want-more", "served", "offline"]) {
      expect(isHoldUnwanted(advance(holding, EVENTS[name] as ScheduleEvent, AT), SETTINGS)).toBe(true);
    }
    expect(isHoldUnwanted(advance(holding, { kind: "show" }, AT), SETTINGS)).toBe(false);
  });

  it("waits for no server's patience longer than five minutes", () => {
    const next = advance(running, { kind: "failed", isRefused: false, retryAfterMs: 86_400_000 }, AT);
    expect(next.dueAt).toBe(NOW + 300_000);
  });
});
