/** P2: what the idle and the one-change increment cost the engine, in databases of every size, in turn. */
import { parseTimestamp, type ConversationId, type Micros, type SyncResponse } from "@instep/protocol";
import { isRefusal, type Engine } from "@instep/sync-server";
import { LOCAL_ACCOUNT } from "../../apps/server/src/accounts/accounts.ts";
import type { Shape } from "../data-set.ts";
import { openDurableEngine } from "../open-engine.ts";
import type { Row } from "../row.ts";
import { seededRandom } from "../seeded-random.ts";
import { median, micros, ratio } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

interface Size {
  readonly name: string;
  readonly engine: Engine;
  readonly ids: readonly ConversationId[];
  readonly idle: number[];
  readonly oneChange: number[];
  /** The same question once more, as many devices ask it after one change. */
  readonly again: number[];
}

const QUESTION = { full: false, epoch: null, waitS: 0, limit: 1000, page: null, ifNoneMatch: null };

export async function measureGrowth(bench: Workbench): Promise<readonly Row[]> {
  const shapes: Readonly<Record<string, Shape>> = {
    "100 conversations, 1 message each, 1 account": { conversations: 100, messagesEach: 1 },
    ...bench.size<Record<string, Shape>>(
      {
        "100 conversations, 10,000 messages each": { conversations: 100, messagesEach: 10_000 },
        "100,000 conversations, 10 messages each": { conversations: 100_000, messagesEach: 10 },
        "100 conversations, 10,000 accounts": { conversations: 100, messagesEach: 1, otherAccounts: 10_000 },
      },
      { "1,000 conversations, 10 messages each": { conversations: 1000, messagesEach: 10 } },
    ),
  };
  const sizes: Size[] = [];
  try {
    for (const [name, shape] of Object.entries(shapes)) {
      const { folder, ids } = await bench.data(shape);
      sizes.push({ name, engine: await openDurableEngine(folder), ids, idle: [], oneChange: [], again: [] });
    }
    await measureInTurn(bench, sizes);
  } finally {
    for (const { engine } of sizes) await engine.close();
  }
  const [smallest, ...others] = sizes;
  return smallest ? others.flatMap((size) => compare(size, smallest)) : [];
}

async function measureInTurn(bench: Workbench, sizes: readonly Size[]): Promise<void> {
  const rounds = bench.size(25, 3);
  const random = seededRandom(2);
  for (let round = 0; round < rounds; round++) {
    bench.progress(`P2: round ${round + 1} of ${rounds}`);
    for (const { engine, ids, idle, oneChange, again } of sizes) {
      const before = await clockOf(engine);
      const id = ids[random.below(ids.length)];
      if (id) await engine.append(LOCAL_ACCOUNT.id, id, { role: "user", content: random.text(12) });
      const after = await clockOf(engine);
      // The writer looks after its index for a moment; that is no part of an increment.
      await new Promise((resolve) => void setTimeout(resolve, SETTLE_MS));
      const looks = Math.min(bench.size(3000, 300), after - before - 1);
      // Each asks from a tick of its own, so that the engine can't answer with what it found for the one before.
      oneChange.push(await cpuOf(looks, (look) => increment(engine, (before + look) as Micros)));
      again.push(await cpuOf(looks, () => increment(engine, before)));
      idle.push(await cpuOf(bench.size(50_000, 3000), () => increment(engine, after)));
    }
  }
}

const SETTLE_MS = 150;

function compare(size: Size, smallest: Size): readonly Row[] {
  const row = (what: string, key: "idle" | "oneChange" | "again"): Row => ({
    target: "P2",
    what: `${what}: ${size.name}`,
    ours: micros(median(size[key])),
    beside: `${smallest.name} ${micros(median(smallest[key]))}`,
    ratio: ratio(median(size[key].map((cpu, round) => cpu / (smallest[key][round] ?? cpu)))),
    goal: "0.8–1.2",
  });
  return [
    row("idle, CPU in the engine", "idle"),
    row("one change, CPU in the engine", "oneChange"),
    row("the same change for a second device", "again"),
  ];
}

async function clockOf(engine: Engine): Promise<Micros> {
  const answer = await engine.sync(LOCAL_ACCOUNT.id, { ...QUESTION, limit: 1, since: null });
  const json = isRefusal(answer) || answer.kind !== "answer" ? "{}" : answer.json;
  const clock = parseTimestamp((JSON.parse(json) as SyncResponse).server_time);
  if (clock === null) throw new Error("the engine told no clock");
  return clock;
}

async function increment(engine: Engine, since: Micros): Promise<void> {
  await engine.sync(LOCAL_ACCOUNT.id, { ...QUESTION, since });
}

/** The process's CPU time of one run, in microseconds. */
async function cpuOf(runs: number, run: (n: number) => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < runs; n++) await run(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}
