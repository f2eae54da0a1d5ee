/** Whether somebody writes: a part that comes late, over a slow line, takes nobody's focus away. */

/** Whether the focus is in a text field, and was not there when the part was asked for. */
export function isWriting(focusedThen: Element | null): boolean {
  const { activeElement } = document;
  return activeElement !== focusedThen && activeElement?.matches("input,textarea") === true;
}
