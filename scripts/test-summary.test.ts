import { expect, test } from "vitest";
import { summarise, writeSummary, type Reports } from "./test-summary.ts";

const unit = { numPassedTests: 10, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
const stats = { expected: 5, unexpected: 0, flaky: 0, skipped: 0 };
const good: Reports = { unit, e2e: { stats } };

test("a run where all is well is summed over both runners", () => {
  expect(writeSummary(summarise(good, []))).toBe("15 passed, 0 failed");
});

test("failed, flaky and skipped tests are told", () => {
  const reports = {
    unit: { ...unit, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 },
    e2e: { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 1 } },
  };
  expect(writeSummary(summarise(reports, ["tests"]))).toBe("15 passed, 3 failed, 4 skipped");
});

test("a check that fails is a failure, though every test passes", () => {
  expect(summarise(good, ["lint", "types"]).failed).toBe(2);
});

test("a runner that broke before it reported is a failure", () => {
  expect(summarise({ unit, e2e: null }, ["tests"]).failed).toBe(1);
  expect(summarise({ unit: null, e2e: null }, []).failed).toBe(1);
  expect(summarise(good, ["tests"]).failed).toBe(1);
});
