/** `npm run chaos -- --kills 200 --seed 1` kills the program again and again and judges what is left; `--soak-minutes 30` lets it work at half load instead, `--mutants` plants faults that it has to find. */
import { parseArgs } from "node:util";
import { runChaos, type ChaosOutcome } from "./chaos.ts";
import { runChaosMutants } from "./run-mutants.ts";
import { runSoak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    talkers: { type: "string", default: "" },
    "max-life-ms": { type: "string", default: "2500" },
    "durable-after-ms": { type: "string", default: "1000" },
    "soak-minutes": { type: "string", default: "0" },
    mutants: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});

const TALKERS = 6;
const SOAK_TALKERS = 24;

const isRight = values.mutants ? await runChaosMutants(values.only) : await main();
process.exitCode = isRight ? 0 : 1;

async function main(): Promise<boolean> {
  const startedAt = performance.now();
  const { faults, figures } = await run();
  for (const line of [...figures, ...faults]) console.log(line);
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  const verdict = faults.length === 0 ? "all is right" : `${faults.length} faults`;
  console.log(`Seed ${values.seed}: ${verdict} after ${minutes} minutes.`);
  return faults.length === 0;
}

async function run(): Promise<ChaosOutcome> {
  const seed = Number(values.seed);
  const soakMinutes = Number(values["soak-minutes"]);
  const onProgress = (line: string) => console.log(line);
  const talkers = Number(values.talkers) || (soakMinutes > 0 ? SOAK_TALKERS : TALKERS);
  if (soakMinutes > 0) return runSoak({ seed, talkers, minutes: soakMinutes, onProgress });
  return runChaos({
    seed,
    talkers,
    kills: Number(values.kills),
    maxLifeMs: Number(values["max-life-ms"]),
    longLives: 0.05,
    durableAfterMs: Number(values["durable-after-ms"]),
    onProgress,
  });
}
