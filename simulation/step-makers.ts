/** What may happen in a schedule: each kind of step, and how often it comes. */
import type { Random } from "./random.ts";
import { conversation, find, script, tab } from "./step-parts.ts";
import { hasty, swaps } from "./step-series.ts";
import type { ApiChange, CallKind, FaultKind, ManyChange, PageStep, Step, TabChange } from "./step.ts";

/** One step, or several that make sense together. */
export type Maker = (random: Random) => Step | Step[];

/** How often each kind of step comes in one schedule; some schedules are calm, so that rules about rare things are not always drowned in faults. */
export function mood(random: Random, hasSwaps: boolean): readonly (readonly [number, Maker])[] {
  const faults = random.pick([0, 1, 1, 4]);
  const pages = random.pick([0, 1, 1, 4]);
  const history = random.pick([0, 0.2, 1]);
  return [
    [14, sends],
    [10, opens],
    [10, changes],
    [10, api],
    [6, turns],
    [hasSwaps ? 6 : 0, swaps],
    [4, asks],
    [3, () => ({ do: "stranger" })],
    [
      2,
      (random) => ({ do: "import", conversations: 1 + random.below(2), messages: random.pick([0, 1, 2, 4, 60, 160]) }),
    ],
    [3, () => ({ do: "quiet" })],
    [8 * faults, fault],
    [2 * faults, (random) => ({ do: random.pick(["offline", "online", "online"]), device: random.below(4) })],
    [1 * faults, clocks],
    [1 * faults, session],
    [9 * pages, page],
    [1 * pages, newTab],
    [3 * pages, hasty],
    [1 * pages, listenersThrow],
    [3 * history, server],
    [1 * history, config],
    [2 * history, () => ({ do: "backup" })],
    [1 * history, () => ({ do: "sweep" })],
    [1 * history, (random) => ({ do: "sleep", days: random.pick([1, 29, 31, 61, 89, 91, 120]) })],
  ];
}

function sends(random: Random): Step {
  const common = { tab: tab(random), script: script(random) };
  return random.weighted<Step>([
    [3, { do: "draft", ...common, batch: random.chance(0.2) }],
    [1, { do: "draft", ...common, batch: random.chance(0.2), model: random.pick(["model-a", "model-b"]) }],
    [1, { do: "new-chat", tab: tab(random) }],
    [8, { do: "send", ...common, conversation: conversation(random), batch: random.chance(0.2) }],
  ]);
}

function opens(random: Random): Step {
  return random.weighted<Step>([
    [8, { do: "open", tab: tab(random), conversation: conversation(random) }],
    [2, { do: "close", tab: tab(random) }],
    [2, find(random)],
    [1, { do: random.pick(["load-later", "show-latest"]), tab: tab(random) }],
    [2, { do: "load-older", tab: tab(random) }],
    [4, { do: "load-newer", tab: tab(random) }],
  ]);
}

function changes(random: Random): Step {
  if (random.chance(0.08)) return { do: "mark-all-read", tab: tab(random), undo: random.chance(0.5) };
  if (random.chance(0.25)) return changesMany(random);
  const change = random.weighted<TabChange>([
    [3, "rename"],
    [1, "pin"],
    [1, "unpin"],
    [1, "archive"],
    [1, "unarchive"],
    [1, "model"],
    [3, "remove"],
    [2, "restore"],
    [2, "mark-unread"],
    [2, "mark-read"],
  ]);
  const others = SAME_THING.find((alike) => alike.includes(change)) ?? [change];
  const common = { do: "change", tab: tab(random), conversation: conversation(random), change } as const;
  return random.chance(0.25) ? { ...common, soon: random.pick(others) } : common;
}

function changesMany(random: Random): Step {
  return {
    do: "change-many",
    tab: tab(random),
    conversation: conversation(random),
    count: 2 + random.below(4),
    change: random.weighted<ManyChange>([
      [3, "pin"],
      [1, "unpin"],
      [3, "archive"],
      [2, "unarchive"],
      [4, "remove"],
      [3, "mark-unread"],
      [1, "mark-read"],
    ]),
    undo: random.pick(["never", "never", "at-once", "answered"]),
  };
}

/** Changes of which one undoes or replaces another. */
const SAME_THING: readonly (readonly TabChange[])[] = [
  ["pin", "unpin"],
  ["archive", "unarchive"],
  ["mark-unread", "mark-read"],
  ["remove", "restore"],
];

function listenersThrow(random: Random): Step {
  return { do: "listeners-throw", tab: tab(random) };
}

function config(random: Random): Step {
  return { do: "config", live: random.chance(0.5), models: 1 + random.below(2) };
}

/** Another program's change of something. */
export function api(random: Random): Step {
  if (random.chance(0.45)) return { do: "api-send", conversation: conversation(random), script: script(random) };
  const change = random.weighted<ApiChange>([
    [4, "create"],
    [3, "rename"],
    [1, "pin"],
    [1, "unpin"],
    [1, "archive"],
    [1, "unarchive"],
    [1, "model"],
    [4, "remove"],
    [3, "restore"],
    [1, "erase"],
    [1, "purge"],
    [1, "same"],
    [1, "mark-unread"],
    [2, "mark-read"],
    [1, "read-half"],
    [1, "stop"],
    [3, "replace"],
    [2, "ask-again"],
  ]);
  return { do: "api", conversation: conversation(random), change };
}

function turns(random: Random): Step {
  return random.weighted<Step>([
    [2, { do: "edit", tab: tab(random), back: random.below(4), script: script(random) }],
    [2, { do: "ask-again", tab: tab(random), back: random.below(4) }],
    [3, { do: "stop", tab: tab(random) }],
    [1, { do: "retry", tab: tab(random) }],
    [1, { do: "discard", tab: tab(random) }],
  ]);
}

function asks(random: Random): Step {
  return { do: random.pick(["sync-now", "full-sync", "load-more", "sync-now"]), tab: tab(random) };
}

function fault(random: Random): Step {
  return {
    do: "fault",
    device: random.below(4),
    call: random.weighted<CallKind>([
      [6, "sync"],
      [5, "send"],
      [3, "open"],
      [2, "messages"],
      [2, "resume"],
      [2, "change"],
      [2, "read"],
      [1, "list"],
      [2, "any"],
    ]),
    kind: random.weighted<FaultKind>([
      [2, "request-lost"],
      [1, "request-hangs"],
      [2, "request-late"],
      [2, "request-doubled"],
      [4, "answer-lost"],
      [1, "answer-hangs"],
      [5, "answer-late"],
      [3, "cut-after"],
      [1, "bad-gateway"],
      [1, "unavailable"],
    ]),
    times: 1 + random.below(3),
    ms: random.pick([100, 1500, 12_000, 70_000]),
  };
}

function session(random: Random): Step {
  return { do: random.pick(["session-ends", "session-begins"]), device: random.below(4) };
}

function clocks(random: Random): Step {
  const stepMs = random.pick([-3_600_000, -5000, 5000, 3_600_000, 86_400_000 * 400]);
  if (random.chance(0.4)) return { do: "server-clock", stepMs: random.pick([-3_600_000, -5000, 5000]) };
  return { do: "device-clock", device: random.below(4), stepMs };
}

function page(random: Random): Step {
  const step = random.weighted<PageStep>([
    [4, "hide"],
    [5, "show"],
    [2, "freeze"],
    [3, "thaw"],
    [2, "cache"],
    [3, "return"],
    [1, "focus"],
    [1, "kill"],
    [2, "reopen"],
  ]);
  return { do: "page", tab: tab(random), page: step };
}

function newTab(random: Random): Step {
  const tab = { do: "new-tab", device: random.below(4) } as const;
  return random.chance(0.5) ? tab : { ...tab, conversation: conversation(random) };
}

function server(random: Random): Step {
  return {
    do: "server",
    server: random.pick(["restart", "crash", "crash", "restore-backup"]),
    downMs: random.pick([0, 500, 20_000]),
  };
}
