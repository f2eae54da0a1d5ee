/** Where days begin. */
import { expect, test } from "vitest";
import { dayStart } from "./day-start.ts";

const NOON = new Date(2026, 10, 28, 12).getTime();

test("a day begins where it does, also on the other side of a change of the clock", () => {
  for (const daysAgo of [0, 1, 7, 40, 200, -1]) {
    const start = new Date(dayStart(NOON, daysAgo));
    expect([start.getHours(), start.getMinutes(), start.getMilliseconds()]).toEqual([0, 0, 0]);
  }
  expect(dayStart(NOON, -1)).toBeGreaterThan(NOON);
});
