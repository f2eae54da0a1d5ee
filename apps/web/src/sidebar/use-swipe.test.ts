import fc from "fast-check";
import { expect, test } from "vitest";
import { isSwipe } from "./use-swipe.ts";

const at = (x: number, y = 300) => ({ x, y });

test("a swipe in from the edge opens, one back anywhere closes; what is short, steep or begins elsewhere does neither", () => {
  expect([isSwipe(at(10), at(90), false), isSwipe(at(32), at(88), false)]).toEqual([true, true]);
  expect([isSwipe(at(33), at(120), false), isSwipe(at(10), at(65), false)]).toEqual([false, false]);
  expect([isSwipe(at(10), at(90, 340), false), isSwipe(at(10), at(90, 339), false)]).toEqual([false, true]);
  expect([isSwipe(at(200), at(120), true), isSwipe(at(200), at(280), true)]).toEqual([true, false]);
});

test("no movement both opens and closes, and one along the page's height does nothing", () => {
  const point = fc.record({ x: fc.nat(400), y: fc.nat(800) });
  fc.assert(
    fc.property(point, point, (from, to) => {
      expect(isSwipe(from, to, true) && isSwipe(from, to, false)).toBe(false);
      if (Math.abs(to.y - from.y) >= Math.abs(to.x - from.x)) expect(isSwipe(from, to, true)).toBe(false);
    }),
  );
});
