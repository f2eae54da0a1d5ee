/** What rules for blocks are written with. */
import type { MarkdownIt as Grammar, StateBlock } from "markdown-it";

/** Where a rule may look. */
export interface BlockLines {
  readonly state: StateBlock;
  readonly startLine: number;
  readonly endLine: number;
}

/** A rule as the parser calls it. Code that is indented is none of its business. `read` only says whether it would match where it is asked silently. */
export function blockRule(
  read: (lines: BlockLines, isSilent: boolean) => boolean,
): Parameters<Grammar["block"]["ruler"]["push"]>[1] {
  return (state, ...[startLine, endLine, isSilent]) => {
    const isIndented = (state.sCount[startLine] ?? 0) - state.blkIndent >= 4;
    return !isIndented && read({ state, startLine, endLine }, isSilent);
  };
}

/** A line without its indentation. */
export function lineOf(state: StateBlock, line: number): string {
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}

/** Whether the line stands further out than the list's item that is being read. */
export function isOutside(state: StateBlock, line: number): boolean {
  return !state.isEmpty(line) && (state.sCount[line] ?? 0) < state.blkIndent;
}
