/** Each seed of a range runs once, however many processes there are. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { partsOfRange } from "./run-parts.ts";

it("a range that is spread over processes is whole, in parts of nearly one size", () => {
  const small = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(small, small, small, (from, seeds, count) => {
      const parts = partsOfRange({ from, seeds }, count);
      const all = parts.flatMap((part) => Array.from({ length: part.seeds }, (_, at) => part.from + at));
      expect(all).toEqual(Array.from({ length: seeds }, (_, at) => from + at));
      const sizes = parts.map((part) => part.seeds);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});
