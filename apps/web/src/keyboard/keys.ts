/** The keys as they are written; `Mod` is Ctrl, or Cmd on a Mac. */
import { type English, t } from "../words/words.ts";

export const KEYS = {
  palette: "Mod K",
  search: "/",
  keys: "?",
  newChat: "Mod Shift O",
  sidebar: "Mod B",
  nextUnread: "Alt Shift ↓",
  previousUnread: "Alt Shift ↑",
  stop: "Esc",
  undo: "Mod Z",
  toasts: "F6",
} as const;

/** The single keys of a shortcut, as they are on this keyboard. */
export function keyCaps(keys: string, isMac: boolean): readonly string[] {
  return keys.split(" ").map((key) => {
    const cap = CAPS.get(key);
    return (isMac && MAC_KEYS[key]) || (cap ? t(cap) : key);
  });
}

/** What keyboards of other languages have other words for. */
const CAPS: ReadonlyMap<string, English> = new Map<string, English>([
  ["Mod", "Ctrl"],
  ["Shift", "Shift ¦ key"],
  ["Home", "Home ¦ key"],
  ["End", "End ¦ key"],
  ["Del", "Del"],
  ["Space", "Space ¦ key"],
  ["Click", "Click"],
]);
const MAC_KEYS: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };
