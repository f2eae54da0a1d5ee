/** Inline markdown as a tree: emphasis, code, links. Null where reading it would take too much work. */
import type { Token } from "markdown-it";
import { linkBareAddresses } from "./bare-links.ts";
import { type Definitions, tokenizeInline, TooMuchWork, Work } from "./grammar.ts";
import { t } from "../words/words.ts";

export type InlineNode =
  | string
  | { readonly kind: PlainKind; readonly children: readonly InlineNode[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly InlineNode[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "maths"; readonly tex: string; readonly source: string; readonly isDisplay: boolean }
  | { readonly kind: "footnote"; readonly label: string }
  | { readonly kind: "break" };

type PlainKind = "strong" | "em" | "del" | "sub" | "sup" | "kbd";

/** What is done unasked for one paragraph or cell: some 10 ms of the worst text, and a hundred times that of an ordinary one. */
const INLINE_STEPS = 6000;
const INLINE_STEPS_WHEN_ASKED = 60_000;

/** Emphasis inside one another; deeper marks are shown as they were written. */
const MAX_DEPTH = 24;

const KINDS: Readonly<Record<string, PlainKind | "link">> = {
  strong: "strong",
  em: "em",
  s: "del",
  sub: "sub",
  sup: "sup",
  kbd: "kbd",
  link: "link",
};

/** The tree of `source`, or null; `isAsked` where a person wants it whatever it takes. */
export function inlineTree(source: string, definitions: Definitions, isAsked = false): readonly InlineNode[] | null {
  try {
    const work = new Work(isAsked ? INLINE_STEPS_WHEN_ASKED : INLINE_STEPS);
    return treeOf(tokenizeInline(source, definitions, work));
  } catch (error) {
    // A stack that is too small for a text is one more way of being too much.
    if (error instanceof TooMuchWork || error instanceof RangeError) return null;
    throw error;
  }
}

interface Level {
  readonly kind: PlainKind | "link" | null;
  readonly href: string;
  readonly children: InlineNode[];
}

function treeOf(tokens: readonly Token[]): readonly InlineNode[] {
  const root: Level = { kind: null, href: "", children: [] };
  const levels: Level[] = [root];
  let depthOver = 0;
  for (const token of tokens) {
    const into = (levels.at(-1) ?? root).children;
    if (token.nesting === 0) {
      const isInLink = levels.some(({ kind }) => kind === "link");
      add(into, leaf(token, isInLink));
    } else if (token.nesting === 1 && levels.length <= MAX_DEPTH) levels.push(levelOf(token));
    else if (token.nesting === -1 && depthOver === 0) close(levels);
    else {
      depthOver += token.nesting;
      add(into, [token.markup]);
    }
  }
  while (levels.length > 1) close(levels);
  return root.children;
}

function levelOf(token: Token): Level {
  const kind = KINDS[token.type.replace(/_open$/, "")] ?? "em";
  return { kind, href: String(token.attrGet("href") ?? ""), children: [] };
}

function close(levels: Level[]): void {
  const level = levels.length > 1 ? levels.pop() : undefined;
  const parent = levels.at(-1);
  if (!level || !parent || level.kind === null) return;
  const { kind, href, children } = level;
  parent.children.push(kind === "link" ? { kind, href, children } : { kind, children });
}

function leaf(token: Token, isInLink: boolean): readonly InlineNode[] {
  switch (token.type) {
    case "text":
    case "text_special":
      return isInLink || token.type === "text_special" ? [token.content] : linkBareAddresses(token.content);
    case "softbreak":
      return ["\n"];
    case "hardbreak":
      return [{ kind: "break" }];
    case "code_inline":
      return [{ kind: "code", text: token.content }];
    case "math":
      return [{ kind: "maths", tex: token.content, source: token.markup, isDisplay: token.info === "display" }];
    case "footnote":
      return [{ kind: "footnote", label: token.content }];
    case "image":
      return image(token, isInLink);
    default:
      return [token.content];
  }
}

/** An image is offered as a link: loading it unasked would tell a stranger's server who reads. */
function image(token: Token, isInLink: boolean): readonly InlineNode[] {
  const label = token.content.trim() || t("Image");
  return isInLink ? [label] : [{ kind: "link", href: String(token.attrGet("src") ?? ""), children: [label] }];
}

/** Neighbouring pieces of text become one. */
function add(into: InlineNode[], nodes: readonly InlineNode[]): void {
  for (const node of nodes) {
    const last = into.at(-1);
    if (typeof node === "string" && typeof last === "string") into[into.length - 1] = last + node;
    else if (node !== "") into.push(node);
  }
}
