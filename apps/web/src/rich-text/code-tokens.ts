/** Coloured code as lengths and kinds: little to send between threads, and nothing in it that could be anything but a colour. */

/** What a piece of code is, and so its class; the first one has none. */
export const TOKEN_KINDS = [
  "plain",
  "comment",
  "keyword",
  "string",
  "number",
  "title",
  "type",
  "name",
  "meta",
  "added",
  "removed",
] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Length, kind, length, kind…: the lengths add up to the code's. */
export type CodeTokens = Uint32Array;

/** A piece of the code, from one character up to another. */
export interface TokenPiece {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** What stands between `start` and `end` of the code, without gaps. */
export function piecesBetween(tokens: CodeTokens, start: number, end: number): readonly TokenPiece[] {
  const pieces: TokenPiece[] = [];
  let at = 0;
  for (let index = 0; index < tokens.length && at < end; index += 2) {
    const from = Math.max(at, start);
    at += tokens[index] ?? 0;
    const to = Math.min(at, end);
    if (to > from) pieces.push({ kind: TOKEN_KINDS[tokens[index + 1] ?? 0] ?? "plain", start: from, end: to });
  }
  return pieces;
}

/** The kind of each scope of the highlighter; of `title.class`, `title_class` or `title` the first that is here. */
const KIND_BY_SCOPE: Readonly<Record<string, TokenKind>> = {
  comment: "comment",
  quote: "comment",
  doctag: "meta",
  meta: "meta",
  "meta keyword": "meta",
  "meta string": "string",
  keyword: "keyword",
  literal: "keyword",
  "selector-tag": "keyword",
  "selector-pseudo": "keyword",
  operator: "plain",
  built_in: "type",
  type: "type",
  "title class_": "type",
  "title function_": "title",
  title: "title",
  section: "title",
  "selector-id": "title",
  "selector-class": "title",
  name: "title",
  tag: "plain",
  string: "string",
  regexp: "string",
  "char escape_": "number",
  symbol: "string",
  bullet: "number",
  code: "string",
  link: "string",
  number: "number",
  attr: "name",
  attribute: "name",
  property: "name",
  variable: "name",
  "variable language_": "name",
  "variable constant_": "number",
  "template-variable": "name",
  "template-tag": "keyword",
  params: "plain",
  subst: "plain",
  addition: "added",
  deletion: "removed",
};

const MARKUP = /<span class="([^"]*)">|<\/span>|&(?:amp|lt|gt|quot|#x27);|[^<&]+/g;

/** The tokens of the highlighter's own markup; null where they would not be the `length` characters of the code. */
export function tokensOfMarkup(markup: string, length: number): CodeTokens | null {
  const tokens: number[] = [];
  const kinds: TokenKind[] = ["plain"];
  let total = 0;
  for (const match of markup.matchAll(MARKUP)) {
    const [piece, scope] = match;
    if (scope !== undefined) kinds.push(kindOf(scope, kinds.at(-1) ?? "plain"));
    else if (piece === "</span>") kinds.pop();
    else {
      const size = piece.startsWith("&") ? 1 : piece.length;
      add(tokens, size, TOKEN_KINDS.indexOf(kinds.at(-1) ?? "plain"));
      total += size;
    }
  }
  return total === length ? Uint32Array.from(tokens) : null;
}

function add(tokens: number[], size: number, kind: number): void {
  const last = tokens.length - 2;
  if (last >= 0 && tokens[last + 1] === kind) tokens[last] = (tokens[last] ?? 0) + size;
  else tokens.push(size, kind);
}

/** What has no kind of its own looks like what it stands in; another language inside begins plain. */
function kindOf(classes: string, outer: TokenKind): TokenKind {
  if (classes.startsWith("language-")) return "plain";
  const scope = classes.replace(/^hljs-/, "");
  const [first = ""] = scope.split(" ", 1);
  return KIND_BY_SCOPE[scope] ?? KIND_BY_SCOPE[first] ?? outer;
}
