/** Drafts with long pastes, by properties: nothing of them is lost, and nothing that only separates is sent. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf, isLongPaste, partsOf, sentText, withUnder } from "./draft-parts.ts";

const texts = fc.string({ unit: fc.constantFrom("a", " ", "\n", "ß", "\u2063") });
const parts = fc.record({ typed: texts, pasted: fc.array(texts, { maxLength: 3 }) });
const plain = (text: string) => text.replaceAll("\u2063", "");

test("a draft is one text that has all its parts again", () => {
  fc.assert(
    fc.property(parts, ({ typed, pasted }) => {
      expect(partsOf(draftOf({ typed, pasted }))).toEqual({ typed: plain(typed), pasted: pasted.map(plain) });
    }),
  );
});

test("what is sent has every word of every part, in order, and no separator", () => {
  fc.assert(
    fc.property(parts, (all) => {
      const sent = sentText(draftOf(all));
      expect(sent).not.toContain("\u2063");
      const words = (text: string) => plain(text).replaceAll(/\s/g, "");
      expect(words(sent)).toBe([all.typed, ...all.pasted].map(words).join(""));
    }),
  );
});

test("a draft under another keeps what is typed together, and every paste", () => {
  fc.assert(
    fc.property(parts, parts, (above, below) => {
      const { typed, pasted } = partsOf(withUnder(draftOf(above), draftOf(below)));
      expect(pasted).toEqual([...above.pasted, ...below.pasted].map(plain));
      expect(typed.startsWith(plain(above.typed).trimEnd())).toBe(true);
      expect(typed.endsWith(plain(below.typed))).toBe(true);
    }),
  );
});

test("a paste is folded where it is over forty lines or four thousand characters", () => {
  const lines = (count: number) => Array.from({ length: count }, () => "x").join("\n");
  expect([lines(40), lines(41), "x".repeat(4000), "x".repeat(4001), ""].map(isLongPaste)).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
});
