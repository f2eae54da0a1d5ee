/** `npm run bench -- [target …] [--quick]`: measures the targets and prints ours, the floor's and the peers' figures side by side. */
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import process from "node:process";
import type { Row } from "./row.ts";
import { measureAppends } from "./targets/appends.ts";
import { measureClientApply } from "./targets/client-apply.ts";
import { measureClientSize } from "./targets/client-size.ts";
import { measureFull } from "./targets/full.ts";
import { measureGrowth } from "./targets/growth.ts";
import { measureHeld } from "./targets/held.ts";
import { measureIdle } from "./targets/idle.ts";
import { measureLive } from "./targets/live.ts";
import { measurePage } from "./targets/page.ts";
import { measureSignedIn } from "./targets/signed-in.ts";
import { measureStanding } from "./targets/standing.ts";
import { measureStart } from "./targets/start.ts";
import { measureStreaming } from "./targets/streaming.ts";
import { Workbench } from "./workbench.ts";

type Measure = (bench: Workbench) => Promise<readonly Row[]>;

const MEASURES: Readonly<Record<string, Measure>> = {
  idle: measureIdle,
  growth: measureGrowth,
  live: measureLive,
  held: measureHeld,
  appends: measureAppends,
  full: measureFull,
  client: async (bench) => [...(await measureClientSize()), ...(await measureClientApply(bench))],
  page: measurePage,
  streaming: measureStreaming,
  start: measureStart,
  standing: measureStanding,
  "signed-in": measureSignedIn,
};

const words = process.argv.slice(2);
const unknown = words.filter((word) => word !== "--quick" && !Object.hasOwn(MEASURES, word));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(", ")}; there are ${Object.keys(MEASURES).join(", ")}, and --quick`);
  process.exit(1);
}
const names = words.filter((word) => word !== "--quick");
process.exitCode = await run(names.length > 0 ? names : Object.keys(MEASURES), words.includes("--quick"));

async function run(names: readonly string[], isQuick: boolean): Promise<number> {
  const bench = new Workbench(isQuick);
  let failures = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      bench.close();
      process.exit(1);
    });
  }
  console.log(machine(isQuick));
  for (const name of names) {
    const load = loadavg()[0] ?? 0;
    try {
      print(name, load, await MEASURES[name]?.(bench));
    } catch (error) {
      failures++;
      console.error(`${name} could not be measured:`, error);
    } finally {
      await bench.cleanUp();
    }
  }
  bench.close();
  return failures === 0 ? 0 : 1;
}

function machine(isQuick: boolean): string {
  const [cpu] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const facts = `${cpus().length} × ${cpu?.model.trim()}, ${memory}, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
  const quick = isQuick ? "\nQuick sizes: to see that it works, not to quote." : "";
  return `${new Date().toISOString().slice(0, 16)}Z, ${facts}${quick}\n`;
}

/** A markdown table, so that figures can be kept as they were printed. */
function print(name: string, load: number, rows: readonly Row[] = []): void {
  console.log(`${name} (load average when it began: ${load.toFixed(1)})\n`);
  const lines = rows.map(({ target, what, ours, beside = "", ratio = "", goal }) => [
    target,
    what,
    ours,
    beside,
    ratio,
    goal,
  ]);
  const table = [["target", "what", "ours", "beside it", "ratio", "goal"], ...lines];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0))) ?? [];
  const format = (line: readonly string[], fill = " ") =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const [head = [], ...body] = table;
  const ruler = format(
    head.map(() => ""),
    "-",
  );
  console.log([format(head), ruler, ...body.map((line) => format(line))].join("\n"), "\n");
}
