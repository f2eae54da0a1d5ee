/** Whatever was open on the page: once it has gone, nothing of it listens, waits or does anything any more. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, row, turn } from "./scripted-device.ts";
import { watchListeners } from "./heard-events.ts";
import { layOut } from "./layout.ts";
import { wholePage, type WholePage } from "./whole-page.tsx";
import { keepFocus } from "../src/design/keep-focus.ts";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

const A = idOf("a");
const linkOf = (name: string) =>
  document.querySelector<HTMLElement>(`[data-conversation-id="${idOf(name)}"] .conversation-link`) ?? document.body;

type Doing = (whole: WholePage, press: (name: string | RegExp) => Promise<void>) => Promise<void> | void;

const DOINGS: readonly (readonly [string, Doing])[] = [
  ["nothing", () => undefined],
  ["the settings", (_, press) => press("Settings")],
  [
    "the account",
    async (_, press) => {
      await press("Settings");
      await press("Account");
    },
  ],
  ["the sync's state", (_, press) => press(/^Sync/)],
  ["the archive", (_, press) => press("Archive")],
  ["the trash", (_, press) => press("Trash")],
  [
    "the palette",
    ({ settle }) => {
      fireEvent.keyDown(window, { key: "k", ctrlKey: true });
      return settle();
    },
  ],
  [
    "the list of keys",
    ({ settle }) => {
      fireEvent.keyDown(window, { key: "?" });
      return settle();
    },
  ],
  [
    "a row's menu",
    ({ settle }) => {
      fireEvent.click(screen.getAllByRole("button", { name: "Conversation actions" })[0] ?? document.body);
      return settle();
    },
  ],
  [
    "a new name",
    async ({ settle }) => {
      fireEvent.dblClick(linkOf("b").firstElementChild ?? document.body);
      await settle();
    },
  ],
  [
    "a selection",
    async ({ settle }) => {
      fireEvent.click(linkOf("b"), { ctrlKey: true });
      await settle();
    },
  ],
  [
    "a search",
    async ({ settle }) => {
      fireEvent.input(screen.getByRole("searchbox"), { target: { value: "words" } });
      await settle();
    },
  ],
  [
    "a toast",
    async (_, press) => {
      fireEvent.click(screen.getAllByRole("button", { name: "Conversation actions" })[1] ?? document.body);
      await press("Delete");
    },
  ],
  ["an edit", (_, press) => press("Edit message")],
  [
    "a finger on a row",
    async ({ settle }) => {
      fireEvent.pointerDown(linkOf("b"), { pointerType: "touch" });
      await settle();
    },
  ],
  [
    "a file over the page",
    async ({ settle }) => {
      const dataTransfer = { types: ["Files"], files: [] };
      window.dispatchEvent(Object.assign(new Event("dragover", { cancelable: true }), { dataTransfer }));
      await settle();
      window.dispatchEvent(Object.assign(new Event("drop", { cancelable: true }), { dataTransfer }));
      await settle();
    },
  ],
  ["a copied text", (_, press) => press("Copy message")],
  [
    "a reply that grows",
    async ({ device, transport, settle }) => {
      void device.turns.send(A, "hello");
      await settle();
      await transport.stream.feed(...turn("a", 11, ["Hi", "!"]).slice(0, 3));
      await settle();
    },
  ],
];

// Each loads and shows a whole page.
test.each(DOINGS)("with %s open", { timeout: 30_000 }, async (_, doing) => {
  const listeners = watchListeners(window, document);
  const whole = await wholePage(`/c/${A}`, {}, { hasFrames: true });
  whole.transport.answers.open = () => detail("a", 10);
  await whole.transport.last.answer(full(100, [row("a", 10), row("b", 10)]));
  await whole.settle();
  const press = async (name: string | RegExp) => {
    const found = screen.queryAllByRole("button", { name })[0] ?? screen.queryAllByRole("menuitem", { name })[0];
    fireEvent.click(found ?? document.body);
    await whole.settle();
  };
  await doing(whole, press);
  expect(listeners.types()).toContain("keydown");
  const { title } = document;
  whole.unmount();
  await whole.settle();
  whole.device.stop();
  expect([
    listeners.types(),
    whole.page.waiting(),
    whole.environment.timerCount,
    whole.environment.listenerCount,
  ]).toEqual([[], 0, 0, 0]);
  expect([title, document.title]).toEqual(["Conversation a · Instep", "Instep"]);
  listeners.end();
});

test("the watch over the focus ends whole", () => {
  const listeners = watchListeners(window, document);
  keepFocus(document, () => false)();
  expect(listeners.types()).toEqual([]);
  listeners.end();
});
