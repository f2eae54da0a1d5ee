/** Scripts that write no spaces: each of their characters counts as a word of its own, and several in a row as a phrase. */

/** What a pattern's class of their characters has between its brackets. */
export const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}`;
const UNSPACED_CHARACTER = new RegExp(`([${UNSPACED}])`, "gu");
const PIECE = new RegExp(`[${UNSPACED}]|[^${UNSPACED}]+`, "gu");

/** Sets the characters of scripts that write no spaces apart. */
export function spaceOut(text: string): string {
  return text.replaceAll(UNSPACED_CHARACTER, " $1 ");
}

/** A word's characters where its script writes no spaces, and what stands between them; joined they are the word. */
export function piecesOfWord(word: string): string[] {
  return word.match(PIECE) ?? [];
}
