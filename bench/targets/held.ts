/** P4: ten thousand held requests in one process: what they cost in memory, and how long one write takes to wake them all. */
import { setTimeout as pause } from "node:timers/promises";
import { openConnections, type HttpAnswer, type HttpConnection } from "../http-connection.ts";
import { currentIncrementPath, syncResponse } from "../increment-path.ts";
import type { Row } from "../row.ts";
import { SESSION_COOKIE } from "../servers/session.ts";
import type { ServerProcess } from "../server-process.ts";
import { megabytes, ms } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

interface HeldFigures {
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  readonly wokenMs: number;
  readonly answers: readonly (HttpAnswer | null)[];
}

interface Holding {
  readonly server: ServerProcess;
  readonly path: string;
  readonly writePath: string;
  readonly count: number;
}

const TITLE = "Wake up";
/** Shorter than any hold, long enough for a busy machine. */
const PATIENCE_MS = 40_000;

export async function measureHeld(bench: Workbench): Promise<readonly Row[]> {
  const count = bench.size(10_000, 200);
  const { folder, ids } = await bench.data({ conversations: 1000, messagesEach: 10 });
  const env = { MAX_HELD_PER_ACCOUNT: String(count), MAX_HELD: String(count), SYNC_MAX_WAIT_SECONDS: "60" };
  const ours = await bench.serve({ kind: "program", dataDir: folder, env });
  bench.progress(`P4: holding ${count} requests`);
  const path = `${await currentIncrementPath(ours.url)}&wait=60`;
  const figures = await hold({ server: ours, path, writePath: `/api/conversations/${ids[0]}`, count });
  await ours.stop();
  const bare = await bench.serve({ kind: "bare", body: JSON.stringify({ conversations: [{ title: TITLE }] }) });
  bench.progress(`P4: holding ${count} requests on bare node:http`);
  const floor = await hold({ server: bare, path: "/?wait=60", writePath: "/", count });
  const answered = figures.answers.filter((answer) => answer !== null && tellsOf(answer)).length;
  return [
    {
      target: "P4",
      what: `memory with ${count} held`,
      ours: megabytes(figures.rssBytes),
      beside: `bare node:http ${megabytes(floor.rssBytes)}`,
      ratio: (figures.rssBytes / floor.rssBytes).toFixed(2),
      goal: "≤ 300 MB",
    },
    {
      target: "P4",
      what: "peak memory while all are answered",
      ours: megabytes(figures.peakRssBytes),
      beside: `bare node:http ${megabytes(floor.peakRssBytes)}`,
      goal: "—",
    },
    {
      target: "P4",
      what: "from the write until the last one has it",
      ours: ms(figures.wokenMs),
      beside: `bare node:http ${ms(floor.wokenMs)}`,
      goal: "≤ 1 s",
    },
    { target: "P4", what: "lost", ours: `${count - answered} of ${count}`, goal: "0" },
  ];
}

async function hold({ server, path, writePath, count }: Holding): Promise<HeldFigures> {
  const [writer, ...readers] = await openConnections(server.url, count + 1);
  const held = readers.map((reader) => answerOf(reader, path));
  await untilQuiet(server);
  await checkHeld(server, count);
  const { rssBytes } = await server.usage();
  const writtenAt = performance.now();
  await writer?.expect({ method: "PATCH", path: writePath, json: { title: TITLE } });
  const answers = await Promise.all(held);
  const lastAt = Math.max(...answers.map((answer) => answer?.at ?? 0));
  const { peakRssBytes } = await server.usage();
  for (const connection of [writer, ...readers]) connection?.close();
  return { rssBytes, peakRssBytes, wokenMs: lastAt - writtenAt, answers };
}

/** Null where none came in time: it was lost. */
async function answerOf(reader: HttpConnection, path: string): Promise<HttpAnswer | null> {
  const given = new AbortController();
  const late = pause(PATIENCE_MS, null, { signal: given.signal }).catch(() => null);
  const answer = await Promise.race([reader.ask({ path }).catch(() => null), late]);
  given.abort();
  return answer;
}

function tellsOf(answer: HttpAnswer): boolean {
  return answer.status === 200 && syncResponse(answer.body).conversations[0]?.title === TITLE;
}

/** The program says how many it holds; the floor has no such thing. */
async function checkHeld({ url }: ServerProcess, count: number): Promise<void> {
  const metrics = await (await fetch(`${url}/metrics`, { headers: { cookie: SESSION_COOKIE } })).text();
  const held = /^instep_held_requests (\d+)$/m.exec(metrics)?.[1];
  if (held !== undefined && Number(held) !== count) throw new Error(`${held} requests are held instead of ${count}`);
}

/** All requests have arrived once the process uses next to no CPU any more. */
async function untilQuiet(server: ServerProcess): Promise<void> {
  for (let look = 0; look < 50; look++) {
    const used = await server.cpuWhile(() => pause(300));
    if (used < 10_000) return;
  }
}
