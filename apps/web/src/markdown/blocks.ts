/** Splits markdown into top-level blocks, and while a text grows reads only its end anew, so that a token's cost doesn't grow with the reply. */
import type { Token } from "markdown-it";
import { piecesOfBlock } from "./block-pieces.ts";
import { type BlockNode, blockTree } from "./block-tree.ts";
import { type Definitions, tokenizeBlocks, TooMuchWork, Work } from "./grammar.ts";

/** A top-level block. The sources of all blocks, one after the other, are the text. */
export interface Block {
  readonly source: string;
  readonly nodes: readonly BlockNode[];
  /** How many of the labels were defined before it. */
  readonly labelCount: number;
}

/** A text and its blocks; a block that can't change any more keeps its identity. */
export interface Blocks {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The same object for as long as it says the same. */
  readonly definitions: Definitions;
  readonly labels: readonly string[];
  /** The end of the text where reading it is put off while the text grows, to be shown as it is. */
  readonly rest: string;
  /** What reading the end took: its steps and its characters. */
  readonly cost: { readonly steps: number; readonly length: number };
}

export const NO_BLOCKS: Blocks = {
  text: "",
  blocks: [],
  definitions: {},
  labels: [],
  rest: "",
  cost: { steps: 0, length: 0 },
};

/** What is done unasked for one text: some 100 ms of the worst one, and enough for a megabyte of paragraphs. */
const STEPS = 100_000;
const STEPS_WHEN_ASKED = 2_000_000;
/** The last blocks may still become something else, whatever comes. */
const OPEN_COUNT = 2;

/** The blocks of `text`; where it continues the text of `previous`, those that can't change any more are taken over. */
export function readBlocks(text: string, previous: Blocks = NO_BLOCKS): Blocks {
  if (text === previous.text && previous.rest === "") return previous;
  if (previous.text === "" || !text.startsWith(previous.text)) return readAfter(NO_BLOCKS, text, STEPS);
  const blocks = previous.blocks.slice(0, Math.max(0, previous.blocks.length - OPEN_COUNT));
  const labels = previous.labels.slice(0, previous.blocks[blocks.length]?.labelCount ?? 0);
  const length = blocks.reduce((sum, { source }) => sum + source.length, 0);
  return { ...readAfter({ ...previous, blocks, labels }, text.slice(length), STEPS), text };
}

/** Like `readBlocks` while more is coming: where the end is costly to read, that is put off until it has grown in proportion. */
export function readGrowingBlocks(text: string, previous: Blocks): Blocks {
  const { cost } = previous;
  const isCostly = cost.length > 12_000 || cost.steps > 3000;
  if (!isCostly || !text.startsWith(previous.text)) return readBlocks(text, previous);
  const rest = text.slice(previous.text.length - previous.rest.length);
  return rest.length * 16 < Math.max(cost.length, cost.steps / 4)
    ? { ...previous, text, rest }
    : readBlocks(text, previous);
}

/** The blocks of a text that was too much, with more work than is done unasked. */
export function readBlocksWhenAsked(text: string): Blocks {
  return { ...readAfter(NO_BLOCKS, text, STEPS_WHEN_ASKED), text };
}

/** Reads `end`, which follows the blocks of `before`. */
function readAfter(before: Blocks, end: string, limit: number): Blocks {
  const work = new Work(limit, before.labels);
  const tokens: Token[] = [];
  const definitions: Record<string, Definitions[string]> = {};
  for (const label of before.labels) {
    const definition = before.definitions[label];
    if (definition) definitions[label] = definition;
  }
  const isWhole = finishes(() => tokenizeBlocks(normalized(end), { work, tokens, definitions }));
  const blocks = blocksOf(end, { work, tokens, isWhole, isAsked: limit > STEPS });
  return {
    text: end,
    blocks: [...before.blocks, ...blocks],
    definitions: isSame(definitions, before.definitions) ? before.definitions : definitions,
    labels: [...work.labels],
    rest: "",
    cost: { steps: work.steps, length: end.length },
  };
}

/** Whether `act` came to its end within its bounds. */
function finishes(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    // A stack that is too small for a text is one more way of being too much.
    if (error instanceof TooMuchWork || error instanceof RangeError) return false;
    throw error;
  }
}

interface Reading {
  readonly work: Work;
  readonly tokens: readonly Token[];
  readonly isWhole: boolean;
  readonly isAsked: boolean;
}

function blocksOf(source: string, reading: Reading): readonly Block[] {
  const { work, tokens, isWhole, isAsked } = reading;
  if (work.starts.length === 0) return source === "" ? [] : [{ source, nodes: plainNodes(source), labelCount: 0 }];
  const offsets = lineOffsets(source);
  return work.starts.map((start, index) => {
    const next = work.starts[index + 1];
    const text = source.slice(index === 0 ? 0 : offsets[start.line], next && offsets[next.line]);
    if (!isWhole && !next) return { source: text, nodes: plainNodes(text), labelCount: start.labelCount };
    const nodes = piecesOfBlock(blockTree(tokens.slice(start.tokenCount, next?.tokenCount)), isAsked);
    return { source: text, nodes: nodes ?? plainNodes(text), labelCount: start.labelCount };
  });
}

function plainNodes(text: string): readonly BlockNode[] {
  return text.trim() === "" ? [] : [{ kind: "plain", text, isCostly: true }];
}

/** As the parser wants it; the number of lines stays. */
function normalized(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n").replaceAll("\0", "\uFFFD");
}

/** Where each line of `text` begins. */
function lineOffsets(text: string): readonly number[] {
  const offsets = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) offsets.push(index + end.length);
  return offsets;
}

function isSame(one: Definitions, other: Definitions): boolean {
  const labels = Object.keys(one);
  if (labels.length !== Object.keys(other).length) return false;
  return labels.every((label) => one[label]?.href === other[label]?.href);
}
