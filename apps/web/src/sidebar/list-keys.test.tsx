/** The list by keyboard and by several rows at once, on the whole page. */
import { act, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { detail, full, idOf, increment, row, summary, turn } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { keepFocus } from "../design/keep-focus.ts";
import { failure } from "../sync/device.ts";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

const NAMES = ["e", "d", "c", "b", "a"];

const countOf = (name: string) => (name.codePointAt(0) ?? 0) - 90;

/** The list at a path; `of` says how a row is otherwise than read, unpinned and unarchived. */
async function page(path = "/", of: (name: string) => Parameters<typeof row>[2] = () => ({})) {
  const whole = await wholePage(path, {}, { hasFrames: true });
  const { transport, settle } = whole;
  transport.answers.open = (id: string) => {
    const name = NAMES.find((each) => idOf(each) === id) ?? "";
    return detail(name, countOf(name));
  };
  const rows = NAMES.map((name) => row(name, countOf(name), of(name)));
  await transport.last.answer(full(100, rows));
  transport.answers.act = () => ({ conversations: [], deleted_ids: [], missing_ids: [] });
  transport.answers.patch = () => summary("a", 10);
  transport.answers.remove = () => ({ status: "trashed", purge_at: "" });
  await settle();
  const key = async (init: KeyboardEventInit) => {
    const isLeft = fireEvent.keyDown(document.activeElement ?? document.body, init);
    for (let turns = 0; turns < 3; turns++) await settle();
    return isLeft;
  };
  const click = async (name: string, init: MouseEventInit = {}) => {
    fireEvent.click(linkOf(name) ?? document.body, init);
    await settle();
  };
  const focus = async (name: string) => {
    linkOf(name)?.focus();
    await settle();
  };
  const press = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    for (let turns = 0; turns < 3; turns++) await settle();
  };
  return { ...whole, key, click, focus, press };
}

const linkOf = (name: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .conversation-link`);
const menuOf = (name: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .menu-button`) ?? document.body;
const titleField = () => screen.queryByRole<HTMLInputElement>("textbox", { name: "Conversation title" });
const box = () => screen.getByRole("textbox", { name: "Message" });
const nameOf = (item: Element | null | undefined) => item?.querySelector(".conversation-title")?.textContent?.at(-1);
const names = (selector: string) => [...document.querySelectorAll(selector)].map((item) => nameOf(item)).join("");
const shown = () => names(".conversation-item");
const selected = () => names(".conversation-item.selected");
const focused = () => nameOf(document.activeElement?.closest(".conversation-item"));
const toasts = () => [...document.querySelectorAll(".toast-text")].map((toast) => toast.textContent);

test("the list is one Tab stop, with its menu: the row that had the focus last, else the open one, else the first", async () => {
  const { focus, key } = await page(`/c/${idOf("b")}`);
  const stops = () => [...document.querySelectorAll('.conversation-list a[tabindex="0"]')].map((link) => nameOf(link));
  const others = () => document.querySelectorAll('.conversation-list :is(a, button):not([tabindex="-1"])');
  expect(stops()).toEqual(["b"]);
  await key({ key: "O", ctrlKey: true, shiftKey: true });
  expect(stops()).toEqual(["e"]);
  await focus("c");
  expect(stops()).toEqual(["c"]);
  await key({ key: "ArrowDown" });
  expect([stops(), focused(), others()]).toEqual([["b"], "b", expect.objectContaining({ length: 2 })]);
});

test("arrows, Home and End move the focus from row to row, and no further than the list", async () => {
  const { focus, key } = await page();
  await focus("e");
  const seen: unknown[] = [];
  for (const name of ["ArrowDown", "ArrowDown", "ArrowUp", "End", "ArrowDown", "Home", "ArrowUp"]) {
    expect(await key({ key: name })).toBe(false);
    seen.push(focused());
  }
  expect(seen).toEqual(["d", "c", "d", "a", "a", "e", "e"]);
  expect(await key({ key: "x" })).toBe(true);
});

test("F2 renames the row in its place, and the focus comes back to it", async () => {
  const { focus, key, transport } = await page();
  await focus("c");
  await key({ key: "F2" });
  const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Conversation title" });
  expect(document.activeElement).toBe(field);
  field.value = "Another";
  await key({ key: "ArrowDown" });
  expect(document.activeElement).toBe(field);
  await key({ key: "Enter" });
  expect(transport.named("patch")).toEqual([[idOf("c"), { title: "Another" }]]);
  expect(document.activeElement).toBe(linkOf("c"));
});

test("whoever goes on to the message box from a new name is not called back to the row", async () => {
  const { focus, key, settle } = await page();
  await focus("c");
  await key({ key: "F2" });
  expect(document.activeElement).toBe(titleField());
  await act(async () => box().focus());
  for (let turns = 0; turns < 3; turns++) await settle();
  expect([document.activeElement, titleField()]).toEqual([box(), null]);
});

test.each(["deleted", "archived"])(
  "[DEV-10] what is %s elsewhere while it gets a new name saves none, and who goes on typing does nothing to another one",
  async (outcome) => {
    onTestFinished(keepFocus(document, () => false));
    const { environment, focus, key, settle, transport } = await page();
    const change = async (id: number, archived: boolean, isGone: boolean) => {
      await environment.advance(60_000);
      const rows = isGone ? [] : [row("c", countOf("c"), { archived, at: id })];
      await transport.last.answer(increment(id, rows, isGone ? [idOf("c")] : []));
      for (let turns = 0; turns < 3; turns++) await settle();
    };
    await focus("c");
    await key({ key: "F2" });
    const field = titleField() ?? document.body;
    fireEvent.input(field, { target: { value: "Half a na" } });
    await change(110, true, outcome === "deleted");
    // A browser tells of the focus that went with it.
    fireEvent.blur(field);
    expect([shown(), document.activeElement?.tagName]).toEqual(["edba", "BODY"]);
    for (const typed of ["Delete", "Enter"]) await key({ key: typed });
    expect([shown(), location.pathname]).toEqual(["edba", "/"]);
    expect((["patch", "remove", "act"] as const).flatMap((name) => transport.named(name))).toEqual([]);
    await change(120, false, false);
    expect([shown(), titleField()], "it comes back as a row").toEqual(["cedba", null]);
  },
);

test("a double click on the button of a row's menu renames nothing", async () => {
  const { settle } = await page();
  fireEvent.dblClick(menuOf("d"));
  await settle();
  expect(titleField()).toBeNull();
});

test("a double click renames", async () => {
  const { click, settle } = await page();
  for (const count of [1, 2]) await click("d", { detail: count });
  fireEvent.dblClick(linkOf("d")?.firstElementChild ?? document.body);
  await settle();
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Conversation title" }).value).toBe("Conversation d");
});

test.each(["e", null])(
  "the second click of a double one that hit something else first (%s) opens and renames nothing",
  async (first) => {
    const { click, settle } = await page();
    if (first !== null) await click(first, { detail: 1 });
    const path = location.pathname;
    await click("d", { detail: 2 });
    fireEvent.dblClick(linkOf("d") ?? document.body);
    await settle();
    expect([location.pathname, titleField()]).toEqual([path, null]);
  },
);

test("Delete deletes the row, the focus goes on to the next one, and Undo brings it back", async () => {
  const { focus, key, press, transport } = await page();
  transport.answers.restore = () => summary("d", 10);
  await focus("d");
  await key({ key: "Delete" });
  expect([shown(), focused(), toasts()]).toEqual(["ecba", "c", ["“Conversation d” was moved to the trash"]]);
  await press("Undo");
  expect(shown()).toBe("edcba");
});

test("Delete that is held down deletes the one chat that it was pressed at", async () => {
  const { focus, key, click } = await page();
  await focus("d");
  await key({ key: "Delete" });
  expect(await key({ key: "Delete", repeat: true })).toBe(false);
  expect([shown(), focused()]).toEqual(["ecba", "c"]);
  await click("c", { ctrlKey: true });
  await key({ key: "Delete", repeat: true });
  expect(shown()).toBe("ecba");
});

test("Space on the button of a row's menu is that button's, and selects nothing", async () => {
  const { key } = await page();
  menuOf("d").focus();
  expect([await key({ key: " " }), selected()]).toEqual([true, ""]);
});

test("Alt and Shift with an arrow go to the next unread chat from a row, too, and select nothing", async () => {
  const { focus, key, environment, transport, settle } = await page();
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("b", 20)]));
  await settle();
  await focus("d");
  await key({ key: "ArrowDown", altKey: true, shiftKey: true });
  expect([location.pathname, selected()]).toEqual([`/c/${idOf("b")}`, ""]);
});

test("Escape on a row stops the reply of the open chat, once nothing is selected any more", async () => {
  const { focus, key, settle, transport, device } = await page(`/c/${idOf("c")}`);
  transport.answers.stopReply = () => ({ status: "stopping" });
  void device.turns.send(idOf("c"), "Hello");
  await settle();
  await transport.stream.feed(...turn("c", countOf("c") + 1, ["Hi"]).slice(0, 2));
  await focus("d");
  await key({ key: " " });
  for (const expected of [0, 1]) {
    await key({ key: "Escape" });
    expect([selected(), transport.named("stopReply").length]).toEqual(["", expected]);
  }
});

test("the menu key opens the row's menu", async () => {
  const { focus, key } = await page();
  for (const init of [{ key: "ContextMenu" }, { key: "F10", shiftKey: true }]) {
    await focus("d");
    await key(init);
    expect(screen.getByRole("menu")).toBeTruthy();
    await key({ key: "Escape" });
    expect(screen.queryByRole("menu")).toBeNull();
  }
});

test("Ctrl or Cmd selects one more or one less, Shift everything in between, a plain click opens and selects nothing", async () => {
  const { click } = await page();
  await click("d", { ctrlKey: true });
  await click("b", { metaKey: true });
  expect([selected(), location.pathname]).toEqual(["db", "/"]);
  await click("d", { ctrlKey: true });
  expect(selected()).toBe("b");
  await click("e", { ctrlKey: true });
  await click("c", { shiftKey: true });
  expect(selected()).toBe("edc");
  expect(document.querySelector(".selection-bar")?.textContent).toContain("3 selected");
  expect(document.querySelector(".announcer")?.textContent).toBe("3 selected");
  await click("a");
  expect([selected(), location.pathname]).toEqual(["", `/c/${idOf("a")}`]);
  expect(document.querySelector(".selection-bar")).toBeNull();
});

test.each([
  ["d", "b", "dcb"],
  ["b", "d", "dcb"],
  ["a", "e", "edcba"],
])("the first click with Shift selects from the open chat on: %s to %s", async (open, clicked, expected) => {
  const { click } = await page(`/c/${idOf(open)}`);
  await click(clicked, { shiftKey: true });
  expect([selected(), location.pathname]).toEqual([expected, `/c/${idOf(open)}`]);
});

test("a chat that is opened while others are selected leaves the focus in the message box", async () => {
  const { click, settle } = await page();
  await click("d", { ctrlKey: true });
  await act(async () => box().focus());
  await click("e");
  for (let turns = 0; turns < 3; turns++) await settle();
  expect([selected(), location.pathname, document.activeElement]).toEqual(["", `/c/${idOf("e")}`, box()]);
});

test.each([
  ["Unpin selected", "Pin selected", { pinned: true }],
  ["Mark selected as read", "Mark selected as unread", { marked_unread: true }],
] as const)("%s is offered where that is so of all that are selected, else %s", async (undoing, doing, change) => {
  const { click } = await page("/", (name) => (name === "d" || name === "c" ? change : {}));
  const offered = () => [undoing, doing].filter((name) => screen.queryByRole("button", { name }) !== null);
  const seen: (readonly string[])[] = [];
  for (const name of ["d", "c", "b", "d", "c"]) {
    await click(name, { ctrlKey: true });
    seen.push(offered());
  }
  expect(seen).toEqual([[undoing], [undoing], [doing], [doing], [doing]]);
});

test("Shift with arrows selects on, Space selects one, Escape selects none, and what is deleted elsewhere is not selected", async () => {
  const { focus, key, environment, transport, settle } = await page();
  await focus("d");
  await key({ key: "ArrowDown", shiftKey: true });
  await key({ key: "ArrowDown", shiftKey: true });
  expect([selected(), focused()]).toEqual(["dcb", "b"]);
  await key({ key: " " });
  expect(selected()).toBe("dc");
  await environment.advance(60_000);
  await transport.last.answer({ server_time: "2026-01-01T00:00:00.000200Z", deleted_ids: [idOf("c")] });
  await settle();
  expect([shown(), selected()]).toEqual(["edba", "d"]);
  await key({ key: "Escape" });
  expect(selected()).toBe("");
});

test("a finger selects on where some are selected, and opens where none are", async () => {
  const { settle, click } = await page();
  const tap = async (name: string) => {
    const event = Object.assign(new MouseEvent("click", { bubbles: true, cancelable: true }), { pointerType: "touch" });
    linkOf(name)?.dispatchEvent(event);
    await settle();
  };
  await click("d", { ctrlKey: true });
  await tap("c");
  expect([selected(), location.pathname]).toEqual(["dc", "/"]);
  await tap("c");
  await tap("d");
  await tap("c");
  expect([selected(), location.pathname]).toEqual(["", `/c/${idOf("c")}`]);
});

test.each([
  ["Archive selected", "2 chats archived", ["archive", "unarchive"], {}],
  ["Unarchive selected", "2 chats taken out of the archive", ["unarchive", "archive"], { archived: true }],
  ["Delete selected", "2 chats moved to the trash", ["trash", "restore"], {}],
  ["Pin selected", "2 chats pinned", ["pin", "unpin"], {}],
  ["Unpin selected", "2 chats unpinned", ["unpin", "pin"], { pinned: true }],
] as const)("several are done to at once by one call, with one toast and one Undo: %s", async (...row) => {
  const [button, words, actions, are] = row;
  const { click, press, transport, environment, settle } = await page("/", () => are);
  if ("archived" in are) await press("Archive");
  transport.answers.act = () => ({
    conversations: [summary("d", 10, are), summary("b", 8, are)],
    deleted_ids: [],
    missing_ids: [],
  });
  await click("d", { ctrlKey: true });
  await click("b", { ctrlKey: true });
  await press(button);
  await environment.advance(0);
  expect([selected(), toasts()]).toEqual(["", [words]]);
  await press("Undo");
  await environment.advance(0);
  await settle();
  expect([shown(), toasts()]).toEqual(["edcba", []]);
  const ids = [idOf("d"), idOf("b")];
  expect(transport.named("act")).toEqual(actions.map((action) => [{ action, ids }]));
});

test.each([
  ["Mark selected as unread", "2 chats marked as unread", 1, {}],
  ["Mark selected as read", "2 chats marked as read", 0, { marked_unread: true }],
] as const)("%s does so, says so, and is undone", async (...row) => {
  const [button, words, unread, are] = row;
  const { click, press, transport, device, environment, settle } = await page("/", () => are);
  const unreadOf = () => NAMES.map((name) => device.conversations.get(idOf(name))?.unread ?? null);
  const before = unreadOf();
  transport.answers.markRead = () => new Promise(() => undefined);
  transport.answers.act = () => new Promise(() => undefined);
  for (const name of ["d", "b"]) await click(name, { ctrlKey: true });
  await press(button);
  expect([unreadOf(), toasts(), selected()]).toEqual([before.with(1, unread).with(3, unread), [words], ""]);
  await press("Undo");
  await environment.advance(0);
  await settle();
  expect([unreadOf(), toasts()]).toEqual([before, []]);
});

test("what was done to several and refused is taken back, and why is said", async () => {
  const { click, press, environment, settle, transport } = await page();
  transport.answers.act = () => ({ ...failure("forbidden", ""), status: 403 });
  for (const name of ["d", "b"]) await click(name, { ctrlKey: true });
  await press("Archive selected");
  await environment.advance(0);
  for (let turns = 0; turns < 3; turns++) await settle();
  expect(shown()).toBe("edcba");
  expect(screen.getByRole("alert").textContent).toContain("You are not allowed to do this.");
});

test("Delete on a selected row deletes all that are selected", async () => {
  const { focus, key, environment, settle, transport } = await page();
  await focus("d");
  await key({ key: "ArrowDown", shiftKey: true });
  await key({ key: "Delete" });
  await environment.advance(0);
  await settle();
  expect([shown(), transport.named("act").length]).toEqual(["eba", 1]);
});

test("an archived chat comes back by Undo, and where that is refused it stays in the archive and its toast says why", async () => {
  const { press, settle, transport } = await page();
  fireEvent.click(menuOf("d"));
  await settle();
  fireEvent.click(screen.getByRole("menuitem", { name: "Archive" }));
  await settle();
  expect([shown(), toasts()]).toEqual(["ecba", ["“Conversation d” was archived"]]);
  await press("Undo");
  expect(shown()).toBe("edcba");
  expect(transport.named("patch")).toEqual([
    [idOf("d"), { archived: true }],
    [idOf("d"), { archived: false }],
  ]);
  fireEvent.click(menuOf("d"));
  await settle();
  fireEvent.click(screen.getByRole("menuitem", { name: "Archive" }));
  await settle();
  transport.answers.patch = () => ({ ...failure("forbidden", ""), status: 403 });
  await press("Undo");
  expect([shown(), toasts()]).toEqual(["ecba", [expect.stringContaining("You are not allowed to do this.")]]);
});

test("a draft shows in the row of a chat that is not open, and a message that can't go out does in any", async () => {
  const { click, drafts, settle, transport, device } = await page();
  drafts.set(idOf("d"), "half a thought");
  drafts.set(idOf("c"), " ");
  await settle();
  const marks = () =>
    [...document.querySelectorAll(".row-mark")].map((mark) => [nameOf(mark.parentElement), mark.textContent]);
  expect(marks()).toEqual([["d", "Draft"]]);
  await click("d");
  expect(marks()).toEqual([]);
  transport.refusals = [{ failed: "unreachable", status: 0, detail: "", retryAfterMs: null, problem: {} }];
  void device.turns.send(idOf("b"), "Hello");
  for (let turns = 0; turns < 3; turns++) await settle();
  expect(marks()).toEqual([["b", "Waiting"]]);
});

test("what was deleted while it was selected is not selected once it is back", async () => {
  const { focus, key, press, click, environment, settle, transport } = await page();
  transport.answers.restore = () => summary("b", 8);
  await focus("d");
  await key({ key: "ArrowDown", shiftKey: true });
  await key({ key: "Delete" });
  await environment.advance(0);
  await settle();
  await press("Undo");
  expect([shown(), selected(), document.querySelector(".selection-bar")]).toEqual(["edcba", "", null]);
  await click("b", { ctrlKey: true });
  fireEvent.click(menuOf("b"));
  await settle();
  fireEvent.click(screen.getByRole("menuitem", { name: "Delete" }));
  await settle();
  fireEvent.click(screen.getAllByRole("button", { name: "Undo" }).at(-1) ?? document.body);
  await settle();
  expect([shown(), selected()]).toEqual(["edcba", ""]);
});

test("what is done to several by keyboard leaves the focus in the list, also where its row has gone", async () => {
  const { focus, key, press, environment, settle } = await page();
  await focus("d");
  await key({ key: "ArrowDown", shiftKey: true });
  screen.getByRole("button", { name: "Archive selected" }).focus();
  await press("Archive selected");
  await environment.advance(0);
  await settle();
  expect([shown(), focused()]).toEqual(["eba", "e"]);
  await focus("b");
  await key({ key: "ArrowDown", shiftKey: true });
  await key({ key: "Delete" });
  await environment.advance(0);
  await settle();
  expect([shown(), focused()]).toEqual(["e", "e"]);
});

test("the browser's own key for what it remembers, Ctrl and Shift with Delete, deletes no chat", async () => {
  const { focus, key } = await page();
  await focus("c");
  expect(await key({ key: "Delete", ctrlKey: true, shiftKey: true })).toBe(true);
  expect([shown(), focused()]).toEqual(["edcba", "c"]);
});

test("Delete on a row that is not among the selected deletes that one, and none of those", async () => {
  const { focus, click, key } = await page();
  await click("d", { ctrlKey: true });
  await click("b", { ctrlKey: true });
  await focus("a");
  await key({ key: "Delete" });
  expect([shown(), selected()]).toEqual(["edcb", "db"]);
});
