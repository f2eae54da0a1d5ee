/** The sidebar under a finger, on the whole page of a phone. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { full, idOf, row } from "../../../../packages/sync-client/test/scripted-server.ts";
import { detail } from "../../../../packages/sync-client/test/scripted-transport.ts";
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
  const swipe = async (fromX: number, toX: number) => {
    const touch = (clientX: number) => [{ clientX, clientY: 300 }];
    fireEvent.touchStart(document.body, { touches: touch(fromX) });
    fireEvent.touchEnd(document.body, { changedTouches: touch(toX) });
    await whole.settle();
  };
  return { ...whole, open, swipe };
}

const isOpen = () => document.querySelector(".sidebar.open") !== null;
const linkOf = (name: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .conversation-link`) ?? document.body;

test("the drawer is an entry of the history: Back closes it, and its cross goes back", async () => {
  const back = vi.spyOn(history, "back").mockImplementation(() => {
    history.replaceState(null, "");
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
  const { open, settle, device } = await phone();
  await open();
  expect([isOpen(), history.state]).toEqual([true, { isDrawer: true }]);
  history.back();
  await settle();
  expect([isOpen(), back.mock.calls.length]).toEqual([false, 1]);
  await open();
  fireEvent.click(screen.getByRole("button", { name: "Close sidebar" }));
  await settle();
  expect([isOpen(), back.mock.calls.length, history.state]).toEqual([false, 2, null]);
  device.stop();
  back.mockRestore();
});

test("a chat that is opened from the drawer takes its entry's place, so that Back leads to where one was", async () => {
  const back = vi.spyOn(history, "back").mockImplementation(() => undefined);
  const { open, settle, device } = await phone();
  await open();
  const length = history.length;
  fireEvent.click(linkOf("a"));
  await settle();
  expect([isOpen(), location.pathname, history.state]).toEqual([false, `/c/${idOf("a")}`, null]);
  expect([history.length, back.mock.calls.length]).toEqual([length, 0]);
  device.stop();
  back.mockRestore();
});

test("a finger from the edge opens the drawer, and one back closes it", async () => {
  const { swipe, device } = await phone();
  await swipe(100, 300);
  expect(isOpen()).toBe(false);
  await swipe(8, 120);
  expect(isOpen()).toBe(true);
  await swipe(250, 100);
  expect(isOpen()).toBe(false);
  device.stop();
});

test("a finger that rests on a row opens its menu and not the chat; one that moves, or is lifted at once, does not", async () => {
  const { open, settle, page, device } = await phone();
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
  device.stop();
});
