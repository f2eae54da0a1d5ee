/** The tick, by itself. */
import type { Micros } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nextTick } from "./account-clock.ts";

test("[CLOCK-1] a tick is now, or one after the clock where now isn't later", () => {
  expect(nextTick(5 as Micros, 9 as Micros)).toBe(9);
  expect(nextTick(9 as Micros, 9 as Micros)).toBe(10);
  expect(nextTick(20 as Micros, 9 as Micros)).toBe(21);
});

test("[CLOCK-3] whatever the wall clock does, ticks only go forward and none comes twice", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 })), (walls) => {
      let clock = 50 as Micros;
      for (const now of walls) {
        const tick = nextTick(clock, now as Micros);
        expect(tick).toBeGreaterThan(clock);
        clock = tick;
      }
    }),
  );
});
