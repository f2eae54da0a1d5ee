import { expect, it } from "vitest";
import { ruleCoverage } from "./rule-coverage.ts";

it("every rule of the specification is quoted by the title of a test that shows it", () => {
  const coverage = ruleCoverage();
  const without = [...coverage].filter(([, showings]) => showings.length === 0).map(([rule]) => rule);
  expect(coverage.size).toBeGreaterThan(40);
  expect(without).toEqual([]);
});
