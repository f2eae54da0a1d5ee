/** Which texts fit what was typed, the best first. Pure. */
import { foldedText } from "../words/folded-text.ts";

export interface Ranked<T> {
  readonly item: T;
  readonly score: number;
}

/** The items of which every word that was typed begins a word, or stands somewhere in the text; at most so many, ties in their order. */
export function rankTitles<T>(
  items: readonly T[],
  query: string,
  { textOf, limit }: { readonly textOf: (item: T) => string; readonly limit: number },
): readonly T[] {
  const words = foldedText(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return items.slice(0, limit);
  const ranked: Ranked<T>[] = [];
  for (const item of items) {
    const score = scoreOf(foldedText(textOf(item)), words);
    if (score > 0) ranked.push({ item, score });
  }
  return ranked
    .sort((one, other) => other.score - one.score)
    .slice(0, limit)
    .map(({ item }) => item);
}

const [INSIDE, WORD, START] = [1, 2, 4] as const;

/** How well a text fits; 0 where one of the words is not in it. */
function scoreOf(text: string, words: readonly string[]): number {
  let score = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at === -1) return 0;
    if (at === 0) score += START;
    else score += startsWord(text, word) ? WORD : INSIDE;
  }
  return score;
}

function startsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return true;
  }
  return false;
}
