/** `npm run simulate -- --seeds 100000 [--from N] [--seed N] [--steps 60] [--parallel N] [--alone]` runs seeds, and shrinks and prints what fails; `--mutants` breaks each rule in turn. */
import { parseArgs } from "node:util";
import { runMutants } from "./mutants/run-mutants.ts";
import { withoutNeighbour } from "./neighbours.ts";
import { partsOfRange, runParts } from "./run-parts.ts";
import { scheduleOf } from "./schedule.ts";
import { shrink } from "./shrink.ts";
import { ruleOf, simulate } from "./simulate.ts";
import type { Schedule } from "./step.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    steps: { type: "string", default: "60" },
    "keep-going": { type: "boolean", default: false },
    "no-shrink": { type: "boolean", default: false },
    skip: { type: "string", default: "" },
    alone: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    mutants: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    parallel: { type: "string", default: "1" },
  },
});

const PROGRESS_EVERY_MS = 10_000;

process.exitCode = values.mutants ? await mutants() : await main();

async function mutants(): Promise<number> {
  const { only, parallel, steps, seeds } = values;
  const all = await runMutants({ only, parallel: Number(parallel), steps: Number(steps), seeds: Number(seeds) });
  return all ? 0 : 1;
}

async function main(): Promise<number> {
  const first = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  const parts = partsOfRange({ from: first, seeds: count }, Number(values.parallel));
  if (parts.length > 1) return runParts(parts);
  const steps = Number(values.steps);
  const faults = new Map<string, number>();
  const failures = new Map<string, number[]>();
  const startedAt = Date.now();
  let printedAt = startedAt;
  let done = 0;
  const skipped = new Set(values.skip.split(",").map(Number));
  for (let seed = first; seed < first + count; seed += 1) {
    if (skipped.has(seed)) continue;
    const outcome = await simulate(made(seed, steps));
    done += 1;
    for (const [kind, times] of outcome.faults) faults.set(kind, (faults.get(kind) ?? 0) + times);
    if (outcome.failure) {
      const rule = ruleOf(outcome.failure);
      const seeds = failures.get(rule) ?? [];
      failures.set(rule, [...seeds, seed]);
      if (values["keep-going"] && seeds.length < 4) {
        console.log(`seed ${seed}, step ${outcome.failedAt}: ${outcome.failure.message}`);
      }
      if (!values["keep-going"]) {
        await report(made(seed, steps));
        break;
      }
    }
    if (Date.now() - printedAt < PROGRESS_EVERY_MS) continue;
    printedAt = Date.now();
    console.log(`${done} of ${count} seeds, ${rate(done, startedAt)}`);
  }
  const injected = [...faults].map(([kind, times]) => `${kind} ${times}`).join(", ");
  console.log(`${done} seeds of ${steps} steps, ${rate(done, startedAt)}. Faults: ${injected || "none"}.`);
  for (const [rule, seeds] of failures) {
    console.log(`[${rule}] failed ${seeds.length} times: seeds ${seeds.join(", ")}`);
  }
  return failures.size > 0 ? 1 : 0;
}

/** With `--alone` nobody else is there, and the seed means what it means without a second account. */
function made(seed: number, steps: number): Schedule {
  const schedule = scheduleOf(seed, steps);
  return values.alone ? withoutNeighbour(schedule) : schedule;
}

async function report(schedule: Schedule): Promise<void> {
  const { failure } = await simulate(schedule);
  if (!failure) {
    console.log(`Seed ${schedule.seed} failed once and then didn't: something depends on more than the seed.`);
    return;
  }
  console.log(`Seed ${schedule.seed} fails: ${failure instanceof Error ? failure.message : ""}`);
  const rule = ruleOf(failure);
  const failsAlike = async (candidate: Schedule): Promise<boolean> => {
    const outcome = await simulate(candidate);
    return outcome.failure !== null && ruleOf(outcome.failure) === rule;
  };
  const shortest = values["no-shrink"] ? schedule : await shrink(schedule, failsAlike);
  const again = await simulate(shortest, values.trace ? (line) => console.log(line) : undefined);
  console.log(`Shrunk to ${shortest.steps.length} steps; it fails in step ${again.failedAt}:`);
  if (shortest.neighbour) console.log(`Neighbour: ${JSON.stringify(shortest.neighbour)}`);
  console.log(JSON.stringify(shortest.setting));
  for (const [index, step] of shortest.steps.entries()) console.log(`${index}: ${JSON.stringify(step)}`);
  console.log(again.failure?.message ?? "");
  if (!ruleOf(again.failure ?? failure).includes("-")) console.log(again.failure?.stack ?? "");
}

function rate(done: number, startedAt: number): string {
  const seconds = (Date.now() - startedAt) / 1000;
  return `${seconds.toFixed(0)} s, ${(done / Math.max(0.001, seconds)).toFixed(0)} a second`;
}
