/** Flat block tokens as a tree, in words of our own. */
import type { Token } from "markdown-it";

export interface TableCell {
  readonly text: string;
  readonly align: "left" | "center" | "right" | null;
}

export interface ListItem {
  /** Null where it is no task. */
  readonly isDone: boolean | null;
  readonly children: readonly BlockNode[];
}

/** A block of a message. Text of the kinds `paragraph`, `heading`, `footnote`, of summaries and of cells is inline markdown. */
export type BlockNode =
  | { readonly kind: "paragraph"; readonly text: string; readonly isTight: boolean }
  | { readonly kind: "heading"; readonly depth: number; readonly text: string }
  /** `isClosed` where nothing can be added to it any more, were the text to go on. */
  | { readonly kind: "code"; readonly code: string; readonly language: string; readonly isClosed: boolean }
  | { readonly kind: "quote"; readonly children: readonly BlockNode[] }
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly ListItem[] }
  | { readonly kind: "table"; readonly head: readonly TableCell[]; readonly rows: readonly (readonly TableCell[])[] }
  | { readonly kind: "details"; readonly summary: string; readonly children: readonly BlockNode[] }
  | { readonly kind: "maths"; readonly tex: string; readonly source: string }
  | { readonly kind: "footnote"; readonly label: string; readonly text: string }
  | { readonly kind: "rule" }
  /** Shown as it was written; `isCostly` where it could be formatted with more work than is done unasked. */
  | { readonly kind: "plain"; readonly text: string; readonly isCostly: boolean };

/** The tree of `tokens`; its depth is that of the grammar, so that walking it needs no guard. */
export function blockTree(tokens: readonly Token[]): readonly BlockNode[] {
  return new TreeReader(tokens).children(null);
}

class TreeReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The nodes up to the token that closes their parent, which is passed over. */
  children(closing: string | null): readonly BlockNode[] {
    const nodes: BlockNode[] = [];
    for (let token = this.#next(); token && token.type !== closing; token = this.#next()) {
      const node = this.#node(token);
      if (node) nodes.push(node);
    }
    return nodes;
  }

  #node(token: Token): BlockNode | null {
    switch (token.type) {
      case "paragraph_open":
        return { kind: "paragraph", text: this.#text("paragraph_close"), isTight: token.hidden };
      case "heading_open":
        return { kind: "heading", depth: Number(token.tag.slice(1)), text: this.#text("heading_close") };
      case "fence":
      case "code_block":
        return codeNode(token);
      case "blockquote_open":
        return { kind: "quote", children: this.children("blockquote_close") };
      case "bullet_list_open":
        return { kind: "list", start: null, items: this.#items("bullet_list_close") };
      case "ordered_list_open":
        return { kind: "list", start: Number(token.attrGet("start") ?? 1), items: this.#items("ordered_list_close") };
      case "table_open":
        return this.#table();
      case "details_open":
        return { kind: "details", summary: token.content, children: this.children("details_close") };
      case "math_block":
        return { kind: "maths", tex: token.content, source: token.markup };
      case "footnote_block":
        return { kind: "footnote", label: token.info, text: token.content };
      case "hr":
        return { kind: "rule" };
      case "plain":
        return { kind: "plain", text: token.content, isCostly: false };
      default:
        return token.content === "" ? null : { kind: "plain", text: token.content, isCostly: false };
    }
  }

  #items(closing: string): readonly ListItem[] {
    const items: ListItem[] = [];
    for (let token = this.#next(); token && token.type !== closing; token = this.#next()) {
      if (token.type === "list_item_open") items.push(listItem(this.children("list_item_close")));
    }
    return items;
  }

  #table(): BlockNode {
    const lines: (readonly TableCell[])[] = [];
    for (let token = this.#next(); token && token.type !== "table_close"; token = this.#next()) {
      if (token.type === "tr_open") lines.push(this.#cells());
    }
    const [head = [], ...rows] = lines;
    return { kind: "table", head, rows };
  }

  #cells(): readonly TableCell[] {
    const cells: TableCell[] = [];
    for (let token = this.#next(); token && token.type !== "tr_close"; token = this.#next()) {
      if (token.type === "th_open") cells.push({ align: alignment(token), text: this.#text("th_close") });
      if (token.type === "td_open") cells.push({ align: alignment(token), text: this.#text("td_close") });
    }
    return cells;
  }

  #text(closing: string): string {
    let text = "";
    for (let token = this.#next(); token && token.type !== closing; token = this.#next()) text += token.content;
    return text;
  }

  #next(): Token | undefined {
    return this.#tokens[this.#position++];
  }
}

const TASK = /^\[([ xX])\][ \t]+(?=\S)/;

function listItem(children: readonly BlockNode[]): ListItem {
  const [first, ...rest] = children;
  if (first?.kind !== "paragraph") return { isDone: null, children };
  const [mark, state] = TASK.exec(first.text) ?? [];
  if (mark === undefined) return { isDone: null, children };
  return { isDone: state !== " ", children: [{ ...first, text: first.text.slice(mark.length) }, ...rest] };
}

/** A closed fence takes two lines more than its code, one that is still open takes one. */
function codeNode({ type, content, info, map }: Token): BlockNode {
  const lineCount = map === null ? 0 : map[1] - map[0];
  const codeLines = content === "" ? 0 : content.replace(/\n$/, "").split("\n").length;
  const isClosed = type === "code_block" || lineCount === codeLines + 2;
  return { kind: "code", code: content.replace(/\n$/, ""), language: info.trim(), isClosed };
}

function alignment(token: Token): TableCell["align"] {
  const [, align] = /^text-align:(left|center|right)$/.exec(String(token.attrGet("style") ?? "")) ?? [];
  return align === "left" || align === "center" || align === "right" ? align : null;
}
