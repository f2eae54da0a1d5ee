/** What stands outside the page: the tab's title and the number on the app's icon. */
import { expect, test } from "vitest";
import { full, increment, row } from "../../test/scripted-device.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { tabTitle } from "./use-tab-title.ts";

test("the tab's title says how many conversations are unread, and which one is open", () => {
  expect(tabTitle(undefined, 0)).toBe("Instep");
  expect(tabTitle("Trip", 0)).toBe("Trip · Instep");
  expect(tabTitle("Trip", 3)).toBe("(3) Trip · Instep");
});

test("the title and the app's icon say how many conversations are unread, and nothing once none is", async () => {
  const { device, transport, page, settle } = await wholePage();
  await transport.last.answer(full(100, [row("a", 10), row("b", 20)]));
  await settle();
  expect([document.title, page.badges.at(-1)]).toEqual(["Instep", 0]);
  void device.sync.incrementalSync();
  await transport.last.answer(increment(110, [row("a", 12, { at: 109 }), row("b", 21, { at: 110 })]));
  await settle();
  expect([document.title, page.badges.at(-1)]).toEqual(["(2) Instep", 2]);
  void device.sync.incrementalSync();
  const read = { last_seq: 12, read_seq: 12, unread_count: 0 };
  const other = { last_seq: 21, read_seq: 21, unread_count: 0 };
  await transport.last.answer(
    increment(112, [row("a", 12, { at: 111, ...read }), row("b", 21, { at: 112, ...other })]),
  );
  await settle();
  expect([document.title, page.badges.at(-1)]).toEqual(["Instep", 0]);
});

test("a page that goes takes what the title and the app's icon say with it", async () => {
  const { device, transport, page, settle, unmount } = await wholePage();
  await transport.last.answer(full(100, [row("a", 10)]));
  await settle();
  void device.sync.incrementalSync();
  await transport.last.answer(increment(110, [row("a", 12, { at: 109 })]));
  await settle();
  expect([document.title, page.badges.at(-1)]).toEqual(["(1) Instep", 1]);
  unmount();
  await settle();
  expect([document.title, page.badges.at(-1)]).toEqual(["Instep", 0]);
});
