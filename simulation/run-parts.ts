/** Spreads a range of seeds over several processes, each of which runs a part of it and prints what it finds. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Part {
  readonly from: number;
  readonly seeds: number;
}

/** As many parts, the first ones larger by one where the range doesn't divide. */
export function partsOfRange({ from, seeds }: Part, count: number): readonly Part[] {
  const size = Math.floor(seeds / count);
  const larger = seeds % count;
  return Array.from({ length: count }, (_, at) => ({
    from: from + at * size + Math.min(at, larger),
    seeds: size + (at < larger ? 1 : 0),
  })).filter((part) => part.seeds > 0);
}

/** Runs this program once for each part, with its own arguments otherwise. Resolves with the worst exit code: one that is killed, or has no memory left, has failed. */
export async function runParts(parts: readonly Part[]): Promise<number> {
  const [script = "", ...given] = process.argv.slice(1);
  const codes = parts.map(async ({ from, seeds }) => {
    const range = ["--from", String(from), "--seeds", String(seeds), "--parallel", "1"];
    const child = spawn(process.execPath, [...process.execArgv, script, ...given, ...range], { stdio: "inherit" });
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (signal !== null) console.log(`the process of the seeds from ${from} on was ended by ${signal}`);
    return code ?? 1;
  });
  return Math.max(0, ...(await Promise.all(codes)));
}
