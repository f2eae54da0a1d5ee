/** Servers that are asked the same, in turn within one run, so that a machine that slows down favours nobody. */
import { measureFullLoad, type AskedPath, type LoadFigures } from "./full-load.ts";
import type { Row } from "./row.ts";
import type { ServerProcess } from "./server-process.ts";
import { median, micros, middleAndBest, perSecond, ratio } from "./statistics.ts";
import type { Workbench } from "./workbench.ts";

export interface Contestant {
  readonly name: string;
  readonly server: ServerProcess;
  readonly asked: AskedPath;
  readonly figures: LoadFigures[];
}

/** Loads each in turn, round by round, and compares all others with the first, which is the floor. */
export async function compareInTurn(
  bench: Workbench,
  target: string,
  contestants: readonly Contestant[],
): Promise<readonly Row[]> {
  const rounds = bench.size(15, 3);
  const roundMs = bench.size(1000, 150);
  for (const { server, asked } of contestants) await measureFullLoad(server, asked, roundMs);
  for (let round = 0; round < rounds; round++) {
    bench.progress(`${target}: round ${round + 1} of ${rounds}`);
    const first = round % contestants.length;
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      one.figures.push(await measureFullLoad(one.server, one.asked, roundMs));
    }
  }
  const [bare, ...others] = contestants;
  return bare ? others.flatMap((one) => compare(target, one, bare)) : [];
}

/** Ratios are those of rounds that were measured beside each other. */
function compare(target: string, one: Contestant, bare: Contestant): readonly Row[] {
  const ratios = (of: (figures: LoadFigures) => number) =>
    median(one.figures.map((figures, round) => of(figures) / of(bare.figures[round] ?? figures)));
  const valuesOf = ({ figures }: Contestant, key: keyof LoadFigures) => figures.map((round) => round[key]);
  const requests = (of: Contestant) => perSecond(median(valuesOf(of, "requestsPerSecond")));
  const cpu = (of: Contestant) => middleAndBest(valuesOf(of, "cpuMicrosPerRequest"), micros);
  return [
    {
      target,
      what: `idle increments (${one.name})`,
      ours: requests(one),
      beside: `bare node:http ${requests(bare)}`,
      ratio: ratio(ratios((figures) => figures.requestsPerSecond)),
      goal: "≥ 0.95",
    },
    {
      target,
      what: `CPU of one (${one.name})`,
      ours: cpu(one),
      beside: `bare node:http ${cpu(bare)}`,
      ratio: ratio(ratios((figures) => figures.cpuMicrosPerRequest)),
      goal: "≤ 1.05",
    },
  ];
}
