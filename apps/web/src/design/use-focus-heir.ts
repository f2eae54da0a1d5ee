/** The focus of an element that goes is left to another one: whoever works by keyboard never starts again at the top of the page. */
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** Focuses what `heir` names where the element, or something in it, has the focus when the component goes. */
export function useFocusHeir(element: RefObject<HTMLElement | null>, heir: () => HTMLElement | null | undefined): void {
  useLayoutEffect(
    () => () => {
      if (element.current?.contains(document.activeElement)) heir()?.focus({ preventScroll: true });
    },
    [],
  );
}
