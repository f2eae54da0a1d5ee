/**
 * P1: the idle increment of the program, of bare `node:http` that answers the same bytes after the same cookie, and of the original
 * design; small and large databases. Processes of their own, rounds in turn, so that a machine that slows down favours nobody.
 */
import { measureFullLoad, type LoadFigures } from "../full-load.ts";
import { HttpConnection } from "../http-connection.ts";
import { currentIncrementPath, SYNC_PATH } from "../increment-path.ts";
import type { Row } from "../row.ts";
import type { ServerProcess } from "../server-process.ts";
import { median, micros, middleAndBest, perSecond, ratio } from "../statistics.ts";
import type { Workbench } from "../workbench.ts";

interface Contestant {
  readonly name: string;
  readonly server: ServerProcess;
  readonly path: string;
  readonly figures: LoadFigures[];
}

const MESSAGES_EACH = 10;

export async function measureIdle(bench: Workbench): Promise<readonly Row[]> {
  const many = bench.size(100_000, 1000);
  const contestants = await enter(bench, many);
  const rounds = bench.size(15, 3);
  const roundMs = bench.size(1000, 150);
  for (const one of contestants) await measureFullLoad(one.server, one.path, roundMs);
  for (let round = 0; round < rounds; round++) {
    bench.progress(`P1: round ${round + 1} of ${rounds}`);
    const first = round % contestants.length;
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      one.figures.push(await measureFullLoad(one.server, one.path, roundMs));
    }
  }
  const [bare, ...others] = contestants;
  return bare ? others.flatMap((one) => compare(one, bare)) : [];
}

async function enter(bench: Workbench, many: number): Promise<readonly Contestant[]> {
  const ours = async (conversations: number): Promise<Contestant> => {
    const { folder } = await bench.data({ conversations, messagesEach: MESSAGES_EACH });
    const server = await bench.serve({ kind: "program", dataDir: folder });
    const path = await currentIncrementPath(server.url);
    return { name: `ours, ${conversations} conversations`, server, path, figures: [] };
  };
  const original = async (conversations: number): Promise<Contestant> => {
    bench.progress(`P1: the original design with ${conversations} conversations`);
    const shape = { conversations, messagesEach: MESSAGES_EACH };
    const server = await bench.serve({ kind: "original", folder: bench.folder(), ...shape });
    const path = `${SYNC_PATH}?since=${new Date().toISOString()}`;
    return { name: `original design, ${conversations} conversations`, server, path, figures: [] };
  };
  const small = await ours(100);
  const connection = await HttpConnection.open(small.server.url);
  const { body } = await connection.expect({ path: small.path });
  connection.close();
  const bare = await bench.serve({ kind: "bare", body: body.toString("utf8") });
  const floor = { name: "bare", server: bare, path: small.path, figures: [] };
  return [floor, small, await ours(many), await original(100), await original(many)];
}

/** Ratios are those of rounds that were measured beside each other. */
function compare(one: Contestant, bare: Contestant): readonly Row[] {
  const ratios = (of: (figures: LoadFigures) => number) =>
    median(one.figures.map((figures, round) => of(figures) / of(bare.figures[round] ?? figures)));
  const valuesOf = ({ figures }: Contestant, key: keyof LoadFigures) => figures.map((round) => round[key]);
  const requests = (of: Contestant) => perSecond(median(valuesOf(of, "requestsPerSecond")));
  const cpu = (of: Contestant) => middleAndBest(valuesOf(of, "cpuMicrosPerRequest"), micros);
  return [
    {
      target: "P1",
      what: `idle increments (${one.name})`,
      ours: requests(one),
      beside: `bare node:http ${requests(bare)}`,
      ratio: ratio(ratios((figures) => figures.requestsPerSecond)),
      goal: "≥ 0.95",
    },
    {
      target: "P1",
      what: `CPU of one (${one.name})`,
      ours: cpu(one),
      beside: `bare node:http ${cpu(bare)}`,
      ratio: ratio(ratios((figures) => figures.cpuMicrosPerRequest)),
      goal: "≤ 1.05",
    },
  ];
}
