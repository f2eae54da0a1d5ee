/** Whatever happens to drafts, nothing that was written is lost, and nothing is there twice. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { message, view } from "../../test/messages.ts";
import { sharedStore } from "../../test/shared-store.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { draftOf } from "./draft-parts.ts";
import { editKey, replacedEditKeys } from "./edit-drafts.ts";
import { createDrafts, keepDrafts, NEW_CHAT } from "./drafts.ts";

test("[DEV-10] a draft is kept for its conversation over a reload", () => {
  const { keyValue } = testEnvironment();
  createDrafts(keyValue).set("a", "half a thought");
  const drafts = createDrafts(keyValue);
  expect([drafts.get("a"), drafts.get("b")]).toEqual(["half a thought", ""]);
  drafts.set("a", "");
  expect(createDrafts(keyValue).get("a")).toBe("");
});

test("[DEV-10] texts that are added and carried stand under what is written, and none is lost or doubled", () => {
  const place = fc.constantFrom("a", "b", NEW_CHAT);
  const step = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), place }),
    fc.record({ kind: fc.constant("move" as const), place, isTakenBack: fc.boolean() }),
    fc.record({ kind: fc.constant("reload" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { keyValue } = testEnvironment();
      let drafts = createDrafts(keyValue);
      const written: string[] = [];
      for (const each of steps) {
        if (each.kind === "reload") drafts = createDrafts(keyValue);
        else if (each.kind === "move" && each.place !== NEW_CHAT) {
          const before = [drafts.get(each.place), drafts.get(NEW_CHAT)];
          const takeBack = drafts.move(each.place, NEW_CHAT);
          expect(drafts.get(each.place)).toBe("");
          if (each.isTakenBack) takeBack();
          if (each.isTakenBack) expect([drafts.get(each.place), drafts.get(NEW_CHAT)]).toEqual(before);
        } else if (each.kind === "add") {
          written.push(`text ${written.length};`);
          drafts.add(each.place, written.at(-1) ?? "");
        }
      }
      const all = ["a", "b", NEW_CHAT].flatMap((id) => drafts.get(id).split("\n\n")).filter(Boolean);
      expect(all.toSorted()).toEqual(written.toSorted());
    }),
  );
});

test("[DEV-10] a draft that was carried is not taken back once it was changed or sent", () => {
  const drafts = createDrafts(testEnvironment().keyValue);
  for (const change of [() => drafts.set(NEW_CHAT, "a whole thought"), () => void drafts.take(NEW_CHAT)]) {
    drafts.set("a", "half a thought");
    const takeBack = drafts.move("a", NEW_CHAT);
    change();
    const left = drafts.get(NEW_CHAT);
    takeBack();
    expect([drafts.get("a"), drafts.get(NEW_CHAT)]).toEqual(["", left]);
    drafts.set(NEW_CHAT, "");
  }
});

test("[DEV-10] what was added above or below a carried draft stays where it is when that is taken back", () => {
  const drafts = createDrafts(testEnvironment().keyValue);
  drafts.set(NEW_CHAT, "first");
  drafts.set("a", "half a thought");
  const takeBack = drafts.move("a", NEW_CHAT);
  expect(drafts.get(NEW_CHAT)).toBe("first\n\nhalf a thought");
  takeBack();
  expect([drafts.get("a"), drafts.get(NEW_CHAT)]).toEqual(["half a thought", "first"]);
  drafts.set(NEW_CHAT, "");
  const again = drafts.move("a", NEW_CHAT);
  drafts.add(NEW_CHAT, "a message that came back");
  again();
  expect([drafts.get("a"), drafts.get(NEW_CHAT)]).toEqual(["half a thought", "a message that came back"]);
});

test("a text that comes back goes under what another tab has stored there since", () => {
  const { keyValue } = testEnvironment();
  const [one, other] = [createDrafts(keyValue), createDrafts(keyValue)];
  one.set(NEW_CHAT, "sent");
  one.take(NEW_CHAT);
  other.set(NEW_CHAT, "being written");
  one.add(NEW_CHAT, "came back");
  expect(createDrafts(keyValue).get(NEW_CHAT)).toBe("being written\n\ncame back");
});

test("who follows drafts is told of changes only, and of none afterwards", () => {
  const drafts = createDrafts(testEnvironment().keyValue);
  const told: string[] = [];
  const end = drafts.subscribe(() => told.push(drafts.get("a")));
  for (const text of ["x", "x", "xy"]) drafts.set("a", text);
  end();
  drafts.set("a", "");
  expect(told).toEqual(["x", "xy"]);
});

test("[DEV-10] what was pasted is kept over a reload, carried along and taken back with its draft, and sent once", () => {
  const { keyValue } = testEnvironment();
  const draft = draftOf({ typed: "look", pasted: ["first", "second"] });
  createDrafts(keyValue).set("a", draft);
  const drafts = createDrafts(keyValue);
  drafts.set(NEW_CHAT, "mine");
  const back = drafts.move("a", NEW_CHAT);
  expect([drafts.get(NEW_CHAT), drafts.get("a")]).toEqual([
    draftOf({ typed: "mine\n\nlook", pasted: ["first", "second"] }),
    "",
  ]);
  back();
  expect([drafts.get(NEW_CHAT), drafts.get("a")]).toEqual(["mine", draft]);
  drafts.add("a", "below");
  expect([drafts.take("a"), drafts.get("a")]).toEqual(["look\n\nbelow\n\nfirst\n\nsecond", ""]);
});

test("[DEV-10] an empty message box shows what another tab has stored for it, one in which something is written keeps that", () => {
  const browser = sharedStore();
  const [one, other] = [createDrafts(browser.tab()), createDrafts(browser.tab())];
  one.set("a", "sent");
  one.take("a");
  const told: string[] = [];
  const end = one.subscribe(() => told.push(one.get("a")));
  other.set("a", "written there");
  browser.deliver();
  expect(told).toEqual(["written there"]);
  end();
  one.set("a", "written there, and here");
  other.set("a", "something else");
  browser.deliver();
  expect([one.get("a"), other.get("a")]).toEqual(["written there, and here", "something else"]);
});

test("[DEV-14] a draft that a full store refuses is kept by its tab, and one that was sent is gone", () => {
  const browser = sharedStore();
  const drafts = createDrafts(browser.tab());
  drafts.set("a", "one");
  browser.fill(true);
  drafts.set("a", "one two");
  expect([drafts.get("a"), drafts.take("a"), drafts.get("a")]).toEqual(["one two", "one two", ""]);
});

test("[DEV-12] an edit has lost its message where that is not among the loaded ones and its place is", () => {
  const { keyValue } = testEnvironment();
  const drafts = createDrafts(keyValue);
  const messages = [message(3), message(4), message(9)];
  const elsewhere = { ...message(5), conversation_id: "another" };
  for (const each of [message(1), message(3), message(5), message(11), elsewhere]) drafts.set(editKey(each), "text");
  const lostOf = (change: Parameters<typeof view>[0]) =>
    replacedEditKeys(createDrafts(keyValue), view({ messages, ...change }));
  expect(lostOf({ hasOlder: true })).toEqual([editKey(message(5))]);
  expect(lostOf({})).toEqual([editKey(message(1)), editKey(message(5))]);
  expect([lostOf({ phase: "loading" }), lostOf({ messages: [] })]).toEqual([[], []]);
});

test("[DEV-14] a draft that a full store refuses is among the keys, and one that was sent is not", () => {
  const browser = sharedStore();
  const drafts = createDrafts(browser.tab());
  drafts.set("edit-a", "one");
  browser.fill(true);
  drafts.set("edit-b", "two");
  drafts.set("other", "three");
  expect(drafts.keys("edit-")).toEqual(["edit-a", "edit-b"]);
  drafts.take("edit-a");
  expect(drafts.keys("edit-")).toEqual(["edit-b"]);
});

test("[DEV-10] a draft that another tab has carried along already is carried once, and taken back as a whole", () => {
  const store = sharedStore();
  const [typed, other] = [createDrafts(store.tab()), createDrafts(store.tab())];
  typed.set("a", "hello");
  other.set(NEW_CHAT, "above");
  other.move("a", NEW_CHAT);
  const takeBack = typed.move("a", NEW_CHAT);
  expect([typed.get(NEW_CHAT), typed.get("a")]).toEqual(["above\n\nhello", ""]);
  takeBack();
  expect([typed.get(NEW_CHAT), typed.get("a")]).toEqual(["above", "hello"]);
});

test("[DEV-10] what is written in a tab is there after its reload, also where another one has sent its own draft of that chat meanwhile", () => {
  const browser = sharedStore();
  const [one, other] = [createDrafts(browser.tab()), createDrafts(browser.tab())];
  for (const text of ["written here", "kept apart"]) {
    one.set(NEW_CHAT, text);
    browser.deliver();
    other.set(NEW_CHAT, "written there");
    other.take(NEW_CHAT);
    browser.deliver();
    expect([one.get(NEW_CHAT), other.get(NEW_CHAT)]).toEqual([text, ""]);
    keepDrafts(one);
    expect(createDrafts(browser.tab()).get(NEW_CHAT)).toBe(text);
    one.take(NEW_CHAT);
  }
  one.set(NEW_CHAT, "written here");
  other.set(NEW_CHAT, "stored there");
  keepDrafts(one);
  expect(createDrafts(browser.tab()).get(NEW_CHAT)).toBe("stored there");
});
