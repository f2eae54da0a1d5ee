/** Selecting several rows, and the keys of the list. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NOTHING, ranged, rowAtKey, type Selection, stillThere, toggled } from "./list-selection.ts";

const ORDER = Array.from({ length: 25 }, (_, index) => `c${index}`);
const id = fc.constantFrom(...ORDER);
const selection: fc.Arbitrary<Selection> = fc
  .tuple(fc.subarray(ORDER), fc.option(id, { nil: null }))
  .map(([ids, anchor]) => ({ ids: new Set(ids), anchor }));

test("to toggle a row twice leaves all as it was, and a range begins there", () => {
  fc.assert(
    fc.property(selection, id, (before, row) => {
      const once = toggled(before, row);
      expect(once.ids.has(row)).toBe(!before.ids.has(row));
      expect(once.anchor).toBe(row);
      expect(toggled(once, row).ids).toEqual(before.ids);
    }),
  );
});

test("a range is everything between its beginning and its end, whichever is above, and keeps its beginning", () => {
  fc.assert(
    fc.property(selection, id, (before, row) => {
      const range = ranged(before, row, ORDER);
      const start = before.anchor ?? row;
      const places = [...range.ids].map((each) => ORDER.indexOf(each)).sort((one, other) => one - other);
      const ends = [ORDER.indexOf(start), ORDER.indexOf(row)].sort((one, other) => one - other);
      expect([places[0], places.at(-1)]).toEqual(ends);
      expect(places).toHaveLength((ends[1] ?? 0) - (ends[0] ?? 0) + 1);
      expect(range.anchor ?? row).toBe(start);
    }),
  );
});

test("a range from a row that has gone is the one row", () => {
  expect(ranged({ ids: new Set(["x"]), anchor: "x" }, "c3", ORDER)).toEqual({ ids: new Set(["c3"]), anchor: "c3" });
});

test("what has gone is selected no more, and where nothing has, the selection is the same", () => {
  fc.assert(
    fc.property(selection, fc.subarray(ORDER), (before, left) => {
      const after = stillThere(before, left);
      expect([...after.ids].toSorted()).toEqual([...before.ids].filter((each) => left.includes(each)).toSorted());
      expect(stillThere(before, ORDER)).toBe(before);
    }),
  );
  expect(stillThere(NOTHING, [])).toBe(NOTHING);
});

test("keys lead to the neighbours, ten rows on, and to both ends, and stop there", () => {
  const from = (row: string, ...keys: string[]) => keys.map((key) => rowAtKey(ORDER, row, key));
  expect(from("c12", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End")).toEqual([
    "c11",
    "c13",
    "c2",
    "c22",
    "c0",
    "c24",
  ]);
  expect(from("c0", "ArrowUp", "PageUp")).toEqual(["c0", "c0"]);
  expect(from("c24", "ArrowDown", "PageDown")).toEqual(["c24", "c24"]);
  expect(from("c24", "x", "Enter")).toEqual([undefined, undefined]);
  expect(from("gone", "ArrowDown")).toEqual([undefined]);
});
