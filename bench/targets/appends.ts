/**
 * P5: durable appends a second from 64 writers over HTTP, and turns whose model answers at once; what small requests of others take
 * meanwhile. The engine stands behind plain `node:http`, since the program has no call that appends without a model.
 */
import { openConnections, type HttpConnection } from "../http-connection.ts";
import { probeWhile } from "../probe.ts";
import type { Row } from "../row.ts";
import { seededRandom } from "../seeded-random.ts";
import type { ServerProcess } from "../server-process.ts";
import { micros, ms, percentile, perSecond, ratio } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

const WRITERS = 64;
const MESSAGES_EACH = 10;
const PROBE_EVERY_MS = 4;

interface Writing {
  readonly server: ServerProcess;
  /** What the `n`-th write of a writer posts to. */
  readonly pathOf: (writer: number, n: number) => string;
  readonly probes: readonly string[];
  readonly forMs: number;
}

interface Written {
  readonly perSecond: number;
  readonly cpuMicrosEach: number;
  readonly probesMs: readonly number[];
  readonly longestBlockMs: number;
}

export async function measureAppends(bench: Workbench): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [conversations, goal] of bench.size<readonly Size[]>(SIZES, SMALL)) {
    rows.push(...(await measureSize(bench, conversations, goal)));
    await bench.cleanUp();
  }
  return rows;
}

/** Conversations, and what is wanted with them. */
type Size = readonly [conversations: number, goal: string];
const SIZES: readonly Size[] = [
  [10_000, "≥ 10,000/s"],
  [100_000, "≥ 7,000/s"],
];
const SMALL: readonly Size[] = [[1000, "≥ 10,000/s"]];

async function measureSize(bench: Workbench, conversations: number, goal: string): Promise<readonly Row[]> {
  const forMs = bench.size(12_000, 1000);
  const { folder, ids } = await bench.data({ conversations, messagesEach: MESSAGES_EACH });
  const server = await bench.serve({ kind: "engine", folder });
  // Writers have conversations of their own: two turns in one would refuse each other.
  const idOf = (writer: number, n: number) => ids[(n * WRITERS + writer) % (ids.length - (ids.length % WRITERS))];
  const probes = ["/sync", `/open?${ids.at(-1)}`];
  const append = (writer: number, n: number) => `/append?${idOf(writer, n)}`;
  const turn = (writer: number, n: number) => `/turn?${idOf(writer, n)}`;
  bench.progress(`P5: appends at ${conversations} conversations`);
  const appends = await write({ server, pathOf: append, probes, forMs });
  bench.progress(`P5: turns at ${conversations} conversations`);
  const turns = await write({ server, pathOf: turn, probes, forMs });
  await server.stop();
  bench.progress(`P5: the original design at ${conversations} conversations`);
  const shape = { conversations, messagesEach: MESSAGES_EACH };
  const peer = await bench.serve({ kind: "original", folder: bench.folder(), ...shape });
  const random = seededRandom(5);
  const anywhere = () => `/append?${random.below(conversations)}`;
  const idle = `/?since=${new Date(Date.now() + 86_400_000).toISOString()}`;
  const original = await write({ server: peer, pathOf: anywhere, probes: [idle], forMs });
  return rowsOf({ conversations, goal, appends, turns, original });
}

/** Every writer posts its next as soon as it has the acknowledgement of the one before. */
async function write({ server, pathOf, probes, forMs }: Writing): Promise<Written> {
  const random = seededRandom(4);
  const connections = await openConnections(server.url, WRITERS);
  let count = 0;
  let seconds = 0;
  const writer = async (connection: HttpConnection, index: number, until: number): Promise<void> => {
    for (let n = 0; performance.now() < until; n++) {
      await connection.expect({ method: "POST", path: pathOf(index, n), json: random.text(10) });
      count++;
    }
  };
  await server.watch();
  let cpuMicros = 0;
  const probesMs = await probeWhile({ url: server.url, paths: probes, everyMs: PROBE_EVERY_MS }, async () => {
    cpuMicros = await server.cpuWhile(async () => {
      const startedAt = performance.now();
      await Promise.all(connections.map((connection, index) => writer(connection, index, startedAt + forMs)));
      seconds = (performance.now() - startedAt) / 1000;
    });
  });
  const { longestBlockMs } = await server.usage();
  for (const connection of connections) connection.close();
  return { perSecond: count / seconds, cpuMicrosEach: cpuMicros / count, probesMs, longestBlockMs };
}

interface Compared {
  readonly conversations: number;
  readonly goal: string;
  readonly appends: Written;
  readonly turns: Written;
  readonly original: Written;
}

function rowsOf({ conversations, goal, appends, turns, original }: Compared): readonly Row[] {
  const at = `at ${conversations.toLocaleString("en")} conversations`;
  const meanwhile = ({ probesMs, longestBlockMs }: Written) =>
    `p50 ${ms(percentile(probesMs, 0.5))}, p99 ${ms(percentile(probesMs, 0.99))}, max ${ms(percentile(probesMs, 1))}; loop away ≤ ${ms(longestBlockMs)}`;
  return [
    {
      target: "P5",
      what: `appends, ${WRITERS} writers, ${at}`,
      ours: `${perSecond(appends.perSecond)}, CPU ${micros(appends.cpuMicrosEach)} each`,
      beside: `original design ${perSecond(original.perSecond)}, CPU ${micros(original.cpuMicrosEach)}`,
      ratio: ratio(appends.perSecond / original.perSecond),
      goal,
    },
    {
      target: "P5",
      what: `others' small requests meanwhile, ${at}`,
      ours: meanwhile(appends),
      beside: `original design ${meanwhile(original)}`,
      goal: "≤ 20 ms",
    },
    {
      target: "P5",
      what: `turns with an instant model, ${at}`,
      ours: `${perSecond(turns.perSecond)}, CPU ${micros(turns.cpuMicrosEach)} each`,
      goal: "—",
    },
    { target: "P5", what: `others' small requests during turns, ${at}`, ours: meanwhile(turns), goal: "≤ 20 ms" },
  ];
}
