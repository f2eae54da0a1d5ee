/** Which test shows which rule of the specification: `npm run rules` prints the table. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { execFileSync } from "node:child_process";

const RULE = /\*\*\[([A-Z]+-\d+)\]\*\*/g;
const TITLE = /\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*(["'`])((?:(?!\1).)*)\1/g;
const ID = /[A-Z]+-\d+/g;

/** A test that quotes a rule in its title. */
export interface Showing {
  readonly file: string;
  readonly title: string;
}

/** Every rule of SPEC.md with the tests whose titles quote it, in the order of the specification. */
export function ruleCoverage(): ReadonlyMap<string, readonly Showing[]> {
  const specification = readFileSync("packages/protocol/SPEC.md", "utf8");
  const coverage = new Map<string, Showing[]>();
  for (const [, rule = ""] of specification.matchAll(RULE)) coverage.set(rule, []);
  for (const file of testFiles()) {
    for (const [, , title = ""] of readFileSync(file, "utf8").matchAll(TITLE)) {
      for (const [rule] of title.matchAll(ID)) coverage.get(rule)?.push({ file, title });
    }
  }
  return coverage;
}

function testFiles(): readonly string[] {
  const tracked = execFileSync("git", ["ls-files", "*.ts", "*.tsx"], { encoding: "utf8" }).trim().split("\n");
  return tracked.filter((file) => /\.(test|spec)\.tsx?$|-contract\.ts$/.test(file));
}

if (import.meta.main) {
  for (const [rule, showings] of ruleCoverage()) {
    console.log(`${rule} (${showings.length})`);
    for (const { file, title } of showings) console.log(`  ${basename(file)}: ${title}`);
  }
}
