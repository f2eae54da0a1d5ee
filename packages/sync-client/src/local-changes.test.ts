/** Changes on top of the server's rows, by properties [DEV-8]. */
import { expandRow } from "@instep/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { at, idOf, row, tick } from "../test/scripted-server.ts";
import { type ChangedFields, type LocalChange, LocalChanges, withLocalChanges } from "./local-changes.ts";

const ROW = expandRow(row("a", 10, { read_seq: 4, unread_count: 6 }), "demo");

const fields: fc.Arbitrary<ChangedFields> = fc.oneof(
  fc.record({ title: fc.constantFrom("one", "two") }),
  fc.record({ pinned: fc.boolean() }),
  fc.record({ archived: fc.boolean() }),
  fc.record({ marked_unread: fc.constant(true) }),
  fc.record({ marked_unread: fc.constant(false), read_seq: fc.integer({ min: 0, max: 10 }) }),
);
const changes: fc.Arbitrary<LocalChange[]> = fc
  .array(fc.record({ fields, removal: fc.option(fc.boolean()), isOwn: fc.boolean() }), { maxLength: 8 })
  .map((all) =>
    all.map(({ fields: changed, removal, isOwn }, index) => ({
      operationId: `operation-${index}`,
      conversationId: idOf("a"),
      fields: removal === null ? changed : {},
      ...(removal !== null && { isRemoved: removal }),
      isOwn,
      settledAs: null,
    })),
  );

describe("[DEV-8] a row with changes on top", () => {
  it("has the last word of each thing, and is gone only by the last word about that", () => {
    fc.assert(
      fc.property(changes, (all) => {
        const shown = withLocalChanges(ROW, all);
        const lastRemoval = all.findLast(({ isRemoved }) => isRemoved !== undefined);
        expect(shown === null).toBe(lastRemoval?.isRemoved === true);
        if (shown === null) return;
        for (const thing of ["title", "pinned", "archived", "marked_unread"] as const) {
          const last = all.findLast((change) => change.fields[thing] !== undefined);
          expect(shown[thing]).toBe(last?.fields[thing] ?? ROW[thing]);
        }
      }),
    );
  });

  it("[DEV-3] never has its read position go back, nor more unread than come after it", () => {
    fc.assert(
      fc.property(changes, (all) => {
        const shown = withLocalChanges(
          ROW,
          all.filter(({ isRemoved }) => isRemoved === undefined),
        );
        const positions = all.map((change) => change.fields.read_seq ?? 0);
        expect(shown?.read_seq).toBe(Math.max(ROW.read_seq, ...positions));
        expect(shown?.unread_count).toBe(Math.min(ROW.unread_count, 10 - (shown?.read_seq ?? 0)));
        expect(shown).toMatchObject({ message_count: ROW.message_count, last_seq: ROW.last_seq });
      }),
    );
  });
});

describe("[DEV-8] the changes that are shown", () => {
  const change = (name: string, more: Partial<LocalChange> = {}): LocalChange => ({
    operationId: name,
    conversationId: idOf("a"),
    fields: { title: name },
    isOwn: true,
    settledAs: null,
    ...more,
  });
  const filled = (...all: LocalChange[]): LocalChanges => {
    const list = new LocalChanges();
    for (const each of all) list.add(each);
    return list;
  };
  const named = (list: LocalChanges, id = idOf("a")): string[] => list.of(id).map(({ operationId }) => operationId);

  it("are each there once, of their own conversation, in the order of their making", () => {
    const list = filled(change("one"), change("two"), change("other", { conversationId: idOf("b") }));
    expect(list.add(change("one"))).toBe(false);
    expect(named(list)).toEqual(["one", "two"]);
    expect(named(list, idOf("b"))).toEqual(["other"]);
  });

  it("[SYNC-11] stay until everything is known as of when the server had them", () => {
    const list = filled(change("one"), change("two"));
    list.end("one", at(5));
    for (const [knownTo, left] of [
      [4, ["one", "two"]],
      [5, ["two"]],
      [99, ["two"]],
    ] as const) {
      list.confirm(({ asOf }) => asOf.time <= tick(knownTo));
      expect(named(list)).toEqual(left);
    }
  });

  it("[EPOCH-1] are told apart by operation, and the settled ones are named", () => {
    const list = filled(change("one"), change("two"), change("three"));
    list.end("one", at(5));
    list.end("three", at(6));
    expect(list.settled).toEqual(["one", "three"]);
    list.confirm(({ operationId }) => operationId !== "one");
    expect(named(list)).toEqual(["one", "two"]);
  });

  it("go at once where the server refused them", () => {
    const list = filled(change("one"), change("two"));
    expect(list.end("one", "refused")?.operationId).toBe("one");
    expect(list.end("nobody's", "refused")).toBeNull();
    expect(named(list)).toEqual(["two"]);
  });

  it("are over for a tab that didn't hear of it once nothing of them waits", () => {
    const list = filled(change("one"), change("two"), change("three"));
    list.end("three", at(3));
    expect(list.openBut(new Set(["two"]))).toEqual(["one"]);
  });

  it("[DEV-10] tell a deletion of this tab's own from another's", () => {
    const list = filled(change("gone", { fields: {}, isRemoved: true, isOwn: false }));
    expect(list.isOwnRemoval(idOf("a"), [])).toBe(false);
    list.add(change("gone here", { fields: {}, isRemoved: true }));
    expect([list.isOwnRemoval(idOf("a"), []), list.isOwnRemoval(idOf("b"), [])]).toEqual([true, false]);
  });

  it("[DEV-10] tell a deletion from what was deleted and taken back here before it", () => {
    const list = new LocalChanges();
    const gone = change("gone", { fields: {}, isRemoved: true });
    const back = change("back", { fields: {}, isRemoved: false });
    expect(list.isOwnRemoval(idOf("a"), [gone])).toBe(true);
    expect(list.isOwnRemoval(idOf("a"), [gone, back])).toBe(false);
    list.add(gone);
    expect(list.isOwnRemoval(idOf("a"), [back])).toBe(true);
  });
});

it("[DEV-3] what was read here leaves as many unread as come after it, and never less than none", () => {
  const read = (seq: number): number | undefined =>
    withLocalChanges(ROW, [
      {
        operationId: "read",
        conversationId: idOf("a"),
        fields: { marked_unread: false, read_seq: seq },
        isOwn: true,
        settledAs: null,
      },
    ])?.unread_count;
  expect([0, 4, 7, 10, 14].map(read)).toEqual([6, 6, 3, 0, 0]);
});
