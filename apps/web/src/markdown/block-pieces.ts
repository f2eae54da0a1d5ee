/** Long lists and quotes in pieces, of which only those in view are laid out; a block that can't be cut and is too big is none. */
import type { BlockNode } from "./block-tree.ts";

const PIECE_SIZE = 100;
/** Paragraphs, items and cells that a piece may have: a table of hundreds of rows would take the page too long to show. */
const MAX_WEIGHT = 3000;

/** The nodes of one top-level block, cut where they are long; null where one is too big, and `isAsked` doesn't want it even so. */
export function piecesOfBlock(nodes: readonly BlockNode[], isAsked: boolean): readonly BlockNode[] | null {
  const pieces = nodes.flatMap(cut);
  return isAsked || pieces.every((piece) => weightOf(piece) <= MAX_WEIGHT) ? pieces : null;
}

function cut(node: BlockNode): readonly BlockNode[] {
  if (node.kind === "list") {
    const start = node.start;
    return chunks(node.items).map((items, index) => ({
      ...node,
      items,
      start: start === null ? null : start + index * PIECE_SIZE,
    }));
  }
  return node.kind === "quote" ? chunks(node.children).map((children) => ({ ...node, children })) : [node];
}

function chunks<T>(all: readonly T[]): readonly (readonly T[])[] {
  if (all.length <= PIECE_SIZE) return [all];
  const count = Math.ceil(all.length / PIECE_SIZE);
  return Array.from({ length: count }, (_, index) => all.slice(index * PIECE_SIZE, (index + 1) * PIECE_SIZE));
}

function weightOf(node: BlockNode): number {
  if (node.kind === "quote" || node.kind === "details") return 1 + sum(node.children.map(weightOf));
  if (node.kind === "list") return sum(node.items.map(({ children }) => 1 + sum(children.map(weightOf))));
  return node.kind === "table" ? node.head.length * (node.rows.length + 1) : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
