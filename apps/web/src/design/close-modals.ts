/** What lies over the page goes where somebody is led to another place of it: nothing of that would be seen. */

/** A dialog in which something stands that is not saved: it stays until a deed in it closes it. */
export const WRITTEN = "dialog[data-written]";

/** Closes each modal, the topmost first, as Escape does; a written one stays, where it is not the former conversation's. */
export function closeModals(): void {
  const modals = document.querySelectorAll("dialog[open]:not([data-written])");
  for (const modal of [...modals].toReversed()) modal.dispatchEvent(new Event("cancel", { cancelable: true }));
}
