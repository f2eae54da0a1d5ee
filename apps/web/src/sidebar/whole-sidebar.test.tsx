/** The sidebar on the whole page: its places, its search, its keys, and as a drawer on a narrow screen. */
import { act, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { full, idOf, increment, row, summary } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

async function page({ isNarrow = false, path = "/" } = {}) {
  const whole = await wholePage(path, {}, { isNarrow });
  await whole.transport.last.answer(full(100, [row("a", 10), row("b", 20, { archived: true })]));
  await whole.settle();
  const press = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await whole.settle();
  };
  const key = async (init: KeyboardEventInit, target: Element = document.activeElement ?? document.body) => {
    const isLeft = fireEvent.keyDown(target, init);
    await whole.settle();
    return isLeft;
  };
  return { ...whole, press, key, field: screen.getByRole<HTMLInputElement>("searchbox") };
}

const place = () => document.querySelector(".sidebar-section h2")?.textContent ?? "Chats";
const box = () => screen.getByRole("textbox", { name: "Message" });

test("each place is left by its button, by the cross, and by another place; a search is over then", async () => {
  const { press, settle, field, transport } = await page();
  transport.answers.trash = () => ({ conversations: [], next_cursor: null });
  const seen: string[] = [];
  for (const name of ["Archive", "Archive", "Trash", "Archive", "Back to chats"]) {
    await press(name);
    seen.push(place());
  }
  expect(seen).toEqual(["Archive", "Chats", "Trash", "Archive", "Chats"]);
  await press("Archive");
  fireEvent.input(field, { target: { value: "words" } });
  await settle();
  expect(place()).toBe("Chats");
  await press("Trash");
  expect([field.value, place()]).toEqual(["", "Trash"]);
});

test("the button of the place that is shown is pressed, and no other one", async () => {
  const { press, transport } = await page();
  transport.answers.trash = () => ({ conversations: [], next_cursor: null });
  const pressed = () =>
    [...document.querySelectorAll('.sidebar-foot [aria-pressed="true"]')].map((each) =>
      each.getAttribute("aria-label"),
    );
  const seen = [pressed()];
  for (const name of ["Archive", "Trash", "Trash"]) {
    await press(name);
    seen.push(pressed());
  }
  expect(seen).toEqual([[], ["Archive"], ["Trash"], []]);
});

test.each(["Archive", "Trash"])(
  "a blank in the search is no search yet: %s keeps its heading, and the way back",
  async (name) => {
    const { press, settle, field, transport } = await page();
    transport.answers.trash = () => ({ conversations: [], next_cursor: null });
    await press(name);
    const list = document.querySelector(".sidebar-body > :last-child")?.textContent;
    fireEvent.input(field, { target: { value: "  " } });
    await settle();
    expect([place(), document.querySelector(".sidebar-body > :last-child")?.textContent]).toEqual([name, list]);
    await press("Back to chats");
    expect([place(), document.querySelectorAll(".conversation-link").length]).toEqual(["Chats", 1]);
  },
);

test("Escape empties the search, and only an empty one leaves the key to the page", async () => {
  const { field, settle, key } = await page({ isNarrow: true });
  await key({ key: "/" }, document.body);
  fireEvent.input(field, { target: { value: "words" } });
  await settle();
  await key({ key: "Escape" }, field);
  expect([field.value, document.querySelector(".sidebar.open") !== null]).toEqual(["", true]);
  await key({ key: "Escape" }, field);
  expect(document.querySelector(".sidebar.open")).toBeNull();
});

test("a slash leads into the search, and the browser keeps its hands off; not while a word is composed or one is typing", async () => {
  const { field, key } = await page();
  await key({ key: "/", isComposing: true });
  await key({ key: "/" }, box());
  expect(document.activeElement).not.toBe(field);
  expect(await key({ key: "/" }, document.body)).toBe(false);
  expect(document.activeElement).toBe(field);
  expect(await key({ key: "Escape" })).toBe(true);
});

test("a slash selects the words that are searched for, so that others can be written at once", async () => {
  const { field, settle, key } = await page();
  fireEvent.input(field, { target: { value: "old words" } });
  await settle();
  field.setSelectionRange(4, 4);
  box().focus();
  box().blur();
  await key({ key: "/" }, document.body);
  expect([document.activeElement, field.selectionStart, field.selectionEnd]).toEqual([field, 0, "old words".length]);
});

test("a key that somebody has dealt with is no shortcut, and after the page has gone none is", async () => {
  const { field, unmount, settle } = await page();
  const press = () => {
    const event = new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true, cancelable: true });
    event.preventDefault();
    document.body.dispatchEvent(event);
  };
  press();
  expect(document.activeElement).not.toBe(field);
  unmount();
  await settle();
  expect(fireEvent.keyDown(document.body, { key: "k", ctrlKey: true })).toBe(true);
});

test("a new chat is begun from every place: the list is shown again, without a search, and one writes at once", async () => {
  const { field, press, settle, key, transport } = await page({ path: `/c/${idOf("a")}` });
  transport.answers.trash = () => ({ conversations: [], next_cursor: null });
  await press("Trash");
  field.focus();
  await key({ key: "O", ctrlKey: true, shiftKey: true });
  expect([location.pathname, place(), document.activeElement]).toEqual(["/", "Chats", box()]);
  fireEvent.input(field, { target: { value: "words" } });
  await settle();
  fireEvent.click(document.querySelector("#new-chat-btn") ?? document.body);
  await settle();
  expect(field.value).toBe("");
});

test("what is sent in a new chat brings the list back, where its row is", async () => {
  const { press, settle, transport, drafts } = await page();
  transport.answers.trash = () => ({ conversations: [], next_cursor: null });
  transport.answers.create = () => summary("n", 0);
  await press("Trash");
  drafts.set("new", "hello");
  await settle();
  await press("Send");
  expect(place()).toBe("Chats");
});

test("a drawer takes the focus in and gives it back, and the page behind it is out of reach", async () => {
  const { press, key, settle, page: screenOf } = await page({ isNarrow: true });
  const isReachable = () => !document.querySelector("main")?.hasAttribute("inert");
  for (const close of [
    () => press("Close sidebar"),
    () => key({ key: "Escape" }),
    async () => {
      fireEvent.click(document.querySelector(".drawer-scrim") ?? document.body);
      await settle();
    },
  ]) {
    const opener = screen.getByRole("button", { name: "Show conversations" });
    opener.focus();
    await press("Show conversations");
    expect([isReachable(), document.querySelector("#sidebar")?.contains(document.activeElement)]).toEqual([
      false,
      true,
    ]);
    await close();
    expect([isReachable(), document.activeElement]).toEqual([true, opener]);
  }
  await press("Show conversations");
  await act(() => screenOf.setNarrow(false));
  expect(isReachable()).toBe(true);
});

test("a window that becomes narrow has its drawer closed, whatever was done while it was wide or before", async () => {
  const { press, key, page: screenOf } = await page();
  const isOpen = () => document.querySelector(".sidebar.open") !== null;
  await key({ key: "/" });
  await act(() => screenOf.setNarrow(true));
  expect(isOpen()).toBe(false);
  await press("Show conversations");
  expect(isOpen()).toBe(true);
  await act(() => screenOf.setNarrow(false));
  await act(() => screenOf.setNarrow(true));
  expect(isOpen()).toBe(false);
});

test("a row that is opened closes the drawer, is the page, and ceases to be when another place is opened", async () => {
  const { press, settle } = await page({ isNarrow: true });
  await press("Show conversations");
  fireEvent.click(document.querySelector(".conversation-link") ?? document.body);
  await settle();
  const current = () => document.querySelectorAll('.conversation-item[aria-current="page"]').length;
  expect([location.pathname, document.querySelector(".sidebar.open"), current()]).toEqual([`/c/${idOf("a")}`, null, 1]);
  fireEvent.click(document.querySelector("#new-chat-btn") ?? document.body);
  await settle();
  expect(current()).toBe(0);
});

test("pinned rows have a heading of their own, also when the topmost row is pinned or let go", async () => {
  const { transport, environment, settle } = await page();
  const headings = () => [...document.querySelectorAll(".list-heading")].map((heading) => heading.textContent);
  const follow = async (at: number, rows: Parameters<typeof increment>[1]) => {
    await environment.advance(60_000);
    await transport.last.answer(increment(at, rows));
    await settle();
    return headings();
  };
  expect(headings()).toEqual(["January 2026"]);
  expect(await follow(110, [row("a", 10, { pinned: true, at: 110 })])).toEqual(["Pinned"]);
  expect(await follow(111, [row("c", 3, { at: 111 })])).toEqual(["Pinned", "January 2026"]);
  expect(await follow(112, [row("a", 10, { at: 112 })])).toEqual(["January 2026"]);
});

test("of two that are pinned the lower one that is let go, and keeps its place, is under Pinned no more", async () => {
  const { transport, environment, settle } = await page();
  const shown = () =>
    [...document.querySelectorAll(".list-heading, .conversation-item .conversation-title")].map(
      (one) => one.textContent,
    );
  const follow = async (at: number, rows: Parameters<typeof increment>[1]) => {
    await environment.advance(60_000);
    await transport.last.answer(increment(at, rows));
    await settle();
  };
  await follow(110, [row("c", 5, { pinned: true, at: 109 }), row("a", 10, { pinned: true, at: 108 })]);
  expect(shown()).toEqual(["Pinned", "Conversation c", "Conversation a"]);
  await follow(111, [row("a", 10, { at: 108 })]);
  expect(shown()).toEqual(["Pinned", "Conversation c", "January 2026", "Conversation a"]);
});

test("[DEV-3] a badge in the list ends at 99+", async () => {
  const { transport, environment, settle } = await page();
  await environment.advance(60_000);
  await transport.last.answer(increment(110, [row("a", 500, { at: 110 })]));
  await settle();
  expect(document.querySelector(".unread-badge")?.textContent).toBe("99+");
});
