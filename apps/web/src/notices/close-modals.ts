/** What lies over the page goes where somebody is led to a conversation by what is outside of the page: he would see nothing of it. */

/** Closes each modal, the topmost first, as Escape does; one in which something stands that is not saved stays, where it is not the former conversation's. */
export function closeModals(): void {
  const modals = document.querySelectorAll("dialog[open]:not([data-written])");
  for (const modal of [...modals].toReversed()) modal.dispatchEvent(new Event("cancel", { cancelable: true }));
}
