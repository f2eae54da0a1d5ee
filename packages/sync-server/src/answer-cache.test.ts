import { expect, test } from "vitest";
import { AnswerCache } from "./answer-cache.ts";

test("[SYNC-8] an answer that was used stays, and what nobody asks for any more falls out, however short it is", () => {
  const cache = new AnswerCache();
  cache.set("full", "everything");
  for (let tick = 0; tick < 12_000; tick += 1) {
    cache.set(`after ${tick}`, "news");
    cache.get("full");
  }
  expect(cache.get("full")).toBe("everything");
  expect(cache.get("after 11999")).toBe("news");
  expect(cache.get("after 0")).toBeUndefined();
});

test("[SAFE-2] long answers are kept only as far as there is room for them, and one that is longer than all of it not at all", () => {
  const cache = new AnswerCache();
  const long = "x".repeat(10_000_000);
  for (const key of ["one", "two", "three", "four"]) cache.set(key, long);
  expect(["one", "two", "three", "four"].map((key) => cache.get(key) !== undefined)).toEqual([false, true, true, true]);
  // The same key again takes no more room than it has.
  for (let n = 0; n < 10; n += 1) cache.set("four", long);
  expect(["two", "three", "four"].map((key) => cache.get(key) !== undefined)).toEqual([true, true, true]);
  cache.set("all", long.repeat(4));
  expect(["all", "two", "three", "four"].map((key) => cache.get(key))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
