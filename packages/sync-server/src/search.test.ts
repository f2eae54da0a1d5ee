/** The pure parts of the search. */
import { expect, test } from "vitest";
import { searchWords, snippetOf } from "./search.ts";

test("words are letters, digits and marks; the rest separates", () => {
  expect(searchWords(`it's "foo-bar" (2x)  ÀÉ 東京!`)).toEqual(["it", "s", "foo", "bar", "2x", "ÀÉ", "東京"]);
  expect(searchWords("*** ()")).toEqual([]);
  expect(searchWords("a ".repeat(50))).toHaveLength(16);
});

test("a snippet is a piece of one line around the first word that is found", () => {
  const text = `${"before ".repeat(30)}the NEEDLE\nis here ${"after ".repeat(30)}`;
  const snippet = snippetOf(text, ["needle"]);
  expect(snippet).toMatch(/^…(before )+the NEEDLE is here (after )+/);
  expect(snippet).toMatch(/…$/);
  expect(snippet.length).toBeLessThanOrEqual(162);
  expect(snippetOf("short", ["other"])).toBe("short");
});

test("a snippet cuts no character in two", () => {
  const text = "👩".repeat(200);
  expect(snippetOf(`x${text}`, ["zzz"]).isWellFormed()).toBe(true);
  expect(snippetOf(`${text}needle${text}`, ["needle"])).not.toContain("\uFFFD");
});
