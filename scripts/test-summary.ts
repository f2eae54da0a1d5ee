/** Sums up what vitest and Playwright reported in `test-results/`, for the last line of `.ci/run`. */
import { existsSync, readFileSync } from "node:fs";

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What the files hold that the two test runners write in CI; null where one did not come to write it. */
export interface Reports {
  readonly unit: {
    readonly numPassedTests: number;
    readonly numFailedTests: number;
    readonly numPendingTests: number;
    readonly numTodoTests: number;
  } | null;
  readonly e2e: {
    readonly stats: {
      readonly expected: number;
      readonly unexpected: number;
      readonly flaky: number;
      readonly skipped: number;
    };
  } | null;
}

const NOTHING: Summary = { passed: 0, failed: 0, skipped: 0 };

/** The sum over both runners. Every other step that failed, and a runner that failed beyond its tests, is one failure. */
export function summarise({ unit, e2e }: Reports, failedSteps: readonly string[]): Summary {
  const fromUnit = unit ? summariseUnit(unit) : NOTHING;
  const fromE2e = e2e ? summariseE2e(e2e) : NOTHING;
  const failedTests = fromUnit.failed + fromE2e.failed;
  const otherSteps = failedSteps.filter((step) => step !== "tests").length;
  const isUnexplained = failedTests === 0 && (failedSteps.includes("tests") || unit === null || e2e === null);
  return {
    passed: fromUnit.passed + fromE2e.passed,
    failed: failedTests + otherSteps + (isUnexplained ? 1 : 0),
    skipped: fromUnit.skipped + fromE2e.skipped,
  };
}

export function writeSummary({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function main(failedSteps: readonly string[]): void {
  const reports = { unit: readReport("test-results/unit.json"), e2e: readReport("test-results/e2e.json") } as Reports;
  const summary = summarise(reports, failedSteps);
  for (const step of failedSteps) console.log(`failed: ${step}`);
  if (summary.skipped > 0) console.log("failed: tests were skipped, and nothing may be skipped here");
  console.log(writeSummary(summary));
  process.exitCode = summary.failed > 0 || summary.skipped > 0 ? 1 : 0;
}

function summariseUnit(report: NonNullable<Reports["unit"]>): Summary {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report;
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

/** A test that passes only when it is tried again has failed. */
function summariseE2e({ stats }: NonNullable<Reports["e2e"]>): Summary {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

function readReport(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}

if (import.meta.main) main(process.argv.slice(2));
