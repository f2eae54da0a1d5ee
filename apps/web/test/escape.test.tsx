/** Escape is of what one is in, innermost first: nothing that lies behind hears it, and least of all a reply that is written there. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, row, summary, tick, turn } from "./scripted-device.ts";
import { layOut } from "./layout.ts";
import { wholePage } from "./whole-page.tsx";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

const A = idOf("a");
const linkOf = (name: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .conversation-link`) ?? document.body;
const click = (element: Element | null | undefined, init = {}) => fireEvent.click(element ?? document.body, init);
const button = (name: string) => screen.getAllByRole("button", { name })[0];

/** A question of the trash, which is opened first. */
const asked = (name: string) => async (settle: () => Promise<void>) => {
  click(button("Trash"));
  await settle();
  click(button(name));
};

/** What is opened, what of it is there then, and whether that happens before a reply begins. */
const PLACES: readonly (readonly [string, string, (settle: () => Promise<void>) => unknown, boolean])[] = [
  ["a name that is changed", ".rename-field", () => fireEvent.keyDown(linkOf("b"), { key: "F2" }), false],
  ["a menu", '[role="menu"]', () => click(button("Conversation actions")), false],
  ["a selection", ".conversation-item.selected", () => click(linkOf("b"), { ctrlKey: true }), false],
  ["a message that is edited", ".edit-message", () => click(button("Edit message")), true],
  ["the question about a chat in the trash", ".trash-row.asking", asked("Delete for good"), false],
  ["the question about all of the trash", ".trash-head .danger", asked("Empty trash"), false],
  ["the palette", ".palette", () => fireEvent.keyDown(window, { key: "k", ctrlKey: true }), false],
];

test.each(PLACES)("in %s", { timeout: 30_000 }, async (...[, selector, open, isBefore]) => {
  const { transport, settle, device } = await wholePage(`/c/${A}`, {}, { hasFrames: true });
  transport.answers.open = () => detail("a", 10);
  const trashed = { ...summary("x", 2), deleted_at: tick(5), purge_at: tick(6) };
  transport.answers.trash = () => ({ conversations: [trashed], next_cursor: null });
  await transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await settle();
  const begin = async () => {
    void device.turns.send(A, "hello");
    await settle();
    await transport.stream.feed(...turn("a", 11, ["Hi"]).slice(0, 2));
    await settle();
  };
  if (!isBefore) await begin();
  await open(settle);
  await settle();
  if (isBefore) await begin();
  const place = document.querySelector<HTMLElement>(selector);
  const inside = place?.querySelector<HTMLElement>("textarea, input, [role='menuitem'], a, button") ?? place;
  inside?.focus();
  fireEvent.keyDown(inside ?? document.body, { key: "Escape" });
  await settle();
  expect([place === null, document.querySelector(selector), transport.named("stopReply")]).toEqual([false, null, []]);
  fireEvent.keyDown(document.body, { key: "Escape" });
  await settle();
  expect(transport.named("stopReply")).toHaveLength(1);
});
