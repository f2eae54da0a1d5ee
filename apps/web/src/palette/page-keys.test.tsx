/** The page's keys and its palette, on the whole page. */
import { fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { detail, full, idOf, increment, row, summary, tick } from "../../test/scripted-device.ts";
import { layOut } from "../../test/layout.ts";
import { wholePage } from "../../test/whole-page.tsx";
import { storedSettings } from "../settings/settings-store.ts";
import { failure } from "../sync/device.ts";
import { LANGUAGES } from "../words/language.ts";

beforeEach(() => layOut());
afterEach(() => void vi.unstubAllGlobals());

async function page({ path = "/", isNarrow = false } = {}) {
  const whole = await wholePage(path, {}, { isNarrow });
  const { transport, environment } = whole;
  transport.answers.open = (id: string) => detail(String.fromCodePoint(Number.parseInt(id.slice(0, 2), 16)), 10);
  transport.answers.markRead = () => summary("a", 10);
  transport.answers.patch = () => summary("a", 10);
  transport.answers.search = () => ({ results: [], next_cursor: null });
  const rows = ["a", "b", "c", "d"].map((name, index) => row(name, 10, { at: 10 + index, title: TITLES[index] ?? "" }));
  await transport.last.answer(full(100, rows));
  const settle = async () => {
    for (let turns = 0; turns < 3; turns++) await whole.settle();
  };
  await settle();
  const key = async (init: KeyboardEventInit, target: Element = document.activeElement ?? document.body) => {
    const isLeft = fireEvent.keyDown(target, init);
    await settle();
    return isLeft;
  };
  const follow = async (...news: Parameters<typeof increment>) => {
    await environment.advance(60_000);
    await transport.last.answer(increment(...news));
    await settle();
  };
  const type = async (text: string) => {
    fireEvent.input(screen.getByRole("combobox"), { target: { value: text } });
    whole.page.advance(200);
    await settle();
  };
  return { ...whole, settle, key, follow, type };
}

const TITLES = ["About bread", "Gingerbread", "Bread and butter", "Soup"];
const palette = () => document.querySelector('[role="dialog"][aria-label="Command palette"]');
const labels = (group: string) =>
  [...document.querySelectorAll(`[role="group"][aria-label="${group}"] .palette-label`)].map(
    (label) => label.textContent,
  );
const chosen = () => document.querySelector('[role="option"][aria-selected="true"] .palette-label')?.textContent;
const box = () => screen.getByRole("textbox", { name: "Message" });
const isSidebarShown = () => document.querySelector(".app-shell.no-sidebar") === null;

test("Ctrl or Cmd with K opens the palette: recent chats and all commands; Escape closes it and gives the focus back", async () => {
  const { key } = await page();
  box().focus();
  expect(await key({ key: "k", ctrlKey: true })).toBe(false);
  expect(document.activeElement).toBe(screen.getByRole("combobox"));
  expect(labels("Recent chats")).toEqual(["Soup", "Bread and butter", "Gingerbread", "About bread"]);
  expect(labels("Commands")).toEqual(expect.arrayContaining(["New chat", "Settings", "Use the dark theme"]));
  await key({ key: "Escape" });
  expect([palette(), document.activeElement]).toEqual([null, box()]);
});

test("what is typed finds chats, commands and messages; arrows go round, Enter opens", async () => {
  const { key, type, transport } = await page();
  transport.answers.search = () => ({
    results: [
      { conversation_id: idOf("d"), title: "Soup", message_id: null, seq: null, snippet: "Soup", updated_at: tick(1) },
      {
        conversation_id: idOf("d"),
        title: "Soup",
        message_id: "m",
        seq: 3,
        snippet: "with bread",
        updated_at: tick(1),
      },
    ],
    next_cursor: null,
  });
  await key({ key: "k", metaKey: true });
  await type("bread");
  expect(labels("Chats")).toEqual(["Bread and butter", "About bread", "Gingerbread"]);
  expect(labels("Messages")).toEqual(["with bread"]);
  expect(chosen()).toBe("Bread and butter");
  await key({ key: "ArrowUp" });
  expect(chosen()).toBe("with bread");
  const active = screen.getByRole("combobox").getAttribute("aria-activedescendant");
  expect(document.querySelector(`#${active}`)?.textContent).toContain("with bread");
  await key({ key: "Enter" });
  expect([palette(), location.pathname, history.state]).toEqual([null, `/c/${idOf("d")}`, { foundSeq: 3 }]);
});

test("what is chosen is seen: what lay over the page beneath the palette has gone", async () => {
  const { key, settle } = await page();
  fireEvent.click(screen.getByRole("button", { name: "Bring your history" }));
  await settle();
  expect(document.querySelectorAll("dialog[open]")).toHaveLength(1);
  await key({ key: "k", ctrlKey: true });
  expect(document.querySelectorAll("dialog[open]")).toHaveLength(2);
  await key({ key: "Enter" });
  expect([document.querySelector("dialog[open]"), location.pathname]).toEqual([null, `/c/${idOf("d")}`]);
});

test("the palette comes over nothing that would be lost under it", async () => {
  const { key } = await page();
  const written = document.body.appendChild(document.createElement("dialog"));
  written.open = true;
  written.dataset["written"] = "";
  await key({ key: "k", ctrlKey: true }, written);
  expect(palette()).toBeNull();
  delete written.dataset["written"];
  await key({ key: "k", ctrlKey: true }, written);
  expect(palette()).not.toBeNull();
  written.remove();
});

test("the way to the message box leaves the address alone, and what a search found", async () => {
  const { settle } = await page({ path: `/c/${idOf("a")}` });
  await settle();
  expect(fireEvent.click(screen.getByRole("link", { name: "Skip to the message box" }))).toBe(false);
  expect(document.activeElement).toBe(box());
});

test("the arrows go on and back through all options, round at both ends, and the chosen one is brought into view", async () => {
  const { key } = await page();
  const inView: (string | null | undefined)[] = [];
  const scroll = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function into(this: Element) {
    inView.push(this.querySelector(".palette-label")?.textContent);
  });
  await key({ key: "k", ctrlKey: true });
  const all = [...document.querySelectorAll(".palette-label")].map((label) => label.textContent);
  const last = all.length - 1;
  const walk = ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"];
  const seen: (string | null | undefined)[] = [];
  for (const name of walk) {
    await key({ key: name });
    seen.push(chosen());
  }
  const expected = [1, 2, 1, 0, last, last - 1, last, 0].map((index) => all[index]);
  expect(seen).toEqual(expected);
  expect(inView).toEqual([all[0], ...expected]);
  scroll.mockRestore();
});

test("what is typed on after a choice chooses the first that fits, and no older one", async () => {
  const { key, type } = await page();
  await key({ key: "k", ctrlKey: true });
  for (let times = 0; times < 2; times++) await key({ key: "ArrowDown" });
  expect(chosen()).toBe("Gingerbread");
  await type("bread");
  expect([labels("Chats"), chosen()]).toEqual([["Bread and butter", "About bread", "Gingerbread"], "Bread and butter"]);
});

test.each([{ keyCode: 229 }, { isComposing: true }])(
  "keys that an input method takes choose nothing: %j",
  async (composing) => {
    const { key, type } = await page();
    await key({ key: "k", ctrlKey: true });
    await type("bread");
    for (const name of ["ArrowDown", "Enter", "Escape"]) expect(await key({ key: name, ...composing })).toBe(true);
    expect([palette() !== null, chosen(), location.pathname]).toEqual([true, "Bread and butter", "/"]);
  },
);

test("archived chats are found, too, and opened", async () => {
  const { key, type, follow } = await page();
  await follow(120, [row("e", 10, { archived: true, title: "Rye loaf" })]);
  await key({ key: "k", ctrlKey: true });
  await type("rye");
  expect(labels("Chats")).toEqual(["Rye loaf"]);
  await key({ key: "Enter" });
  expect(location.pathname).toBe(`/c/${idOf("e")}`);
});

test("a press beside the palette closes it, and one in it does not", async () => {
  const { key, settle } = await page();
  await key({ key: "k", ctrlKey: true });
  for (const [target, isOpen] of [
    [screen.getByRole("combobox"), true],
    [palette(), false],
  ] as const) {
    fireEvent.pointerDown(target ?? document.body);
    fireEvent.click(target ?? document.body);
    await settle();
    expect(palette() !== null).toBe(isOpen);
  }
});

const shownPlace = () => document.querySelector("dialog h2, .sidebar-section h2")?.textContent ?? location.pathname;

test.each([
  ["New chat", "/"],
  ["Show the archive", "Archive"],
  ["Show the trash", "Trash"],
  ["Settings", "Settings"],
  ["Import conversations", "Import conversations"],
  ["Connection", "Sync"],
  ["Keyboard shortcuts", "Keyboard shortcuts"],
])("the command %s leads there", async (command, expected) => {
  const { key, settle, transport } = await page({ path: `/c/${idOf("a")}` });
  transport.answers.trash = () => ({ conversations: [], next_cursor: null });
  expect(shownPlace()).toBe(`/c/${idOf("a")}`);
  await key({ key: "k", ctrlKey: true });
  fireEvent.click(screen.getByText(command, { selector: ".palette-label" }));
  await settle();
  expect([palette(), shownPlace()]).toEqual([null, expected]);
});

test.each([
  [false, "Show the archive", "Archive"],
  [false, "Show the trash", "Trash"],
  [true, "Show the archive", "Archive"],
  [true, "Show the trash", "Trash"],
])(
  "a place that a command shows is in sight, without a search (narrow: %s, %s)",
  async (isNarrow, command, expected) => {
    const { key, settle, transport } = await page({ isNarrow });
    transport.answers.trash = () => ({ conversations: [], next_cursor: null });
    const field = document.querySelector<HTMLInputElement>('#sidebar input[type="search"]');
    fireEvent.input(field ?? document.body, { target: { value: "bread" } });
    if (!isNarrow) await key({ key: "b", ctrlKey: true });
    await key({ key: "k", ctrlKey: true });
    fireEvent.click(screen.getByText(command, { selector: ".palette-label" }));
    await settle();
    const isInSight = isNarrow ? document.querySelector(".sidebar.open") !== null : isSidebarShown();
    expect([shownPlace(), field?.value, isInSight]).toEqual([expected, "", true]);
  },
);

test("messages that were found are of the words that stand: none before their answer or after a failure, which is said", async () => {
  const { key, type, settle, transport } = await page();
  const hit = { conversation_id: idOf("d"), title: "Soup", message_id: "m", seq: 3, updated_at: tick(1) };
  const answers: ((answer: unknown) => void)[] = [];
  transport.answers.search = () => new Promise((resolve) => answers.push(resolve));
  const answer = async (value: unknown) => {
    answers.at(-1)?.(value);
    await settle();
  };
  await key({ key: "k", ctrlKey: true });
  await type("zzz");
  expect(palette()?.textContent).not.toContain("Nothing found");
  await answer({ results: [{ ...hit, snippet: "with zzz" }], next_cursor: null });
  expect([labels("Messages"), chosen()]).toEqual([["with zzz"], "with zzz"]);
  await type("zzzz");
  expect(labels("Messages")).toEqual([]);
  await key({ key: "Enter" });
  expect([palette() !== null, location.pathname]).toEqual([true, "/"]);
  await answer(failure("unreachable", ""));
  expect(labels("Messages")).toEqual([]);
  expect(palette()?.textContent).toContain("The server can't be reached.");
  expect(palette()?.textContent).not.toContain("Nothing found");
  await type("zzzzz");
  expect(palette()?.textContent).not.toContain("reached");
  await answer({ results: [], next_cursor: null });
  expect(palette()?.textContent).toContain("Nothing found");
});

test("what is renamed or deleted elsewhere while the palette is open is so in it at once, and nothing moves from its place", async () => {
  const { key, type, follow, transport } = await page();
  const hit = { conversation_id: idOf("c"), title: TITLES[2] ?? "", seq: 3, updated_at: tick(1) };
  transport.answers.search = () => ({
    results: [{ ...hit, message_id: "m", snippet: "with bread" }],
    next_cursor: null,
  });
  await key({ key: "k", ctrlKey: true });
  await follow(120, [row("b", 12, { at: 120, title: "Ginger biscuits" })]);
  expect(labels("Recent chats")).toEqual(["Soup", "Bread and butter", "Ginger biscuits", "About bread"]);
  await type("bread");
  expect([labels("Chats"), labels("Messages")]).toEqual([["Bread and butter", "About bread"], ["with bread"]]);
  await follow(130, [], [idOf("c")]);
  expect([labels("Chats"), labels("Messages")]).toEqual([["About bread"], []]);
});

test("a command is done once the palette is closed, the open chat's own come first, and nothing found is said", async () => {
  const { key, type, transport } = await page({ path: `/c/${idOf("a")}` });
  await key({ key: "k", ctrlKey: true });
  expect(labels("Commands")[0]).toBe("Pin this chat");
  await type("zzz");
  expect(palette()?.textContent).toContain("Nothing found");
  expect(await key({ key: "Enter" })).toBe(false);
  await type("pin chat");
  await key({ key: "Enter" });
  expect(transport.named("patch")).toEqual([[idOf("a"), { pinned: true }]]);
  await key({ key: "k", ctrlKey: true });
  await type("preferences");
  fireEvent.click(screen.getByRole("option", { name: "Settings" }));
  await key({});
  expect([palette(), screen.getByRole("dialog", { name: "Settings" })]).toEqual([null, expect.anything()]);
});

test("a question mark lists the keys, but not where one is typing", async () => {
  const { key } = await page();
  await key({ key: "?", shiftKey: true }, box());
  expect(screen.queryByRole("dialog")).toBeNull();
  await key({ key: "?", shiftKey: true }, document.body);
  const dialog = screen.getByRole("dialog", { name: "Keyboard shortcuts" });
  for (const words of ["Rename", "F2", "Next unread chat", "Alt"]) expect(dialog.textContent).toContain(words);
  expect(await key({ key: "b", ctrlKey: true })).toBe(true);
});

test("Alt and Shift with an arrow go to the next unread chat, and round", async () => {
  const { key, follow, transport } = await page();
  transport.answers.open = (id: string) => detail(id === idOf("a") ? "a" : "b", 12);
  await follow(120, [row("b", 12, { at: 119 }), row("a", 12, { at: 120 })]);
  await key({ key: "ArrowDown", altKey: true, shiftKey: true });
  expect(location.pathname).toBe(`/c/${idOf("a")}`);
  await key({ key: "ArrowUp", altKey: true, shiftKey: true });
  expect(location.pathname).toBe(`/c/${idOf("b")}`);
  await key({ key: "ArrowUp", altKey: true, shiftKey: true });
  expect(location.pathname).toBe(`/c/${idOf("b")}`);
});

test("Escape stops the reply of the open chat, once nothing else is there to be closed", async () => {
  const { key, settle, transport, device } = await page({ path: `/c/${idOf("a")}` });
  transport.answers.stopReply = () => ({ status: "stopping" });
  await key({ key: "Escape" });
  expect(transport.named("stopReply")).toEqual([]);
  void device.turns.send(idOf("a"), "Hello");
  await settle();
  await transport.stream.feed({
    id: 1,
    event: "start",
    data: { user_message: detail("a", 11).messages[10] ?? never(), reply_id: idOf("r"), message_count: 11 },
  });
  await settle();
  await key({ key: "k", ctrlKey: true });
  await key({ key: "Escape" });
  expect([palette(), transport.named("stopReply").length]).toEqual([null, 0]);
  await key({ key: "Escape" });
  expect(transport.named("stopReply")).toHaveLength(1);
});

function never(): never {
  throw new Error("there are eleven");
}

test("Ctrl with B hides the sidebar and shows it again, and this browser remembers it; the focus is never lost", async () => {
  const { key, page: screenOf } = await page();
  document.querySelector<HTMLElement>("#sidebar .conversation-link")?.focus();
  await key({ key: "b", ctrlKey: true });
  expect(isSidebarShown()).toBe(false);
  expect(screenOf.keyValue.get("instep.settings")).toContain('"isSidebarHidden":true');
  const show = screen.getByRole("button", { name: "Show conversations" });
  expect(document.activeElement).toBe(show);
  fireEvent.click(show);
  await key({});
  expect([isSidebarShown(), document.activeElement?.getAttribute("aria-label")]).toEqual([true, "Hide sidebar"]);
  await key({ key: "b", metaKey: true });
  await key({ key: "/" }, document.body);
  expect([isSidebarShown(), document.activeElement]).toEqual([true, screen.getByRole("searchbox")]);
});

test("Ctrl with B leaves the focus in the message box of whoever writes", async () => {
  const { key } = await page();
  box().focus();
  for (const isShown of [false, true]) {
    await key({ key: "b", ctrlKey: true });
    expect([isSidebarShown(), document.activeElement]).toEqual([isShown, box()]);
  }
});

test("Ctrl with B opens and closes the drawer on a narrow screen", async () => {
  const { key } = await page({ isNarrow: true });
  const isOpen = () => document.querySelector(".sidebar.open") !== null;
  await key({ key: "b", ctrlKey: true });
  expect([isOpen(), isSidebarShown()]).toEqual([true, true]);
  await key({ key: "b", ctrlKey: true });
  expect([isOpen(), isSidebarShown()]).toEqual([false, true]);
});

test("another language is found by its own name, spoken on the whole page and kept; one that can't be loaded is said not to be", async () => {
  const { key, type, settle, page: environment } = await page();
  const choose = async (query: string) => {
    await key({ key: "k", ctrlKey: true });
    await type(query);
    await key({ key: "Enter" });
    await settle();
  };
  const load = vi.spyOn(LANGUAGES.de, "load").mockRejectedValueOnce(new TypeError("No network"));
  await choose("deutsch");
  expect(screen.getByText(/The language could not be loaded/)).toBeTruthy();
  await choose("deutsch");
  expect([document.documentElement.lang, storedSettings(environment.keyValue).language]).toEqual(["de", "de"]);
  expect(screen.getByRole("textbox", { name: "Nachricht" })).toBeTruthy();
  await choose("sprache: english");
  expect([document.documentElement.lang, storedSettings(environment.keyValue).language]).toEqual(["en", "en"]);
  load.mockRestore();
});
