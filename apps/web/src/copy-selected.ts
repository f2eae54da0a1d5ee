/** The way to copy that is left over plain HTTP, where pages have no clipboard. */

/** Copies it by selecting it, and returns whether that worked. Behind a modal dialog nothing can be selected. */
export function copySelected(text: string): boolean {
  const { activeElement, body } = document;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.style.position = "fixed";
  ([...document.querySelectorAll("dialog[open]")].at(-1) ?? body).append(field);
  field.focus({ preventScroll: true });
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
  }
}
