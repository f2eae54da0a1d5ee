/** Which key presses are the page's: letters by what stands on the key or, where that is no Latin letter, by where the key is. */
import { expect, test } from "vitest";
import { keyCaps, KEYS } from "./keys.ts";
import { shortcutOf } from "./use-shortcuts.ts";

interface Held {
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly shiftKey?: boolean;
  readonly altKey?: boolean;
  readonly isAltGr?: boolean;
}

function press(key: string, code: string, { isAltGr = false, ...held }: Held = {}) {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  const getModifierState = (name: string) => name === "AltGraph" && isAltGr;
  return { key, code, ...none, ...held, getModifierState };
}

test.each([
  ["onPalette", { key: "k", ctrlKey: true }],
  ["onPalette", { key: "K", metaKey: true }],
  ["onNewChat", { key: "O", ctrlKey: true, shiftKey: true }],
  ["onSidebar", { key: "b", ctrlKey: true }],
  ["onNextUnread", { key: "ArrowDown", altKey: true, shiftKey: true }],
  ["onPreviousUnread", { key: "ArrowUp", altKey: true, shiftKey: true }],
  ["onEscape", { key: "Escape" }],
  ["onKeys", { key: "?", shiftKey: true }],
  ["onSearch", { key: "/" }],
] as const)("a key press asks for %s: %j", (action, press) => {
  expect(shortcutOf({ ...NO_KEYS, ...press }, false)).toBe(action);
  const isSign = press.key === "?" || press.key === "/";
  expect(shortcutOf({ ...NO_KEYS, ...press }, true)).toBe(isSign ? null : action);
});

test.each([
  { key: "k" },
  { key: "k", ctrlKey: true, shiftKey: true },
  { key: "k", ctrlKey: true, altKey: true },
  { key: "o", ctrlKey: true },
  { key: "b", ctrlKey: true, shiftKey: true },
  { key: "ArrowDown", altKey: true },
  { key: "ArrowDown", shiftKey: true },
  { key: "ArrowDown", altKey: true, shiftKey: true, ctrlKey: true },
  { key: "?", ctrlKey: true },
  { key: "/", altKey: true },
  { key: "a" },
])("any other key press is the browser's, or typing: %j", (press) => {
  expect(shortcutOf({ ...NO_KEYS, ...press }, false)).toBeNull();
});

const NO_KEYS = {
  key: "",
  code: "",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  getModifierState: () => false,
};

test.each([
  ["Russian", ["л", "KeyK"], "onPalette"],
  ["Russian, with Caps Lock", ["Л", "KeyK"], "onPalette"],
  ["Greek", ["κ", "KeyK"], "onPalette"],
  ["Arabic, whose key B has two letters", ["لا", "KeyB"], "onSidebar"],
  ["Thai, whose key B has a mark", ["ิ", "KeyB"], "onSidebar"],
  ["Dvorak: K is where V is", ["k", "KeyV"], "onPalette"],
  ["Dvorak: T is where K is", ["t", "KeyK"], null],
  ["Turkish F: Ç is where B is", ["ç", "KeyB"], null],
  ["a key without a code", ["k", ""], "onPalette"],
  ["a sign is where K is", [".", "KeyK"], null],
  ["an accent that waits for its letter", ["Dead", "KeyB"], null],
] as const)("a letter with Ctrl or Cmd is the page's under every layout: %s", (_name, [key, code], expected) => {
  for (const isInText of [true, false]) {
    expect(shortcutOf(press(key, code, { ctrlKey: true }), isInText)).toBe(expected);
    expect(shortcutOf(press(key, code, { metaKey: true }), isInText, true)).toBe(expected);
  }
});

test("so it is with Shift: a new chat in Hebrew", () => {
  expect(shortcutOf(press("ם", "KeyO", { ctrlKey: true, shiftKey: true }), true)).toBe("onNewChat");
});

test("in a text field on a Mac, Ctrl with a letter is the field's own: there the page has the Cmd key alone", () => {
  for (const key of ["k", "л"]) {
    expect(shortcutOf(press(key, "KeyK", { ctrlKey: true }), true, true)).toBeNull();
    expect(shortcutOf(press(key, "KeyK", { metaKey: true }), true, true)).toBe("onPalette");
    expect(shortcutOf(press(key, "KeyK", { ctrlKey: true }), false, true)).toBe("onPalette");
    expect(shortcutOf(press(key, "KeyK", { ctrlKey: true }), true, false)).toBe("onPalette");
  }
});

test("what is typed by AltGr is no shortcut, however a system tells of that key", () => {
  const ways = [
    { isAltGr: true },
    { ctrlKey: true, altKey: true },
    { ctrlKey: true, isAltGr: true },
    { ctrlKey: true, altKey: true, isAltGr: true },
  ];
  const keys = [press("k", "KeyK"), press("ł", "KeyK"), press("л", "KeyK"), press("?", "Minus"), press("/", "KeyQ")];
  for (const held of ways) {
    for (const { key, code } of keys) {
      expect(shortcutOf(press(key, code, held), false)).toBeNull();
      expect(shortcutOf(press(key, code, held), true)).toBeNull();
    }
  }
});

test("Alt and Shift with an arrow are the page's also where Alt is told of as AltGr, as on a Mac", () => {
  expect(shortcutOf(press("ArrowDown", "ArrowDown", { altKey: true, shiftKey: true, isAltGr: true }), true, true)).toBe(
    "onNextUnread",
  );
});

/** The key press that a shortcut is written for. */
function pressOf(keys: string) {
  const names = keys.split(" ");
  const name = names.at(-1) ?? "";
  const key = { "↓": "ArrowDown", "↑": "ArrowUp", Esc: "Escape" }[name] ?? name;
  const code = /^[A-Z]$/.test(name) ? `Key${name}` : "";
  const [ctrlKey, shiftKey, altKey] = ["Mod", "Shift", "Alt"].map((held) => names.includes(held));
  return press(key, code, { ctrlKey: ctrlKey === true, shiftKey: shiftKey === true, altKey: altKey === true });
}

test.each([
  ["palette", "onPalette"],
  ["search", "onSearch"],
  ["keys", "onKeys"],
  ["newChat", "onNewChat"],
  ["sidebar", "onSidebar"],
  ["nextUnread", "onNextUnread"],
  ["previousUnread", "onPreviousUnread"],
  ["stop", "onEscape"],
] as const)("the key that is written for it does it: %s", (name, action) => {
  expect(shortcutOf(pressOf(KEYS[name]), false)).toBe(action);
});

test.each([
  [false, ["Ctrl", "Shift", "O"], ["Alt", "Shift", "↓"]],
  [true, ["⌘", "⇧", "O"], ["⌥", "⇧", "↓"]],
])("keys are written as they stand on the keyboard (a Mac's: %s)", (isMac, newChat, nextUnread) => {
  expect([keyCaps(KEYS.newChat, isMac), keyCaps(KEYS.nextUnread, isMac)]).toEqual([newChat, nextUnread]);
});
