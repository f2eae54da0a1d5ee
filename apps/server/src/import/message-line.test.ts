/** The line of messages that a person last saw. */
import { expect, test } from "vitest";
import { lineTo } from "./message-line.ts";

type Link = readonly [id: string, parent: string | null];

const rules = (lastId: string | null) => ({
  idOf: ([id]: readonly [string, string | null]) => id,
  parentOf: ([, parent]: readonly [string, string | null]) => parent,
  lastId,
});
const idsOf = (listed: readonly (readonly [string, string | null])[], lastId: string | null) =>
  lineTo(listed, rules(lastId)).map(([id]) => id);

const CASES: readonly (readonly [string, Link[], lastId: string | null, line: string[]])[] = [
  [
    "follows the parents of the last one",
    [
      ["a", "root"],
      ["b", "a"],
      ["c", "a"],
    ],
    "b",
    ["a", "b"],
  ],
  [
    "ends at the last one listed where the named one is not there",
    [
      ["a", null],
      ["b", "a"],
      ["c", "a"],
    ],
    "x",
    ["a", "c"],
  ],
  [
    "is the list where none names a parent that is there",
    [
      ["a", null],
      ["b", "z"],
    ],
    null,
    ["a", "b"],
  ],
  [
    "ends in a circle",
    [
      ["a", "b"],
      ["b", "a"],
    ],
    "b",
    ["a", "b"],
  ],
  ["of nothing is nothing", [], null, []],
];

test.each(CASES)("%s", (_title, listed, ...[lastId, line]) => {
  expect(idsOf(listed, lastId)).toEqual(line);
});
