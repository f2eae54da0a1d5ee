/** The sidebar under a finger, on the whole page of a phone. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, row, summary, tick, turn } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

async function phone() {
  const whole = await wholePage("/", {}, { isNarrow: true, isTouch: true });
  whole.transport.answers.open = () => detail("a", 10);
  await whole.transport.last.answer(full(100, [row("a", 10), row("b", 20)]));
  await whole.settle();
  const open = async () => {
    fireEvent.click(screen.getByRole("button", { name: /^Show conversations/ }));
    await whole.settle();
  };
  const swipe = async (fromX: number, toX: number, on: Element = document.body) => {
    const touch = (clientX: number) => [{ clientX, clientY: 300 }];
    fireEvent.touchStart(on, { touches: touch(fromX) });
    fireEvent.touchEnd(on, { changedTouches: touch(toX) });
    await whole.settle();
  };
  return { ...whole, open, swipe };
}

const isOpen = () => document.querySelector(".sidebar.open") !== null;
const linkOf = (name: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .conversation-link`) ?? document.body;

/** A history that goes back as a browser's does: the page hears of it a moment later. */
function goingBack() {
  return vi.spyOn(history, "go").mockImplementation((delta) => {
    const state: unknown = history.state;
    const layers = typeof state === "object" && state !== null && "layers" in state ? Number(state.layers) : 0;
    const left = layers + (delta ?? 0);
    history.replaceState(left > 0 ? { layers: left } : null, "");
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
}

test("the drawer is an entry of the history: Back closes it, and its cross goes back", async () => {
  const go = goingBack();
  const { open, settle } = await phone();
  await open();
  expect([isOpen(), history.state]).toEqual([true, { layers: 1 }]);
  history.go(-1);
  await settle();
  expect([isOpen(), go.mock.calls]).toEqual([false, [[-1]]]);
  await open();
  fireEvent.click(screen.getByRole("button", { name: "Close sidebar" }));
  await settle();
  expect([isOpen(), go.mock.calls, history.state]).toEqual([false, [[-1], [-1]], null]);
  go.mockRestore();
});

test.each([
  ["a row's menu", () => linkOf("a").parentElement?.querySelector<HTMLElement>(".menu-button"), "menu"],
  ["the settings", () => screen.getByRole("button", { name: "Settings" }), "dialog"],
  ["the sync panel", () => document.querySelector<HTMLElement>("#sync-status"), "dialog"],
])("Back closes %s, and then the drawer that it was opened from", async (_name, opener, role) => {
  const go = goingBack();
  const { open, settle } = await phone();
  await open();
  fireEvent.click(opener() ?? document.body);
  await settle();
  expect([screen.queryAllByRole(role).length, history.state]).toEqual([1, { layers: 2 }]);
  history.go(-1);
  await settle();
  expect([screen.queryAllByRole(role).length, isOpen()]).toEqual([0, true]);
  history.go(-1);
  await settle();
  expect([isOpen(), history.state]).toEqual([false, null]);
  go.mockRestore();
});

test("Back lets go of the rows that are selected, before it closes the drawer", async () => {
  const go = goingBack();
  const { open, settle } = await phone();
  await open();
  fireEvent.click(linkOf("a"), { ctrlKey: true });
  await settle();
  expect(screen.getByRole("toolbar", { name: "Selected chats" })).toBeTruthy();
  history.go(-1);
  await settle();
  expect([screen.queryByRole("toolbar", { name: "Selected chats" }), isOpen()]).toEqual([null, true]);
  go.mockRestore();
});

test("Back leads from the trash to the chats, and then closes the drawer", async () => {
  const go = goingBack();
  const { open, settle } = await phone();
  await open();
  fireEvent.click(screen.getByRole("button", { name: "Trash" }));
  await settle();
  expect(screen.queryByRole("heading", { name: "Trash" })).not.toBeNull();
  history.go(-1);
  await settle();
  expect([screen.queryByRole("heading", { name: "Trash" }), isOpen()]).toEqual([null, true]);
  history.go(-1);
  await settle();
  expect(isOpen()).toBe(false);
  go.mockRestore();
});

test("a chat that is opened from the drawer takes its entry's place, so that Back leads to where one was", async () => {
  const go = goingBack();
  const { open, settle } = await phone();
  await open();
  const length = history.length;
  fireEvent.click(linkOf("a"));
  await settle();
  expect([isOpen(), location.pathname, history.state]).toEqual([false, `/c/${idOf("a")}`, null]);
  expect([history.length, go.mock.calls.length]).toEqual([length, 0]);
  go.mockRestore();
});

test("a finger from the edge opens the drawer, and one back closes it", async () => {
  const { swipe } = await phone();
  await swipe(100, 300);
  expect(isOpen()).toBe(false);
  await swipe(8, 120);
  expect(isOpen()).toBe(true);
  await swipe(250, 100);
  expect(isOpen()).toBe(false);
});

test.each([
  ["the settings", () => screen.getByRole("button", { name: "Settings" }), "dialog"],
  ["a row's menu", () => linkOf("a").parentElement?.querySelector<HTMLElement>(".menu-button"), "menu"],
])("a finger that swipes in %s moves no drawer behind it", async (_name, opener, role) => {
  const { open, settle, swipe } = await phone();
  await open();
  fireEvent.click(opener() ?? document.body);
  await settle();
  const above = screen.getByRole(role);
  await swipe(250, 100, above);
  expect([isOpen(), above.isConnected]).toEqual([true, true]);
});

test("a finger from the edge of a dialog opens no drawer behind it", async () => {
  const { swipe, settle } = await phone();
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  await settle();
  await swipe(8, 120, screen.getByRole("dialog"));
  expect(isOpen()).toBe(false);
});

test("a finger that rests on a row opens its menu and not the chat; one that moves, or is lifted at once, does not", async () => {
  const { open, settle, page } = await phone();
  await open();
  const touch = { pointerType: "touch", clientX: 50, clientY: 200 };
  const menu = () => screen.queryByRole("menu");
  fireEvent.pointerDown(linkOf("a"), touch);
  fireEvent.pointerMove(linkOf("a"), { ...touch, clientY: 220 });
  page.advance(600);
  await settle();
  expect(menu()).toBeNull();
  fireEvent.pointerDown(linkOf("a"), touch);
  page.advance(300);
  fireEvent.pointerUp(linkOf("a"), touch);
  page.advance(600);
  fireEvent.pointerDown(linkOf("a"), { ...touch, pointerType: "mouse" });
  page.advance(600);
  await settle();
  expect(menu()).toBeNull();
  fireEvent.pointerDown(linkOf("a"), touch);
  page.advance(500);
  await settle();
  expect(menu()).not.toBeNull();
  fireEvent.pointerUp(linkOf("a"), touch);
  fireEvent.click(linkOf("a"));
  await settle();
  expect(location.pathname).toBe("/");
  fireEvent.click(screen.getByRole("menuitem", { name: "Select" }));
  await settle();
  expect(document.querySelector(".conversation-item.selected")?.getAttribute("data-conversation-id")).toBe(idOf("a"));
});

test("a finger that scrolls, of which the browser tells no more, opens no menu", async () => {
  const { open, settle, page } = await phone();
  await open();
  const touch = { pointerType: "touch", clientX: 50, clientY: 200 };
  fireEvent.pointerDown(linkOf("a"), touch);
  fireEvent.pointerCancel(linkOf("a"), touch);
  page.advance(600);
  await settle();
  expect(screen.queryByRole("menu")).toBeNull();
});

test("the browser's own menu of a link comes by a mouse, and not over this one by a finger", async () => {
  const { open } = await phone();
  await open();
  const isLeft = (pointerType: string) =>
    linkOf("a").dispatchEvent(
      Object.assign(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }), { pointerType }),
    );
  expect(["touch", "mouse", "pen"].map(isLeft)).toEqual([false, true, true]);
});

test.each([
  ["Trash", ".trash-open"],
  ["Back to chats", ".conversation-link"],
])("Escape on a row of the list closes the drawer: %s", async (place, selector) => {
  const { open, settle, transport } = await phone();
  const trashed = { ...summary("x", 2), deleted_at: tick(5), purge_at: tick(6) };
  transport.answers.trash = () => ({ conversations: [trashed], next_cursor: null });
  await open();
  for (const name of new Set(["Trash", place])) {
    fireEvent.click(screen.getByRole("button", { name }));
    await settle();
  }
  const row = document.querySelector<HTMLElement>(selector);
  row?.focus();
  fireEvent.keyDown(row ?? document.body, { key: "Escape" });
  await settle();
  expect([row !== null, isOpen()]).toEqual([true, false]);
});

test("Escape closes the drawer and leaves the reply alone that is written behind it; the next one stops that", async () => {
  const { open, settle, transport, device } = await phone();
  fireEvent.click(linkOf("a"));
  await settle();
  void device.turns.send(idOf("a"), "hello");
  await settle();
  await transport.stream.feed(...turn("a", 11, ["Hi"]).slice(0, 2));
  await open();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "Escape" });
  await settle();
  expect([isOpen(), transport.named("stopReply")]).toEqual([false, []]);
  fireEvent.keyDown(document.body, { key: "Escape" });
  await settle();
  expect(transport.named("stopReply")).toHaveLength(1);
});
