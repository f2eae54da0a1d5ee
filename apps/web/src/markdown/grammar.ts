/** The markdown grammar, bounded: how deep it nests, and how much work a reading may take, counted in steps rather than in time. */
import MarkdownIt, { type MarkdownIt as Grammar, type StateBlock, type Token } from "markdown-it";
import { addFootnoteRules } from "./footnote-rules.ts";
import { addHtmlRules } from "./html-rules.ts";
import { addMathsRules } from "./maths-rules.ts";

/** Quotes inside one another, and twice as many as lists; what lies deeper is one piece of plain text in its own place. */
const MAX_LEVEL = 32;

/** Addresses that are defined apart from their links. */
const MAX_DEFINITIONS = 200;

/** Where links that are defined apart lead to, by their label. */
export type Definitions = Readonly<Record<string, { readonly title: string; readonly href: string }>>;

/** Where a top-level block begins. */
export interface BlockStart {
  readonly line: number;
  /** How many tokens stand before it. */
  readonly tokenCount: number;
  /** How many of the labels were defined before it. */
  readonly labelCount: number;
}

/** A text takes more steps than it may: it is shown as it was written. */
export class TooMuchWork extends Error {}

/** What one reading has done, and up to where everything is known. */
export class Work {
  steps = 0;
  /** Tokens that are counted already. */
  tokenCount = 0;
  readonly starts: BlockStart[] = [];
  /** The labels that are defined, in their order. */
  readonly labels: Set<string>;
  readonly #limit: number;

  constructor(limit: number, labels: readonly string[] = []) {
    this.labels = new Set(labels);
    this.#limit = limit;
  }

  /** @throws {TooMuchWork} beyond the limit. */
  count(steps: number): void {
    this.steps += steps;
    if (this.steps > this.#limit) throw new TooMuchWork();
  }
}

const GRAMMAR = createGrammar();
const readInline = GRAMMAR.inline.parse.bind(GRAMMAR.inline);
// The label of an image is shown as it was written: reading it would nest without a bound.
GRAMMAR.inline.parse = () => undefined;

/** Appends the flat tokens of `source` to `into.tokens`, and what it defines to `into.definitions`. @throws {TooMuchWork} */
export function tokenizeBlocks(
  source: string,
  into: { readonly work: Work; readonly tokens: Token[]; readonly definitions: Record<string, Definitions[string]> },
): void {
  GRAMMAR.block.parse(source, GRAMMAR, { work: into.work, references: into.definitions }, into.tokens);
  noteLabels(into.work, into.definitions);
}

/** The flat tokens of a paragraph's or a cell's text. @throws {TooMuchWork} */
export function tokenizeInline(source: string, definitions: Definitions, work: Work): readonly Token[] {
  const tokens: Token[] = [];
  readInline(source, GRAMMAR, { work, references: definitions }, tokens);
  return tokens;
}

function createGrammar(): Grammar {
  const grammar = new MarkdownIt({ maxNesting: 3 * MAX_LEVEL });
  // Which addresses are safe is decided where a link is shown.
  grammar.validateLink = () => true;
  grammar.normalizeLink = (address) => address;
  grammar.normalizeLinkText = (address) => address;
  const everywhere = { alt: ["paragraph", "reference", "blockquote", "list"] };
  grammar.block.ruler.before("table", "work", ({ env }) => countSteps(env, 1), everywhere);
  grammar.block.ruler.before("table", "begin", begin);
  grammar.block.ruler.before("table", "depth", stopAtDepth);
  grammar.inline.ruler.before("text", "work", ({ env }) => countSteps(env, 1));
  addMathsRules(grammar, countSteps);
  addHtmlRules(grammar, countSteps);
  addFootnoteRules(grammar);
  return grammar;
}

/** As a rule it matches nothing: it is tried wherever the parser tries any. */
function countSteps({ work }: Readonly<Record<string, unknown>>, steps: number): false {
  if (work instanceof Work) work.count(steps);
  return false;
}

/** Matches nothing either: notes where the block begins, and counts what the one before it brought. */
function begin({ env, level, tokens }: StateBlock, line: number): false {
  const { work, references = {} } = env;
  if (!(work instanceof Work)) return false;
  work.count(tokens.length - work.tokenCount);
  work.tokenCount = tokens.length;
  if (level > 0) return false;
  noteLabels(work, references);
  if (work.labels.size > MAX_DEFINITIONS) throw new TooMuchWork();
  work.starts.push({ line, tokenCount: tokens.length, labelCount: work.labels.size });
  return false;
}

function noteLabels({ labels }: Work, definitions: Definitions): void {
  const known = Object.keys(definitions);
  if (known.length > labels.size) for (const label of known) labels.add(label);
}

/** The parser by itself would drop what is nested too deep. */
function stopAtDepth(state: StateBlock, startLine: number, endLine: number): boolean {
  if (state.level < MAX_LEVEL) return false;
  let end = startLine + 1;
  while (end < endLine && !state.isEmpty(end) && (state.sCount[end] ?? 0) >= state.blkIndent) end++;
  state.push("plain", "", 0).content = state.getLines(startLine, end, state.blkIndent, false);
  state.line = end;
  return true;
}
