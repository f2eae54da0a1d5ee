/** The clocks in memory: a stale one must never be taken for the newest. */
import type { AccountId, Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import { ClockCache } from "./clock-cache.ts";

const ann = "ann" as AccountId;
const at = (micros: number) => micros as Micros;
const moved = (clock: number) => ({ kind: "moved", clocks: new Map([[ann, at(clock)]]) }) as const;

test("[SYNC-3] a clock that was read before a commit doesn't replace the commit's", () => {
  const cache = new ClockCache();
  const mark = cache.mark();
  cache.apply(moved(7));
  cache.remember(ann, at(5), mark);
  expect(cache.get(ann)).toBe(7);
});

test("a clock that was read before everything was forgotten isn't remembered", () => {
  const cache = new ClockCache();
  const mark = cache.mark();
  cache.apply({ kind: "unknown" });
  cache.remember(ann, at(5), mark);
  expect(cache.get(ann)).toBeUndefined();
  cache.remember(ann, at(6), cache.mark());
  expect(cache.get(ann)).toBe(6);
});

test("the empty answer is made once for a clock, and only for a device that stands there", () => {
  const cache = new ClockCache();
  cache.apply(moved(7));
  let made = 0;
  const write = (clock: Micros) => `at ${clock}, ${(made += 1)}`;
  expect(cache.emptyAnswer(ann, at(6), write)).toBeNull();
  expect(cache.emptyAnswer(ann, at(8), write)).toBeNull();
  expect(cache.emptyAnswer(ann, at(7), write)).toBe("at 7, 1");
  expect(cache.emptyAnswer(ann, at(7), write)).toBe("at 7, 1");
  cache.apply(moved(9));
  expect(cache.emptyAnswer(ann, at(7), write)).toBeNull();
  expect(cache.emptyAnswer(ann, at(9), write)).toBe("at 9, 2");
});

test("[SYNC-3] a clock that fell out for want of room isn't replaced by one that was read before it", () => {
  const cache = new ClockCache();
  const mark = cache.mark();
  cache.apply(moved(7));
  for (let n = 0; n < 100_000; n += 1) {
    cache.apply({ kind: "moved", clocks: new Map([[`other ${n}` as AccountId, at(1)]]) });
  }
  expect(cache.get(ann)).toBeUndefined();
  cache.remember(ann, at(5), mark);
  expect(cache.get(ann)).toBeUndefined();
  cache.remember(ann, at(7), cache.mark());
  expect(cache.get(ann)).toBe(7);
});
