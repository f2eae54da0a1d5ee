/** What every modal does: it opens over the page, and gives the focus back to where it was opened from. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import "./modal.css";

/** The ref of a `<dialog class="modal">` that is modal for as long as it is rendered; `firstFocus` selects what has the focus at first, else the browser chooses. */
export function useModal(firstFocus?: string): RefObject<HTMLDialogElement | null> {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    const opener = document.activeElement;
    dialog?.showModal();
    if (firstFocus !== undefined) dialog?.querySelector<HTMLElement>(firstFocus)?.focus();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, [firstFocus]);
  return element;
}
