/** What a person wrote, as they wrote it, except that code between fences is code. */

export type UserTextPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly code: string; readonly language: string };

/** So many blocks of code, and no more: what follows stays text [SAFE-2]. */
const MAX_BLOCKS = 50;

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`\n]*)$/;

/** The pieces in their order; a fence that nothing closes lasts to the end. */
export function userTextPieces(text: string): readonly UserTextPiece[] {
  const pieces: UserTextPiece[] = [];
  let lines: string[] = [];
  let open: { readonly mark: string; readonly language: string } | null = null;
  const end = () => {
    const content = lines.join("\n");
    if (open) pieces.push({ kind: "code", code: content, language: open.language });
    else if (content.trim() !== "") pieces.push({ kind: "text", text: content });
    lines = [];
  };
  for (const line of text.split("\n")) {
    const [, mark = "", info = ""] = FENCE.exec(line.replace(/\r$/, "")) ?? [];
    const isOpening: boolean = open === null && mark !== "" && pieces.length < 2 * MAX_BLOCKS;
    if (isOpening || (open !== null && closes(mark, info, open.mark))) {
      end();
      open = isOpening ? { mark, language: info.trim() } : null;
    } else lines.push(line);
  }
  end();
  return pieces;
}

function closes(mark: string, info: string, opening: string): boolean {
  return mark.startsWith(opening) && info.trim() === "";
}

const SHOWN_CHARACTERS = 1500;
const SHOWN_LINES = 20;

/** Where a long text is cut, so that its beginning can stand by itself; its length where it isn't long. */
export function foldAt(text: string): number {
  let line = -1;
  for (let count = 0; count < SHOWN_LINES && line < text.length; count++) {
    line = text.indexOf("\n", line + 1);
    if (line === -1) line = text.length;
  }
  // A fold that hides a few words is worse than none.
  if (line + SHOWN_CHARACTERS / 5 >= text.length && text.length <= (SHOWN_CHARACTERS * 6) / 5) return text.length;
  if (line <= SHOWN_CHARACTERS) return Math.min(line + 1, text.length);
  const space = text.lastIndexOf(" ", SHOWN_CHARACTERS);
  if (space > SHOWN_CHARACTERS / 2) return space + 1;
  // Not between the halves of one character.
  return /[\uD800-\uDBFF]/.test(text[SHOWN_CHARACTERS - 1] ?? "") ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS;
}
