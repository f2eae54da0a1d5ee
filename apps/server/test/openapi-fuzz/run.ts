/** The fuzz at length: `npm run fuzz -- --runs 2000 --seed 1`. Ends with 1 at the first fault, and says how to see it again. */
import fc from "fast-check";
import process from "node:process";
import { parseArgs } from "node:util";
import { fuzzed } from "./property.ts";
import { startFuzzedProgram } from "./fuzzed-program.ts";

const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const numRuns = Number(values.runs ?? 1000);
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);

const program = await startFuzzedProgram();
process.stdout.write(`${program.operations.length} calls, ${numRuns} runs, seed ${seed}\n`);
const outcome = await fc.check(fuzzed(program), { numRuns, seed, endOnFailure: true });
const counts = [...program.answered].map(([call, count]) => `${call}: ${count}\n`);
process.stdout.write(counts.toSorted().join(""));
const wrong = await program.finish();
if (wrong !== null) {
  process.stderr.write(wrong);
  process.exitCode = 1;
}
if (outcome.failed) {
  process.stderr.write(`${outcome.errorInstance instanceof Error ? outcome.errorInstance.message : "failed"}\n`);
  process.stderr.write(`seen again by: npm run fuzz -- --runs ${numRuns} --seed ${seed}\n`);
  process.exitCode = 1;
}
