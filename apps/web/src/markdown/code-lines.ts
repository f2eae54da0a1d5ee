/** Code as groups of whole lines: what is folded away, and what is laid out only near the view. */

/** From more lines than this on, a block is folded. */
export const FOLDED_OVER = 40;
/** What of a folded block is shown: so few that unfolding one is always worth it. */
export const SHOWN_FOLDED = 30;
const GROUP_SIZE = 200;

/** Some whole lines of the code, from one character up to another. */
export interface LineGroup {
  readonly start: number;
  readonly end: number;
  readonly lineCount: number;
}

/** How many lines `code` has; an empty one has one. */
export function lineCountOf(code: string): number {
  let count = 1;
  for (let at = code.indexOf("\n"); at !== -1; at = code.indexOf("\n", at + 1)) count++;
  return count;
}

/** The groups, one after the other all of `code`; the first one is what a folded block shows. */
export function lineGroupsOf(code: string): readonly LineGroup[] {
  const groups: LineGroup[] = [];
  for (let start = 0; start < code.length || groups.length === 0; start = groups.at(-1)?.end ?? code.length) {
    groups.push(groupFrom(code, start, groups.length === 0 ? SHOWN_FOLDED : GROUP_SIZE));
  }
  return groups;
}

function groupFrom(code: string, start: number, size: number): LineGroup {
  let end = start;
  let lineCount = 0;
  while (lineCount < size && end < code.length) {
    const at = code.indexOf("\n", end);
    end = at === -1 ? code.length : at + 1;
    lineCount++;
  }
  return { start, end, lineCount };
}
