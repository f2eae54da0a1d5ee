/** Makes a text field as tall as its text; its CSS says where that ends. */
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Grows a field with its text, and with the page's width. A browser that sizes fields by their content does it in its CSS, without a
 * layout in every key press; for the others the height is measured.
 */
export function useGrowingField(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (field.current && !isSizedByContent()) growToContent(field.current);
  }, [field, text]);
  useLayoutEffect(() => {
    if (isSizedByContent()) return undefined;
    const regrow = () => {
      if (field.current) growToContent(field.current);
    };
    window.addEventListener("resize", regrow);
    return () => window.removeEventListener("resize", regrow);
  }, [field]);
}

function growToContent(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

function isSizedByContent(): boolean {
  return CSS.supports("field-sizing", "content");
}
