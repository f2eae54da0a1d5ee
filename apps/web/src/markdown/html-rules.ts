/** The few tags that models write where markdown has no mark of its own; with attributes, or alone, they stay the text that they are. */
import type { MarkdownIt as Grammar, StateBlock, StateInline } from "markdown-it";
import { type BlockLines, blockRule, isOutside, lineOf } from "./block-lines.ts";
import type { CountSteps } from "./maths-rules.ts";

/** How far the end of a tag is looked for. */
const MAX_INSIDE = 2000;
const INLINE = /<(?:(sub|sup|kbd)>|br ?\/?>)/iy;
const DETAILS = /^<details(?: open)?>\s*(?:<summary>(.*)<\/summary>)?\s*$/i;
const SUMMARY = /^<summary>(.*)<\/summary>\s*$/i;
const FENCE = /^(?:```|~~~)/;

/** Teaches `grammar` `<sub>`, `<sup>`, `<kbd>`, `<br>`, and `<details>` with its summary; what it looks at is counted. */
export function addHtmlRules(grammar: Grammar, count: CountSteps): void {
  grammar.inline.ruler.before("autolink", "tag", (state, isSilent) => {
    INLINE.lastIndex = state.pos;
    const [opening, name] = INLINE.exec(state.src) ?? [];
    if (opening === undefined) return false;
    if (name !== undefined) {
      count(state.env, MAX_INSIDE / 100);
      return pair(state, { opening, name: name.toLowerCase(), isSilent });
    }
    if (!isSilent) state.push("hardbreak", "br", 0);
    state.pos += opening.length;
    return true;
  });
  grammar.block.ruler.before(
    "heading",
    "details",
    blockRule((lines, isSilent) => {
      const found = detailsAt(lines);
      if (found === null) return false;
      count(lines.state.env, found.end - lines.startLine);
      if (!isSilent) pushDetails(lines, found);
      return true;
    }),
    { alt: ["paragraph", "reference", "blockquote", "list"] },
  );
}

interface Pair {
  readonly opening: string;
  readonly name: string;
  readonly isSilent: boolean;
}

/** What stands between the tag and its end is read as ever. */
function pair(state: StateInline, { opening, name, isSilent }: Pair): boolean {
  const start = state.pos + opening.length;
  const end = state.posMax;
  const inside = state.src.slice(start, Math.min(end, start + MAX_INSIDE));
  const length = inside.toLowerCase().indexOf(`</${name}>`);
  if (length < 1) return false;
  if (!isSilent) {
    state.push(`${name}_open`, name, 1);
    state.pos = start;
    state.posMax = start + length;
    state.md.inline.tokenize(state);
    state.push(`${name}_close`, name, -1);
  }
  state.pos = start + length + name.length + 3;
  state.posMax = end;
  return true;
}

interface Details {
  readonly summary: string;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly end: number;
}

/** Up to its own end, or all that is left where that hasn't come: it may be on its way. */
function detailsAt({ state, startLine, endLine }: BlockLines): Details | null {
  const opening = DETAILS.exec(lineOf(state, startLine));
  if (!opening) return null;
  const [, below] = startLine + 1 < endLine ? (SUMMARY.exec(lineOf(state, startLine + 1)) ?? []) : [];
  const hasLine = opening[1] === undefined && below !== undefined;
  const bodyStart = startLine + (hasLine ? 2 : 1);
  const bodyEnd = endOf(state, bodyStart, endLine);
  const isClosed = bodyEnd < endLine && isEnd(lineOf(state, bodyEnd));
  const summary = (opening[1] ?? below ?? "").trim();
  return { summary, bodyStart, bodyEnd, end: isClosed ? bodyEnd + 1 : bodyEnd };
}

/** The line that ends what stands inside; ends inside code are none. */
function endOf(state: StateBlock, start: number, endLine: number): number {
  let depth = 0;
  let isCode = false;
  for (let line = start; line < endLine; line++) {
    if (isOutside(state, line)) return line;
    const text = lineOf(state, line);
    if (FENCE.test(text)) isCode = !isCode;
    if (isCode) continue;
    if (isEnd(text) && depth-- === 0) return line;
    if (DETAILS.test(text)) depth++;
  }
  return endLine;
}

function isEnd(text: string): boolean {
  return /^<\/details>\s*$/i.test(text);
}

function pushDetails({ state, startLine }: BlockLines, { summary, bodyStart, bodyEnd, end }: Details): void {
  const { lineMax } = state;
  const token = state.push("details_open", "details", 1);
  token.content = summary;
  token.map = [startLine, end];
  state.lineMax = bodyEnd;
  state.md.block.tokenize(state, bodyStart, bodyEnd);
  state.push("details_close", "details", -1);
  state.lineMax = lineMax;
  state.line = end;
}
