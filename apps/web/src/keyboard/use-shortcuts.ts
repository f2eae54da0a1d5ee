/** The keys that work everywhere on the page; `palette/keys-dialog.tsx` lists them for a person. */
import { isComposing } from "./is-composing.ts";
import { useEffect, useRef } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { isByAltGr, type LetterPress, letterOf } from "./letter-key.ts";

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
  const { isMac } = useEnvironment();
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event)) return;
      const action = shortcutOf(event, isTyping(event.target), isMac());
      const isCovered = document.querySelector("dialog[open]") !== null;
      if (action === null || (isCovered && action !== "onPalette")) return;
      if (action !== "onEscape") event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener("keydown", handle);
    return () => window.removeEventListener("keydown", handle);
  }, [isMac]);
}

interface KeyPress extends LetterPress {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** What a key press asks for; null for nothing of the page's. Where one is typing, a sign is none, nor on a Mac what the field does with Ctrl. */
export function shortcutOf(event: KeyPress, isInText: boolean, isMac = false): keyof Shortcuts | null {
  const { key, shiftKey } = event;
  if (key === "Escape") return "onEscape";
  if (event.metaKey || (event.ctrlKey && !(isMac && isInText))) return withControl(letterOf(event), shiftKey);
  if (event.altKey) return shiftKey && !event.ctrlKey ? withAltAndShift(key) : null;
  if (isInText || event.ctrlKey || isByAltGr(event)) return null;
  if (key === "?") return "onKeys";
  return key === "/" ? "onSearch" : null;
}

function withControl(key: string | null, isShifted: boolean): keyof Shortcuts | null {
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
