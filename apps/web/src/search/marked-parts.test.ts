/** Marking what a search found, in texts of every script. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { markedParts } from "./marked-parts.ts";

const marksOf = (query: string, text: string) =>
  markedParts(text, query).flatMap((part) => (part.isMarked ? [part.text] : []));

test.each([
  ["cafe naive", "Le Café, so naïve", ["Café", "naïve"]],
  ["Café", "a cafe\u0301 and a CAFE", ["cafe\u0301", "CAFE"]],
  ['"old town" tram', "the old town by tram", ["old", "town", "tram"]],
  ["„Altstadt“", "die Altstadt", ["Altstadt"]],
  ["a/b [x] (", "a/b and [x] (", ["a/b", "[x]", "("]],
  ["кофе", "Кофе и чай", ["Кофе"]],
  ["하", "한국 하나", ["하"]],
  ["한국", "한국 하나", ["한국"]],
  ["κα", "και", ["κα"]],
  ["कि", "का को कि", ["कि"]],
  ["神", "神社", ["神"]],
  ["aa a", "aaab", ["aaa"]],
  [" ", "a b", []],
  ["x", "", []],
])("a search for %s marks in %s", (query, text, marks) => {
  expect(marksOf(query, text)).toEqual(marks);
});

test("whatever is searched for, the text stays what it is, and parts alternate", () => {
  const anyText = fc.string({ unit: "binary", maxLength: 60 });
  fc.assert(
    fc.property(anyText, anyText, (text, query) => {
      const parts = markedParts(text, query);
      expect(parts.map((part) => part.text).join("")).toBe(text);
      for (const [index, part] of parts.entries()) expect(part.isMarked).not.toBe(parts[index + 1]?.isMarked);
    }),
  );
});

test("[SAFE-2] a query and a text as long as they may be, of one letter that is both mark and letter, hold nothing up", () => {
  const before = process.cpuUsage();
  for (const letter of ["ι", "a", "\u0345", "하"]) {
    markedParts(letter.repeat(1500), `${`${letter.repeat(20)} `.repeat(23)}${letter.repeat(15)}x`);
    markedParts(letter.repeat(1500), `${letter} `.repeat(250));
  }
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});
