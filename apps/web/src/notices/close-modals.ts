/** What lies over the page goes where somebody is led to a conversation by what is outside of the page: he would see nothing of it. */

/** Closes each modal, the topmost first, as Escape does. */
export function closeModals(): void {
  const modals = document.querySelectorAll("dialog[open]");
  for (const modal of [...modals].toReversed()) modal.dispatchEvent(new Event("cancel", { cancelable: true }));
}
