/** The list by day on the whole page, and its order while pointer or focus is in it. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { full, idOf, increment, row, summary } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

async function page() {
  const whole = await wholePage("/", {}, { hasFrames: true });
  const { transport, environment, settle } = whole;
  await transport.last.answer(full(100, [row("a", 10), row("b", 20), row("c", 30)]));
  await settle();
  const follow = async (at: number, rows: Parameters<typeof increment>[1], deletedIds: string[] = []) => {
    await environment.advance(60_000);
    await transport.last.answer(increment(at, rows, deletedIds));
    await settle();
  };
  const point = async (event: "pointerEnter" | "pointerLeave") => {
    fireEvent[event](listElement());
    await settle();
  };
  const focus = async (target: HTMLElement | null) => {
    target?.focus();
    await settle();
  };
  return { ...whole, follow, point, focus };
}

const listElement = () => document.querySelector<HTMLElement>(".conversation-list") ?? document.body;
const linkOf = (name: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .conversation-link`);
const names = () =>
  [...document.querySelectorAll(".conversation-item .conversation-title")]
    .map((title) => title.textContent?.at(-1))
    .join("");
const headings = () => [...document.querySelectorAll(".list-heading")].map((heading) => heading.textContent);

test("while the pointer is in the list rows change and keep their places; what is new comes, what is deleted goes", async () => {
  const { follow, point } = await page();
  expect(names()).toBe("cba");
  await point("pointerEnter");
  await follow(112, [row("a", 12, { at: 112 })]);
  expect(names()).toBe("cba");
  expect(document.querySelector(".unread-badge")?.textContent).toBe("2");
  await follow(113, [row("d", 2, { at: 113 })], [idOf("b")]);
  expect(names()).toBe("dca");
  await point("pointerLeave");
  expect(names()).toBe("dac");
});

test("while the focus is in the list it stands still, and settles when pointer and focus have both left", async () => {
  const { follow, point, focus } = await page();
  await focus(linkOf("c"));
  await point("pointerEnter");
  await follow(112, [row("a", 12, { at: 112 })]);
  await point("pointerLeave");
  expect(names()).toBe("cba");
  await focus(document.querySelector("#message-input"));
  expect(names()).toBe("acb");
});

test("a menu that was opened from a row holds the list, which settles once row and menu have gone", async () => {
  const { follow, settle, focus, transport } = await page();
  transport.answers.patch = () => summary("c", 30, { archived: true });
  await focus(document.querySelector<HTMLElement>(`[data-conversation-id="${idOf("c")}"] .menu-button`));
  fireEvent.click(document.activeElement ?? document.body);
  await settle();
  await follow(112, [row("a", 12, { at: 112 })]);
  expect(names()).toBe("cba");
  fireEvent.click(screen.getByRole("menuitem", { name: "Archive" }));
  await settle();
  expect(names()).toBe("ab");
});

test("what one pins oneself moves at once, also while everything else is held", async () => {
  const { follow, settle, point, transport } = await page();
  transport.answers.patch = () => summary("b", 20, { pinned: true });
  await point("pointerEnter");
  await follow(112, [row("a", 12, { at: 112 }), row("c", 30, { pinned: true, at: 30 })]);
  expect([names(), headings()]).toEqual(["cba", ["January 2026"]]);
  fireEvent.click(document.querySelector(`[data-conversation-id="${idOf("b")}"] .menu-button`) ?? document.body);
  await settle();
  fireEvent.click(screen.getByRole("menuitem", { name: "Pin" }));
  await settle();
  expect([names(), headings()]).toEqual(["bca", ["Pinned", "January 2026"]]);
  await point("pointerLeave");
  await focusOut();
  await settle();
  expect(names()).toBe("cba");
});

async function focusOut(): Promise<void> {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

test("a row that gets a message comes under today's heading though it keeps its place, and under yesterday's at midnight", async () => {
  const { follow, settle, page: screenOf } = await page();
  const now = new Date(screenOf.now());
  const noon = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 0, 0, 1).toISOString();
  await follow(112, [{ ...row("c", 31), updated_at: noon }]);
  expect([names(), headings()]).toEqual(["cba", ["Today", "January 2026"]]);
  screenOf.advance(86_400_000);
  await settle();
  expect(headings()).toEqual(["Yesterday", "January 2026"]);
});

test("several that one pins at once move at once, and back with Undo, also while everything else is held", async () => {
  const { point, settle, transport, environment } = await page();
  transport.answers.act = () => ({ conversations: [], deleted_ids: [], missing_ids: [] });
  const press = async (name: string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await environment.advance(0);
    await settle();
  };
  for (const name of ["a", "b"]) fireEvent.click(linkOf(name) ?? document.body, { ctrlKey: true });
  await settle();
  await point("pointerEnter");
  await press("Pin selected");
  expect(names()).toBe("bac");
  await press("Undo");
  expect(names()).toBe("cba");
});

test("a chat that was pinned by hand keeps its place from then on, as every other one does", async () => {
  const { follow, settle, point, transport } = await page();
  transport.answers.patch = () => summary("b", 20, { pinned: true });
  await point("pointerEnter");
  fireEvent.click(document.querySelector(`[data-conversation-id="${idOf("b")}"] .menu-button`) ?? document.body);
  await settle();
  fireEvent.click(screen.getByRole("menuitem", { name: "Pin" }));
  await settle();
  expect([names(), headings()]).toEqual(["bca", ["Pinned", "January 2026"]]);
  await follow(112, [row("a", 10, { at: 10, pinned: true })]);
  await follow(113, [row("b", 20, { at: 20, pinned: false })]);
  expect([names(), headings()]).toEqual(["bca", ["Pinned", "January 2026"]]);
});

test("a list that has the focus in a window that has not settles all the same", async () => {
  const { follow, focus, settle } = await page();
  await focus(linkOf("c"));
  await follow(112, [row("a", 12, { at: 112 })]);
  expect(names()).toBe("cba");
  const hasFocus = vi.spyOn(document, "hasFocus").mockReturnValue(false);
  fireEvent.blur(window);
  await settle();
  expect([names(), document.activeElement]).toEqual(["acb", linkOf("c")]);
  hasFocus.mockRestore();
});
