/** What every modal does: it opens over the page, and gives the focus back to where it was opened from. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useBackCloses } from "../routing/use-back-closes.ts";
import "./modal.css";

/**
 * The ref of a `<dialog class="modal">` that is modal for as long as it is rendered. `onBack` is what the browser's Back does there;
 * `firstFocus` selects what has the focus at first, else the browser chooses.
 */
export function useModal(onBack: () => void, firstFocus?: string): RefObject<HTMLDialogElement | null> {
  const element = useRef<HTMLDialogElement>(null);
  useBackCloses(true, onBack);
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
