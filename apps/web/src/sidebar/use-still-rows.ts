/** Keeps the rows of a held list where they are on the screen: what comes above them pushes the list up, not them down. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { rowSelector } from "./row-selector.ts";

interface Anchor {
  readonly id: string;
  readonly top: number;
}

/** `order`: the rows' ids. Once the list is held no more, it stands where it stood. */
export function useStillRows(element: RefObject<HTMLElement | null>, order: readonly string[], isHeld: boolean): void {
  const shown = useRef(order);
  const pushed = useRef(0);
  const list = element.current;
  // Read while the page still shows the rows as they were.
  const anchor = list && isHeld && shown.current !== order ? anchorIn(list, order) : null;
  useLayoutEffect(() => {
    shown.current = order;
    const after = anchor && list && rowOf(list, anchor.id);
    if (!after) return;
    const by = topIn(list, after) - anchor.top;
    if (by === 0) return;
    pushed.current += by;
    const top = list.scrollTop + by;
    // A list that is too short to be scrolled so far is made longer.
    if (top > list.scrollHeight - list.clientHeight) {
      const rows = list.firstElementChild?.clientHeight ?? 0;
      list.style.paddingBottom = `${top + list.clientHeight - rows}px`;
    }
    list.scrollTop = top;
  }, [order]);
  useLayoutEffect(() => {
    if (isHeld || !list) return;
    list.style.paddingBottom = "";
    if (pushed.current !== 0 && list.scrollTop <= pushed.current) list.scrollTop = 0;
    pushed.current = 0;
  }, [isHeld]);
}

/**
 * The row that a person is about to press, else the topmost one in view, of those that stay: behind a list that was pushed up, browsers
 * go on calling the row hovered that was there before, until the pointer moves.
 */
function anchorIn(list: HTMLElement, kept: readonly string[]): Anchor | null {
  const all = [...list.querySelectorAll<HTMLElement>("[data-conversation-id]")];
  const rows = all.filter((each) => kept.includes(idOf(each)));
  const row =
    rows.find((each) => each.matches(":hover")) ??
    rows.find((each) => each.contains(document.activeElement)) ??
    rows.find((each) => topIn(list, each) >= 0);
  return row ? { id: idOf(row), top: topIn(list, row) } : null;
}

function idOf(row: HTMLElement): string {
  return row.dataset["conversationId"] ?? "";
}

function rowOf(list: HTMLElement, id: string): HTMLElement | null {
  return list.querySelector(rowSelector(id));
}

function topIn(list: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - list.getBoundingClientRect().top;
}
