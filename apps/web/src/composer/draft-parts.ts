/** A draft as the message box shows it: what is typed, and long texts that were pasted, which stand folded beside it. Pure. */

export interface DraftParts {
  readonly typed: string;
  readonly pasted: readonly string[];
}

/** Stands between the parts of a draft, so that it is one text wherever it is kept or carried; invisible, and never sent. */
const SEPARATOR = "\u2063";
const LONG_LINES = 40;
const LONG_CHARACTERS = 4000;

/** Whether a pasted text is folded rather than put among what is typed. */
export function isLongPaste(text: string): boolean {
  return text.length > LONG_CHARACTERS || text.split("\n", LONG_LINES + 1).length > LONG_LINES;
}

export function partsOf(draft: string): DraftParts {
  const [typed = "", ...pasted] = draft.split(SEPARATOR);
  return { typed, pasted };
}

export function draftOf({ typed, pasted }: DraftParts): string {
  return [typed, ...pasted].map(plain).join(SEPARATOR);
}

/** The draft as it is sent: what is typed, then what was pasted. */
export function sentText(draft: string): string {
  const { typed, pasted } = partsOf(draft);
  return pasted.length === 0 ? typed : joined(typed, pasted.join("\n\n"));
}

/** A draft with another one under it, each part with its like. */
export function withUnder(above: string, below: string): string {
  const [first, second] = [partsOf(above), partsOf(below)];
  return draftOf({ typed: joined(first.typed, second.typed), pasted: [...first.pasted, ...second.pasted] });
}

/** One text under another, with a blank line between. */
function joined(above: string, below: string): string {
  return [above.trimEnd(), below].filter((part) => part !== "").join("\n\n");
}

function plain(text: string): string {
  return text.replaceAll(SEPARATOR, "");
}
