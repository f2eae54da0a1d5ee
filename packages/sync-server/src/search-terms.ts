/** What a query asks for: words, each of which may be a beginning, and phrases in quotes. */
import { piecesOfWord, UNSPACED } from "./spaced-out.ts";
import type { SearchTerm } from "./storage/search-statements.ts";

/** More than this narrows nothing down any more, and each costs: words, and characters of scripts that write no spaces. */
const MAX_PIECES = 32;
/** What keyboards make of a double quote too. */
const QUOTE = /["“”„]/u;
/** Letters, digits and marks; everything else only separates. */
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const LETTER = /[\p{L}\p{N}]/u;
/** Where a word may begin: each character of a script that writes no spaces is one, so that it ends the word before it. */
const WORD_START = String.raw`(?:(?=[${UNSPACED}])|(?<!(?![${UNSPACED}])[\p{L}\p{N}\p{M}]))`;
const BETWEEN_WORDS = String.raw`[^\p{L}\p{N}\p{M}]+`;

/** Each different term of what was typed. A quote that isn't closed is a phrase that is still being typed: its last word is a beginning. */
export function searchTerms(query: string): SearchTerm[] {
  const terms = new Map<string, SearchTerm>();
  let room = MAX_PIECES;
  const add = (words: readonly string[], isPrefix: boolean) => {
    const [text, used] = fitting(words, room);
    if (!LETTER.test(text)) return;
    const key = `${isPrefix} ${text.toLowerCase()}`;
    if (terms.has(key)) return;
    terms.set(key, { text, isPrefix });
    room -= used;
  };
  const parts = query.split(QUOTE);
  for (const [index, part] of parts.entries()) {
    const words = wordsOf(part);
    const isPhrase = index % 2 === 1;
    if (isPhrase) add(words, index === parts.length - 1);
    else for (const word of words) add([word], true);
  }
  return [...terms.values()];
}

/** Finds the first of the terms in a text, as it is written there; a text in another spelling is found by the index only. */
export function termPattern(terms: readonly SearchTerm[]): RegExp {
  const patterns = terms.map(({ text }) => `${WORD_START}${wordsOf(text).join(BETWEEN_WORDS)}`);
  return new RegExp(patterns.join("|"), "iu");
}

function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** The words as one text, as far as there is room for their pieces, and how many those are. */
function fitting(words: readonly string[], room: number): readonly [text: string, used: number] {
  const kept: string[] = [];
  let used = 0;
  for (const word of words) {
    const pieces = piecesOfWord(word).slice(0, room - used);
    if (pieces.length === 0) break;
    kept.push(pieces.join(""));
    used += pieces.length;
  }
  return [kept.join(" "), used];
}
