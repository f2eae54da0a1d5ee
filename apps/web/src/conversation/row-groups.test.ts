/** What is grouped stays as it is, whatever comes in around it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { message } from "../../test/messages.ts";
import { groupNumber, NO_ROWS, regroup, type RowGroups } from "./row-groups.ts";

const run = (from: number, count: number) => Array.from({ length: count }, (_, index) => message(from + index));
const shown = (messages: ReturnType<typeof run>, hasLater = false) => ({ messages, isReady: true, hasLater });
const all = ({ groups, latest }: RowGroups) => [...groups.flat(), ...latest];

test("every message is shown once and in its order, in groups that are small", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 80 }),
      fc.array(fc.boolean(), { maxLength: 5 }),
      (seqs, moves) => {
        const messages = seqs.toSorted((one, other) => one - other).map((seq) => message(seq));
        let rows = NO_ROWS;
        let last = messages.length;
        for (const hasLater of [false, ...moves]) {
          last = Math.max(1, Math.ceil(last / 2));
          rows = regroup(rows, shown(messages.slice(-last), hasLater));
          expect(all(rows)).toEqual(messages.slice(-last));
          expect(rows.groups.every((group) => group.length > 0 && group.length <= 16)).toBe(true);
        }
      },
    ),
  );
});

test("[MSG-5] an earlier version may have older numbers than what stands before it: all stays in its order, each group once", () => {
  const seqs = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(fc.array(fc.tuple(seqs, fc.boolean()), { minLength: 1, maxLength: 5 }), (shows) => {
      let rows = NO_ROWS;
      for (const [unsorted, hasLater] of shows) {
        const messages = unsorted.map((seq) => message(seq));
        rows = regroup(rows, shown(messages, hasLater));
        expect(all(rows)).toEqual(messages);
        expect(rows.groups.every((group) => group.length > 0 && group.length <= 16)).toBe(true);
        const keys = rows.groups.map(([first]) => groupNumber(first));
        expect(keys).toEqual([...new Set(keys)]);
      }
    }),
  );
});

test("what is shown first is grouped; what is sent or written after it never is, and moves nothing when it is stored", () => {
  const before = run(1, 50);
  let rows = regroup(NO_ROWS, shown(before));
  expect([rows.latest, rows.groups.length]).toEqual([[], 4]);
  const { groups } = rows;
  const after = run(51, 40);
  for (let count = 1; count <= after.length; count++) {
    rows = regroup(rows, shown([...before, ...after.slice(0, count)]));
    expect(rows.latest).toEqual(after.slice(0, count));
    expect(rows.groups.every((group, index) => group === groups[index])).toBe(true);
  }
});

test("in a new chat every message stays a row of its own, from the first one on", () => {
  const empty = regroup(NO_ROWS, shown([]));
  expect(regroup(empty, shown(run(1, 2)))).toMatchObject({ groups: [], latest: run(1, 2) });
});

test("a conversation whose messages are on their way is no new chat", () => {
  const loading = regroup(NO_ROWS, { messages: [], isReady: false, hasLater: false });
  expect(regroup(loading, shown(run(1, 20)))).toMatchObject({ latest: [] });
});

test("older messages change no group but the one that they complete", () => {
  const newest = run(40, 50);
  const before = regroup(NO_ROWS, shown(newest));
  const after = regroup(before, shown([...run(1, 39), ...newest]));
  const kept = before.groups.slice(1);
  expect(after.groups.slice(-kept.length).every((group, index) => group === kept[index])).toBe(true);
  expect(all(after)).toHaveLength(89);
});

test("a message that is another one than before is shown as it is", () => {
  const before = run(1, 20);
  const changed = before.map((one) => (one.seq === 3 ? { ...one, content: "Other" } : one));
  expect(all(regroup(regroup(NO_ROWS, shown(before)), shown(changed)))).toEqual(changed);
});

test("messages that have nothing to do with those before are grouped anew, and so is what follows upon what was found", () => {
  const rows = regroup(NO_ROWS, shown(run(1, 50)));
  expect(regroup(rows, shown(run(200, 50))).latest).toEqual([]);
  let around = regroup(rows, shown(run(20, 10), true));
  around = regroup(around, shown(run(20, 40), true));
  expect(around.latest).toEqual([]);
  expect(regroup(around, shown(run(20, 45))).latest).toEqual(run(60, 5));
});
