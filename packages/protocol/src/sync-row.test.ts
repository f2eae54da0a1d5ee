import fc from "fast-check";
import { expect, test } from "vitest";
import { compactRow, expandRow, type CompleteRow } from "./sync-row.ts";

const count = fc.oneof(fc.constant(0), fc.nat({ max: 5 }), fc.nat());
const model = fc.constantFrom("demo", "another");
const row: fc.Arbitrary<CompleteRow> = fc.record({
  id: fc.uuid(),
  title: fc.string(),
  message_count: count,
  updated_at: fc.constant("2026-01-01T12:00:00.000000Z"),
  last_seq: count,
  read_seq: count,
  unread_count: count,
  marked_unread: fc.boolean(),
  pinned: fc.boolean(),
  archived: fc.boolean(),
  model,
  active_reply_id: fc.option(fc.uuid()),
});

const plain: CompleteRow = {
  id: "0b8f6c0e-6a53-4f0e-9a6e-3f1f5a1c9d01",
  title: "Bread",
  message_count: 10,
  updated_at: "2026-01-01T12:00:00.000000Z",
  last_seq: 10,
  read_seq: 10,
  unread_count: 0,
  marked_unread: false,
  pinned: false,
  archived: false,
  model: "demo",
  active_reply_id: null,
};

test("[SYNC-0] what was left out comes back, whatever the row and the default model", () => {
  fc.assert(
    fc.property(row, model, (complete, defaultModel) => {
      expect(expandRow(compactRow(complete, defaultModel), defaultModel)).toEqual(complete);
    }),
  );
});

test("[SYNC-0] nothing that stands at its default travels, and it survives JSON", () => {
  fc.assert(
    fc.property(row, model, (complete, defaultModel) => {
      const compact = compactRow(complete, defaultModel);
      const travelled = JSON.parse(JSON.stringify(compact)) as typeof compact;
      expect(travelled).toEqual(compact);
      expect(compactRow(expandRow(travelled, defaultModel), defaultModel)).toEqual(compact);
    }),
  );
});

test("[SYNC-0] a conversation that nobody has opened costs its four fields", () => {
  const row = { ...plain, read_seq: 0, unread_count: 10 };
  expect(Object.keys(compactRow(row, "demo"))).toEqual(["id", "title", "message_count", "updated_at"]);
});

test("[SYNC-0] a conversation that was read costs its read position besides", () => {
  expect(Object.keys(compactRow(plain, "demo"))).toEqual(["id", "title", "message_count", "updated_at", "read_seq"]);
});

test("[SYNC-0] `unread_count` defaults to all of it where nothing was read, and to none where something was", () => {
  const core = { id: plain.id, title: "", message_count: 7, updated_at: plain.updated_at };
  expect(expandRow(core, "demo")).toMatchObject({ last_seq: 7, read_seq: 0, unread_count: 7, model: "demo" });
  expect(expandRow({ ...core, read_seq: 3 }, "demo")).toMatchObject({ read_seq: 3, unread_count: 0 });
});

test("[SYNC-0] a summary's other fields stay behind", () => {
  const summary = { ...plain, created_at: plain.updated_at };
  expect(compactRow(summary, "demo")).not.toHaveProperty("created_at");
});
