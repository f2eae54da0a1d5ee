/** The keys as they are written; `Mod` is Ctrl, or Cmd on a Mac. */

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
  return keys.split(" ").map((key) => (isMac ? (MAC_KEYS[key] ?? key) : key === "Mod" ? "Ctrl" : key));
}

const MAC_KEYS: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };
