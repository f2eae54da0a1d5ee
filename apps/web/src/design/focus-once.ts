/** The focus for what has just come: what had it has gone, or a key that is held down would press what can't be undone. */

/** A ref that focuses an element when it comes. */
export function focusOnce(element: HTMLElement | null): void {
  element?.focus();
}
