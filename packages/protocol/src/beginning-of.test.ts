import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { beginningOf } from "./beginning-of.ts";

const CHARACTERS = ["a", " ", "é", "e\u0301", "字", "กี่", "क्षि", "🙂", "🇩🇪", "👩‍👩‍👧‍👦", "👍🏽", "1️⃣", "\r\n"];
const TEXTS = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 40 });

afterEach(() => vi.unstubAllGlobals());

test("the beginning of a text is as much of it as fits in whole characters", () => {
  fc.assert(
    fc.property(TEXTS, fc.integer({ min: 11, max: 60 }), (characters, most) => {
      const text = characters.join("");
      const segments = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)];
      const fitting = segments.filter(({ index, segment }) => index + segment.length <= most);
      expect(beginningOf(text, most)).toBe(fitting.map(({ segment }) => segment).join(""));
    }),
  );
});

test("a character that is longer than what fits is cut between its parts, never inside one", () => {
  expect(beginningOf(`a${"\u0301".repeat(500)}`, 10)).toBe(`a${"\u0301".repeat(9)}`);
  expect(beginningOf("👩‍👩‍👧‍👦", 4)).toBe("👩\u200D");
});

test("a browser that doesn't know characters cuts no part of one in two", () => {
  vi.stubGlobal("Intl", {});
  expect([beginningOf("x🙂🙂", 4), beginningOf("x🙂🙂", 5)]).toEqual(["x🙂", "x🙂🙂"]);
});
