/**
 * P3: how long after a write another device has it, live, over real HTTP: one connection writes, another one's held request sees it.
 * The floor is bare `node:http` that stores nothing: what two answers cost the machine anyway.
 */
import { setTimeout as pause } from "node:timers/promises";
import { HttpConnection } from "../http-connection.ts";
import { incrementPath, SYNC_CALL, syncResponse } from "../increment-path.ts";
import type { Row } from "../row.ts";
import { seededRandom } from "../seeded-random.ts";
import { ms, percentile } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

interface Times {
  /** From the write until its acknowledgement. */
  readonly acknowledged: number[];
  /** From the write until the other device has it. */
  readonly seen: number[];
  /** From the acknowledgement until then; below 0 where the other device was first. */
  readonly after: number[];
}

interface Pair {
  readonly writer: HttpConnection;
  readonly reader: HttpConnection;
}

const CONVERSATIONS = 1000;

export async function measureLive(bench: Workbench): Promise<readonly Row[]> {
  const { folder, ids } = await bench.data({ conversations: CONVERSATIONS, messagesEach: 10 });
  const ours = await bench.serve({ kind: "program", dataDir: folder });
  const bare = await bench.serve({ kind: "bare", body: '{"conversations":[]}' });
  const oursPair = await pairOf(ours.url);
  const barePair = await pairOf(bare.url);
  const first = await oursPair.reader.expect({ path: `${SYNC_CALL}?limit=1` });
  let known = syncResponse(first.body);
  const oursTimes: Times = { acknowledged: [], seen: [], after: [] };
  const bareTimes: Times = { acknowledged: [], seen: [], after: [] };
  const random = seededRandom(3);
  const rounds = bench.size(1500, 50);
  for (let round = 0; round < rounds; round++) {
    bench.progress(`P3: write ${round + 1} of ${rounds}`);
    const write = { path: `/api/conversations/${ids[random.below(ids.length)]}`, title: `Round ${round}` };
    const answer = await race(oursPair, { ...write, wait: incrementPath(known, "&wait=20") }, oursTimes);
    known = syncResponse(answer);
    if (known.conversations[0]?.title !== write.title) throw new Error("another change came than was written");
    await race(barePair, { ...write, wait: "/?wait=20" }, bareTimes);
  }
  return [
    row("another device has it, after the writer's acknowledgement", "after", "p50 ≤ 1 ms, p99 ≤ 10 ms"),
    row("the writer's acknowledgement (durable)", "acknowledged", "—"),
    row("from the write until the other device has it", "seen", "—"),
  ].map((make) => make(oursTimes, bareTimes));
}

interface Write {
  readonly path: string;
  readonly title: string;
  /** What the reader is held with. */
  readonly wait: string;
}

/** Long enough for the reader to be held before the write comes. */
const HOLD_MS = 4;

async function race({ writer, reader }: Pair, { path, title, wait }: Write, times: Times): Promise<Buffer> {
  const held = reader.expect({ path: wait });
  await pause(HOLD_MS);
  const writtenAt = performance.now();
  const [acknowledged, seen] = await Promise.all([writer.expect({ method: "PATCH", path, json: { title } }), held]);
  times.acknowledged.push(acknowledged.at - writtenAt);
  times.seen.push(seen.at - writtenAt);
  times.after.push(seen.at - acknowledged.at);
  return seen.body;
}

async function pairOf(url: string): Promise<Pair> {
  return { writer: await HttpConnection.open(url), reader: await HttpConnection.open(url) };
}

function row(what: string, key: keyof Times, goal: string): (ours: Times, bare: Times) => Row {
  const text = ({ [key]: values }: Times) => `p50 ${ms(percentile(values, 0.5))}, p99 ${ms(percentile(values, 0.99))}`;
  return (ours, bare) => ({
    target: "P3",
    what,
    ours: text(ours),
    beside: `bare node:http, not durable: ${text(bare)}; original design, by its polling: 0–60 s`,
    goal,
  });
}
