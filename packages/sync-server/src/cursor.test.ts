/** Opaque positions: what was written is read, and nothing else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";

test("a position comes back as it was", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.maxSafeNat(), fc.string(), (flag, number, text) => {
      const cursor = encodeCursor([flag, number, text]);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor(cursor, ["boolean", "integer", "string"])).toEqual([flag, number, text]);
    }),
  );
});

test("[SYNC-7] text that is no position of this kind is null", () => {
  const others = [
    "",
    "x",
    encodeCursor([1]),
    encodeCursor([1, "a", 2]),
    encodeCursor(["1", "a"]),
    encodeCursor([1.5, "a"]),
  ];
  for (const text of [...others, encodeCursor([-1, "a"])]) {
    expect(decodeCursor(text, ["integer", "string"]), text).toBeNull();
  }
  fc.assert(fc.property(fc.string(), (text) => decodeCursor(text, ["integer", "string"]) === null));
});
