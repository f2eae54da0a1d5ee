/** The page's keys; `palette/keys-dialog.tsx` tells of them. */
import { isComposing } from "./composer/enter-key.ts";
import { useEffect, useRef } from "preact/hooks";

export interface Shortcuts {
  readonly onPalette: () => void;
  readonly onSearch: () => void;
  readonly onKeys: () => void;
  readonly onNewChat: () => void;
  readonly onSidebar: () => void;
  readonly onNextUnread: () => void;
  readonly onPreviousUnread: () => void;
  readonly onEscape: () => void;
}

/** Under a dialog, only the palette's key works. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event)) return;
      const action = shortcutOf(event, isTyping(event.target));
      const isCovered = document.querySelector("dialog[open]") !== null;
      if (action === null || (isCovered && action !== "onPalette")) return;
      if (action !== "onEscape") event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener("keydown", handle);
    return () => window.removeEventListener("keydown", handle);
  }, []);
}

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** What a key press asks for; null for nothing of the page's. A sign is no shortcut where one is typing. */
export function shortcutOf(event: KeyPress, isInText: boolean): keyof Shortcuts | null {
  const { key, shiftKey, altKey } = event;
  if (key === "Escape") return "onEscape";
  if (event.ctrlKey || event.metaKey) return altKey ? null : withControl(key.toLowerCase(), shiftKey);
  if (altKey) return shiftKey ? withAltAndShift(key) : null;
  if (isInText) return null;
  if (key === "?") return "onKeys";
  return key === "/" ? "onSearch" : null;
}

function withControl(key: string, isShifted: boolean): keyof Shortcuts | null {
  if (isShifted) return key === "o" ? "onNewChat" : null;
  if (key === "k") return "onPalette";
  return key === "b" ? "onSidebar" : null;
}

function withAltAndShift(key: string): keyof Shortcuts | null {
  if (key === "ArrowDown") return "onNextUnread";
  return key === "ArrowUp" ? "onPreviousUnread" : null;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches("input, textarea, select, [contenteditable]");
}
