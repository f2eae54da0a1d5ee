/** The list by day, and its order while it is held. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { headingOf, holdStill, type ListSection, sectionsOf } from "./list-sections.ts";

const NOON = new Date(2026, 10, 28, 12).getTime();
const local = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();
const heading = (updatedAt: string, pinned = false) => headingOf({ pinned, updated_at: updatedAt }, NOON).heading;

test("days begin at this place's midnight, seven of them follow on yesterday, then come months", () => {
  expect(heading(local(2026, 10, 28, 0))).toBe("Today");
  expect(heading(local(2026, 10, 27, 23, 59))).toBe("Yesterday");
  expect(heading(local(2026, 10, 27, 0))).toBe("Yesterday");
  expect(heading(local(2026, 10, 26, 23, 59))).toBe("Previous 7 days");
  expect(heading(local(2026, 10, 21, 0))).toBe("Previous 7 days");
  expect(heading(local(2026, 10, 20, 23, 59))).toBe("November 2026");
  expect(heading(local(2026, 9, 31, 23, 59))).toBe("October 2026");
  expect(heading(local(2023, 0, 1))).toBe("January 2023");
});

test("what is pinned stands under its own heading, and what comes from the future under today", () => {
  expect(heading(local(2020, 0, 1), true)).toBe("Pinned");
  expect(heading(local(2027, 0, 1))).toBe("Today");
});

interface Row {
  readonly id: string;
  readonly pinned: boolean;
  readonly updated_at: string;
}

const rowArbitrary = (id: string): fc.Arbitrary<Row> =>
  fc.record({
    id: fc.constant(id),
    pinned: fc.nat(4).map((chance) => chance === 0),
    updated_at: fc.integer({ min: 0, max: 90 * 24 }).map((hours) => new Date(NOON - hours * 3_600_000).toISOString()),
  });

const IDS = Array.from({ length: 14 }, (_, index) => `c${index}`);
const rowsArbitrary = fc
  .tuple(...IDS.map((id) => fc.option(rowArbitrary(id), { nil: null })))
  .map((rows) => rows.filter((row) => row !== null).sort(inOrder));

function inOrder(one: Row, other: Row): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
  return one.updated_at > other.updated_at ? -1 : one.updated_at < other.updated_at ? 1 : one.id < other.id ? -1 : 1;
}

function sectioned(rows: readonly Row[]): readonly ListSection[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return sectionsOf(
    rows.map(({ id }) => id),
    (id) => byId.get(id),
    NOON,
  );
}

const idsOf = (sections: readonly ListSection[]) => sections.flatMap(({ ids }) => ids);
const placesOf = (sections: readonly ListSection[]) =>
  new Map(sections.flatMap((section) => section.ids.map((id) => [id, section.heading] as const)));

test("sections are the list in its order, each heading once, every row under its own", () => {
  fc.assert(
    fc.property(rowsArbitrary, (rows) => {
      const sections = sectioned(rows);
      expect(idsOf(sections)).toEqual(rows.map(({ id }) => id));
      expect(new Set(sections.map((section) => section.heading)).size).toBe(sections.length);
      const places = placesOf(sections);
      for (const row of rows) expect(places.get(row.id)).toBe(headingOf(row, NOON).heading);
      expect(sections.every(({ ids }) => ids.length > 0)).toBe(true);
    }),
  );
});

test("ten thousand rows are cut by looking at few of them", () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
  let looks = 0;
  sectionsOf(
    ids,
    (id) => {
      looks++;
      return { pinned: false, updated_at: new Date(NOON - Number(id.slice(1)) * 3_600_000).toISOString() };
    },
    NOON,
  );
  expect(looks).toBeLessThan(500);
});

const MANY_RUNS = { numRuns: 1000 };
const held = fc.tuple(rowsArbitrary, rowsArbitrary, fc.subarray(IDS)).map(([before, after, moved]) => {
  const [shown, wanted] = [sectioned(before), sectioned(after)];
  const isNew = (id: string) => !before.some((row) => row.id === id);
  return { shown, wanted, moved: new Set(moved), isNew, result: holdStill(shown, wanted, new Set(moved)) };
});

test("a held list has exactly what there is, under headings that stand once and in their order", () => {
  fc.assert(
    fc.property(held, ({ wanted, result }) => {
      expect(idsOf(result).toSorted()).toEqual(idsOf(wanted).toSorted());
      const ranks = result.map(({ rank }) => rank);
      expect(ranks).toEqual([...new Set(ranks)].sort((one, other) => one - other));
      expect(result.every(({ ids }) => ids.length > 0)).toBe(true);
    }),
  );
});

test("a held list keeps the order and the heading of all that was there, but for what its person moved", () => {
  fc.assert(
    fc.property(held, ({ shown, wanted, moved, result }) => {
      const left = new Set(idsOf(wanted));
      const stays = (id: string) => left.has(id) && !moved.has(id);
      const before = idsOf(shown).filter(stays);
      const standing = new Set(before);
      expect(idsOf(result).filter((id) => standing.has(id))).toEqual(before);
      for (const id of before) expect(placesOf(result).get(id)).toBe(placesOf(shown).get(id));
    }),
  );
});

test("what is new or was moved by its person stands under its own heading, in its order among the others of the kind", () => {
  fc.assert(
    fc.property(held, ({ wanted, moved, isNew, result }) => {
      const comes = (id: string) => isNew(id) || moved.has(id);
      expect(idsOf(result).filter(comes)).toEqual(idsOf(wanted).filter(comes));
      for (const id of idsOf(wanted).filter(comes)) expect(placesOf(result).get(id)).toBe(placesOf(wanted).get(id));
    }),
    MANY_RUNS,
  );
});

test.each([
  [
    ["n", "c", "a", "m", "b"],
    ["n", "a", "m", "b", "c"],
  ],
  [
    ["c", "n", "a", "b"],
    ["n", "a", "b", "c"],
  ],
  [
    ["b", "n", "c", "a"],
    ["a", "b", "n", "c"],
  ],
  [
    ["n", "m"],
    ["n", "m"],
  ],
])("a new row stands where it sorts among those that have not moved: %j", (ids, expected) => {
  const shown: ListSection[] = [{ rank: 1, heading: "Today", ids: ["a", "b", "c"] }];
  const wanted: ListSection[] = [{ rank: 1, heading: "Today", ids }];
  expect(holdStill(shown, wanted, new Set())[0]?.ids).toEqual(expected);
});

test("a held list in which nothing has happened is the list", () => {
  fc.assert(
    fc.property(rowsArbitrary, (rows) => {
      expect(holdStill(sectioned(rows), sectioned(rows), new Set())).toEqual(sectioned(rows));
    }),
  );
});
