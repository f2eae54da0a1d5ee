/** Keeps the rows of a held list where they are on the screen: what comes above them pushes the list up, not them down. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ListSection } from "./list-sections.ts";
import { rowSelector } from "./row-selector.ts";

interface Anchor {
  readonly id: string;
  readonly top: number;
}

/** Once the list is held no more, it stands where it stood. */
export function useStillRows(
  element: RefObject<HTMLElement | null>,
  sections: readonly ListSection[],
  isHeld: boolean,
): void {
  const shown = useRef(sections);
  const pushed = useRef(0);
  const list = element.current;
  // Read while the page still shows the rows as they were.
  const anchor = list && isHeld && shown.current !== sections ? anchorIn(list) : null;
  useLayoutEffect(() => {
    shown.current = sections;
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
  }, [sections]);
  useLayoutEffect(() => {
    if (isHeld || !list) return;
    list.style.paddingBottom = "";
    if (pushed.current !== 0 && list.scrollTop <= pushed.current) list.scrollTop = 0;
    pushed.current = 0;
  }, [isHeld]);
}

/** The row that a person is about to press, else the topmost one in view. */
function anchorIn(list: HTMLElement): Anchor | null {
  const rows = [...list.querySelectorAll<HTMLElement>("[data-conversation-id]")];
  const row =
    rows.find((each) => each.matches(":hover")) ??
    rows.find((each) => each.contains(document.activeElement)) ??
    rows.find((each) => topIn(list, each) >= 0);
  const id = row?.dataset["conversationId"];
  return row && id !== undefined ? { id, top: topIn(list, row) } : null;
}

function rowOf(list: HTMLElement, id: string): HTMLElement | null {
  return list.querySelector(rowSelector(id));
}

function topIn(list: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - list.getBoundingClientRect().top;
}
