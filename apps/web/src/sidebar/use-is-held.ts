/** Whether the pointer or the focus is in an element, or in a menu that was opened from there. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { listenTo } from "../listen-to.ts";

/** `content` is what the element shows: with a row that goes, the focus goes too, and no event tells of it. */
export function useIsHeld(element: RefObject<HTMLElement | null>, content: unknown): boolean {
  const environment = useEnvironment();
  const [isOver, setIsOver] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  useEffect(() => {
    const list = element.current;
    if (!list) return undefined;
    // The pointer leaves a window without a word where the window is covered, and comes back into another place.
    const updateFocus = () => environment.onNextFrame(() => setHasFocus(isFocusIn(list)));
    const enter = () => setIsOver(true);
    const leave = () => setIsOver(false);
    const ends = [
      listenTo(list, { pointerenter: enter, pointermove: enter, pointerleave: leave }),
      listenTo(window, { focusin: updateFocus, focusout: updateFocus, focus: updateFocus, blur: updateFocus }),
    ];
    return () => ends.forEach((end) => end());
  }, [element, environment]);
  useEffect(() => {
    if (element.current) setHasFocus(isFocusIn(element.current));
  }, [element, content]);
  return isOver || hasFocus;
}

function isFocusIn(list: HTMLElement): boolean {
  const focused = document.activeElement;
  if (!focused || !document.hasFocus()) return false;
  const isInMenu = focused.closest('[role="menu"]') !== null;
  return list.contains(focused) || (isInMenu && list.querySelector('[aria-expanded="true"]') !== null);
}
