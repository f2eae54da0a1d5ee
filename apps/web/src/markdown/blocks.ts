/** Splits markdown into top-level blocks, and while a text grows reads only its end anew, so that a token's cost doesn't grow with the reply. */
import { Lexer, type Token } from "marked";

/** A text and its blocks; a block that can't change any more keeps its identity. */
export interface Blocks {
  readonly text: string;
  readonly tokens: readonly Token[];
}

export const NO_BLOCKS: Blocks = { text: "", tokens: [] };

/** The blocks of `text`; where it continues the text of `previous`, all but its last two blocks are taken over. */
export function readBlocks(text: string, previous: Blocks = NO_BLOCKS): Blocks {
  if (text === previous.text) return previous;
  if (previous.text === "" || !text.startsWith(previous.text)) return { text, tokens: lex(text) };
  const kept = previous.tokens.slice(0, settledCount(previous.tokens));
  const offset = kept.reduce((length, token) => length + token.raw.length, 0);
  // The lexer rewrites some whitespace, so `raw` may be shorter than the source; then only a fresh reading is right.
  if (!previous.text.startsWith(kept.at(-1)?.raw ?? "", offset - (kept.at(-1)?.raw.length ?? 0))) {
    return { text, tokens: lex(text) };
  }
  return { text, tokens: [...kept, ...lex(text.slice(offset))] };
}

/** How many blocks stand whatever comes: a list or a paragraph may go on after a blank line, so the last two with content don't count. */
function settledCount(tokens: readonly Token[]): number {
  let open = 2;
  for (let index = tokens.length - 1; index >= 0; index--) {
    if (tokens[index]?.type !== "space") open--;
    if (open === 0) return index;
  }
  return 0;
}

function lex(text: string): readonly Token[] {
  return Lexer.lex(text, { gfm: true });
}
