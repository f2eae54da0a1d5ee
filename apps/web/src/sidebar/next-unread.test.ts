import fc from "fast-check";
import { expect, test } from "vitest";
import { nextUnread } from "./next-unread.ts";

const ORDER = ["a", "b", "c", "d", "e"];
const next = (unread: string, openId: string | null, step: 1 | -1 = 1) =>
  nextUnread(ORDER, (id) => unread.includes(id), { openId, step });

test("the next unread one below is it, at the end the first one, and above with the other key", () => {
  expect([next("bd", "b"), next("bd", "d"), next("bd", null)]).toEqual(["d", "b", "b"]);
  expect([next("bd", "d", -1), next("bd", "b", -1), next("bd", null, -1)]).toEqual(["b", "d", "d"]);
  expect([next("a", null), next("e", null, -1)]).toEqual(["a", "e"]);
  expect([next("", "b"), next("b", "b"), next("", null)]).toEqual([null, null, null]);
});

test("going on leads through every unread one, and back through them the other way", () => {
  const unread = fc.subarray(ORDER, { minLength: 2 });
  fc.assert(
    fc.property(unread, fc.constantFrom<1 | -1>(1, -1), (all, step) => {
      const seen: string[] = [];
      let openId: string | null = null;
      for (let presses = 0; presses < all.length; presses++) {
        openId = nextUnread(ORDER, (id) => all.includes(id), { openId, step });
        if (openId !== null) seen.push(openId);
      }
      expect(seen).toEqual(step === 1 ? all : all.toReversed());
    }),
  );
  expect(nextUnread([], () => true, { openId: null, step: 1 })).toBeNull();
});
