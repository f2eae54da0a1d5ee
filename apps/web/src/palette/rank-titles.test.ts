/** What the palette finds among titles and commands. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { rankTitles } from "./rank-titles.ts";

const rank = (texts: readonly string[], query: string, limit = 10) =>
  rankTitles(texts, query, { textOf: (text) => text, limit });

test("a text that begins with the word comes before one with a word that does, and that before one that has it somewhere", () => {
  expect(rank(["gingerbread", "About bread", "Bread and butter", "Soup"], "bread")).toEqual([
    "Bread and butter",
    "About bread",
    "gingerbread",
  ]);
});

test("every word has to be there, in any order, whatever the case and the accents", () => {
  expect(rank(["Crème brûlée", "Creme", "Brulee with cream"], "BRULEE creme")).toEqual(["Crème brûlée"]);
});

test("nothing typed is everything, in its order, and never more than wanted", () => {
  const texts = fc.array(fc.string(), { maxLength: 20 });
  fc.assert(
    fc.property(texts, fc.nat(25), (all, limit) => {
      expect(rank(all, "  ", limit)).toEqual(all.slice(0, limit));
    }),
  );
});

test("what is found has every word, no more than wanted comes, and what fits equally well keeps its order", () => {
  const texts = fc.array(fc.stringMatching(/^[a-c ]{0,8}$/), { maxLength: 30 });
  fc.assert(
    fc.property(
      texts,
      fc.stringMatching(/^[a-c]{1,2}( [a-c])?$/),
      fc.integer({ min: 1, max: 30 }),
      (all, query, limit) => {
        const items = all.map((text, index) => ({ text, index }));
        const found = rankTitles(items, query, { textOf: ({ text }) => text, limit });
        const fits = all.filter((text) => query.split(" ").every((word) => text.includes(word)));
        expect(found).toHaveLength(Math.min(limit, fits.length));
        for (const { text } of found) expect(fits).toContain(text);
        for (const [place, item] of found.entries()) {
          const twin = found.slice(place + 1).find(({ text }) => text === item.text);
          if (twin) expect(twin.index).toBeGreaterThan(item.index);
        }
      },
    ),
  );
});
