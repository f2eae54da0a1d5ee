/** The pure parts of the search. */
import { expect, test } from "vitest";
import { snippetOf } from "./search.ts";
import { searchTerms, termPattern } from "./search-terms.ts";

test.each([
  ["one two", ["one*", "two*"]],
  ["it's foo-bar (2x)  ÀÉ 東京!", ["it*", "s*", "foo*", "bar*", "2x*", "ÀÉ*", "東京*"]],
  ['"one two" three', ["one two", "three*"]],
  ['zero"one, two"three', ["zero*", "one two", "three*"]],
  ['a "one tw', ["a*", "one tw*"]],
  ["“one two” „three“", ["one two", "three"]],
  ['""', []],
  ['"', []],
  ["*** () \u0301", []],
  ["One one ONE two", ["One*", "two*"]],
  ['one "one"', ["one*", "one"]],
])(
  "%j asks for %j: words are letters, digits and marks, what is quoted is a phrase, the rest separates",
  (query, terms) => {
    expect(written(query)).toEqual(terms);
  },
);

test("[SAFE-2] of a very long query the first 32 words count, and as many characters of scripts without spaces", () => {
  const words = Array.from({ length: 50 }, (_, n) => `w${n}`);
  expect(written(words.join(" "))).toEqual(words.slice(0, 32).map((word) => `${word}*`));
  expect(written(`"${words.join(" ")}" more`)).toEqual([words.slice(0, 32).join(" ")]);
  expect(written(`start ${"東".repeat(500)} end`)).toEqual(["start*", `${"東".repeat(31)}*`]);
  expect(written("ก".repeat(500))).toEqual([`${"ก".repeat(32)}*`]);
});

test("a snippet is a piece of one line around the first word that is found", () => {
  const text = `${"before ".repeat(30)}the NEEDLE\nis here ${"after ".repeat(30)}`;
  const snippet = snippetOf(text, pattern("needle"));
  expect(snippet).toMatch(/^…(before )+the NEEDLE is here (after )+/);
  expect(snippet).toMatch(/…$/);
  expect(snippet.length).toBeLessThanOrEqual(162);
  expect(snippetOf("short", pattern("other"))).toBe("short");
});

test("a snippet cuts no character in two", () => {
  const text = "👩".repeat(200);
  expect(snippetOf(`x${text}`, pattern("zzz")).isWellFormed()).toBe(true);
  expect(snippetOf(`${text} needle${text}`, pattern("needle"))).not.toContain("\uFFFD");
});

test.each([
  ["the start of art", "art", 13],
  ["İİİ needle", "needle", 4],
  ["明日は東京へ行きます", "東京", 3],
  ["明日は東へ、東", "東", 3],
  ["きのう、のう", "う", 2],
  ["ไปไหน ห", "ห", 3],
  ["ax東 x東", "x東", 4],
  ["東cat", "cat", 1],
  ["quick fox, quick\n\nbrown", '"quick brown"', 11],
  ["nothing", "other", -1],
])("in %j the pattern of %j finds the place %i", (text, query, place) => {
  expect(text.search(pattern(query))).toBe(place);
});

function written(query: string): string[] {
  return searchTerms(query).map(({ text, isPrefix }) => `${text}${isPrefix ? "*" : ""}`);
}

function pattern(query: string): RegExp {
  return termPattern(searchTerms(query));
}
