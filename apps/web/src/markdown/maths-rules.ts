/** Where maths stands in a text: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, before markdown's own marks are read, and no prices. */
import type { MarkdownIt as Grammar, StateInline } from "markdown-it";
import { type BlockLines, blockRule, isOutside, lineOf } from "./block-lines.ts";

/** Longer formulas stay as they were written. */
const MAX_TEX = 4000;
const MAX_LINES = 100;

const CLOSINGS: Readonly<Record<string, string>> = { $$: "$$", "\\(": "\\)", "\\[": "\\]" };

/** Counts what reading a text takes. */
export type CountSteps = (env: Readonly<Record<string, unknown>>, steps: number) => void;

/** Teaches `grammar` the tokens `math` and `math_block`, whose content is TeX and whose markup is what was written; what it looks at is counted. */
export function addMathsRules(grammar: Grammar, count: CountSteps): void {
  grammar.inline.ruler.before("escape", "math", (state, isSilent) => {
    const found = mathsAt(state.src, state.pos, state.posMax);
    if (found === null) return false;
    count(state.env, 1 + (found.end - state.pos) / 64);
    if (!isSilent) pushMaths(state, found);
    state.pos = found.end;
    return true;
  });
  grammar.block.ruler.before(
    "fence",
    "math_block",
    blockRule((lines, isSilent) => {
      const { state } = lines;
      const block = blockAt(lines, () => count(state.env, 1 / 8));
      if (block === null) return false;
      if (!isSilent) pushBlock(lines, block);
      return true;
    }),
    { alt: ["paragraph", "reference", "blockquote", "list"] },
  );
}

interface FoundMaths {
  readonly tex: string;
  /** On a line of its own. */
  readonly isDisplay: boolean;
  /** Where what follows it begins. */
  readonly end: number;
}

/** The formula that begins at `start` and ends before `max`. */
function mathsAt(text: string, start: number, max: number): FoundMaths | null {
  const opening = text.slice(start, start + 2);
  const closing = CLOSINGS[opening];
  if (closing === undefined) return opening.startsWith("$") ? betweenDollars(text, start, max) : null;
  const at = text.slice(start + 2, Math.min(max, start + 2 + MAX_TEX)).indexOf(closing);
  if (at === -1) return null;
  const tex = text.slice(start + 2, start + 2 + at);
  if (tex.trim() === "" || tex.includes("`")) return null;
  return { tex, isDisplay: opening !== "\\(", end: start + 4 + at };
}

const WORD_BEFORE = /[\p{L}\p{N}$\\]$/u;
const WORD_AFTER = /^[\p{L}\p{N}$]/u;
/** "20 and he paid 30": an amount, and then words. */
const AMOUNT = /^\d[\d.,]*\p{L}?\s+\p{L}{2,}/u;

/** Single dollars are as often money: they hug their formula, on one line, and no word touches them outside. */
function betweenDollars(text: string, start: number, max: number): FoundMaths | null {
  if (WORD_BEFORE.test(text.slice(Math.max(0, start - 2), start))) return null;
  let end = start + 1;
  for (const limit = Math.min(max, start + 1 + MAX_TEX); end < limit && text[end] !== "$"; end++) {
    if (text[end] === "\n" || text[end] === "`") return null;
    if (text[end] === "\\") end++;
  }
  const tex = text.slice(start + 1, end);
  const isHugged = tex !== "" && tex.trim() === tex;
  if (end >= max || text[end] !== "$" || !isHugged || AMOUNT.test(tex)) return null;
  return WORD_AFTER.test(text.slice(end + 1, end + 3)) ? null : { tex, isDisplay: false, end: end + 1 };
}

function pushMaths(state: StateInline, { tex, isDisplay, end }: FoundMaths): void {
  const token = state.push("math", "", 0);
  token.content = tex;
  token.markup = state.src.slice(state.pos, end);
  token.info = isDisplay ? "display" : "";
}

interface MathsBlock {
  readonly endLine: number;
  /** Null where it is still open at the end of the text: it may close yet, and is read as nothing else meanwhile. */
  readonly tex: string | null;
}

/** What begins with `$$` or `\[` on a line and ends with its closing on one, with no empty line between. */
function blockAt({ state, startLine, endLine }: BlockLines, count: () => void): MathsBlock | null {
  const [opening, first] = splitAt(lineOf(state, startLine), 2);
  const closing = opening === "\\(" ? undefined : CLOSINGS[opening];
  if (closing === undefined) return null;
  const tex: string[] = [];
  for (let line = startLine; line < Math.min(endLine, startLine + MAX_LINES); line++) {
    count();
    const isFirst = line === startLine;
    if (!isFirst && (state.isEmpty(line) || isOutside(state, line))) return null;
    const text = isFirst ? first : lineOf(state, line);
    const at = text.indexOf(closing);
    tex.push(at === -1 ? text : text.slice(0, at));
    if (at === -1) continue;
    const [, after = null] = /^([.,;:]?)\s*$/.exec(text.slice(at + 2)) ?? [];
    const whole = tex.join("\n");
    return after === null || whole.trim() === "" || whole.length > MAX_TEX
      ? null
      : { endLine: line + 1, tex: whole + after };
  }
  return endLine - startLine < MAX_LINES ? { endLine, tex: null } : null;
}

function pushBlock({ state, startLine }: BlockLines, { endLine, tex }: MathsBlock): void {
  const source = state.getLines(startLine, endLine, state.blkIndent, false);
  const token = state.push(tex === null ? "plain" : "math_block", "", 0);
  token.content = tex ?? source;
  token.markup = source;
  token.map = [startLine, endLine];
  state.line = endLine;
}

function splitAt(text: string, at: number): readonly [string, string] {
  return [text.slice(0, at), text.slice(at)];
}
