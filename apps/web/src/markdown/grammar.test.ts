/** What is read of a text, and that what it costs is counted, whichever rule brings it [SAFE-2]. */
import { expect, test } from "vitest";
import { readBlocks } from "./blocks.ts";
import { tokenizeBlocks, Work } from "./grammar.ts";
import { safeLink } from "./safe-link.ts";

test("[SAFE-2] every token that a block brings is counted, also where one rule makes them all", () => {
  const work = new Work(Number.POSITIVE_INFINITY);
  const tokens: Parameters<typeof tokenizeBlocks>[1]["tokens"] = [];
  const row = "| cell ".repeat(60);
  const table = [row, "|---".repeat(60), ...Array.from({ length: 60 }, () => row)].join("\n");
  tokenizeBlocks(`${table}\n\nafter`, { work, tokens, definitions: {} });
  expect(tokens.length).toBeGreaterThan(60 * 60);
  expect(work.steps).toBeGreaterThan(tokens.length - 10);
});

test("[SAFE-2] an address of more than 4,000 characters is no link", () => {
  const longest = `https://example.org/${"a".repeat(4000 - 20)}`;
  expect([safeLink(longest), safeLink(`${longest}a`)]).toEqual([longest, null]);
});

test("a text is read by itself where it doesn't continue the one before it", () => {
  const before = readBlocks("# One\n\ntwo\n\nthree\n\nfour\n\nfive");
  for (const text of ["Other words.", "", "# One\n\ntwo\n\nother"]) {
    expect(readBlocks(text, before)).toEqual(readBlocks(text));
  }
});
