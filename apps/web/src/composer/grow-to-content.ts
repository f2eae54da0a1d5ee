/** Makes a text field as tall as its text; its CSS says where that ends. */
export function growToContent(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
