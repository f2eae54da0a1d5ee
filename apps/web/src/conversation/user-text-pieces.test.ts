/** Where a long message of one's own is folded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldAt } from "./user-text-pieces.ts";

test("a fold is never between the halves of one character, and within the text", () => {
  const piece = fc.constantFrom("a", "\u{1f600}", "\u{1f600}".repeat(700), "x".repeat(1499));
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      const at = foldAt(text);
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThanOrEqual(text.length);
      expect(text.slice(0, at).isWellFormed()).toBe(true);
    }),
  );
});
