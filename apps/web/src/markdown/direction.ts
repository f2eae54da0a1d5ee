/** Which way a list, a quote or a table runs: as its first words do. The browser's own `auto` looks past what has a direction itself. */
import type { BlockNode } from "./block-tree.ts";

const FIRST_LETTER = /\p{L}/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;

/** The direction of the first letter in it; left to right where there is none. */
export function directionOf(node: BlockNode): "rtl" | "ltr" {
  const letter = firstLetter(node);
  return letter !== null && RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}

function firstLetter(node: BlockNode): string | null {
  switch (node.kind) {
    case "paragraph":
    case "heading":
    case "footnote":
    case "plain":
      return FIRST_LETTER.exec(node.text)?.[0] ?? null;
    case "quote":
      return firstOf(node.children);
    case "list":
      return firstOf(node.items.flatMap(({ children }) => children));
    case "table":
      return FIRST_LETTER.exec(node.head.map(({ text }) => text).join(" "))?.[0] ?? null;
    case "details":
      return FIRST_LETTER.exec(node.summary)?.[0] ?? firstOf(node.children);
    case "code":
    case "maths":
    case "rule":
    default:
      return null;
  }
}

function firstOf(nodes: readonly BlockNode[]): string | null {
  for (const node of nodes) {
    const letter = firstLetter(node);
    if (letter !== null) return letter;
  }
  return null;
}
