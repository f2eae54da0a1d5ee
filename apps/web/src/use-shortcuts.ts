/** The page's keys: Ctrl or Cmd with K searches, with Shift and O starts a chat; Escape closes what is open. */
import { useEffect, useRef } from "preact/hooks";

export interface Shortcuts {
  readonly onSearch: () => void;
  readonly onNewChat: () => void;
  readonly onEscape: () => void;
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = shortcutOf(event);
      if (action === null) return;
      if (action !== "onEscape") event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener("keydown", handle);
    return () => window.removeEventListener("keydown", handle);
  }, []);
}

/** How the search's shortcut is written on this keyboard. */
export function shortcutWords(isMac: boolean): string {
  return isMac ? "⌘K" : "Ctrl K";
}

/** What a key press asks for; null for nothing of the page's. */
export function shortcutOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey">,
): keyof Shortcuts | null {
  if (event.key === "Escape") return "onEscape";
  if (!event.ctrlKey && !event.metaKey) return null;
  const key = event.key.toLowerCase();
  if (key === "k" && !event.shiftKey) return "onSearch";
  return key === "o" && event.shiftKey ? "onNewChat" : null;
}
