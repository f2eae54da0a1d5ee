/** Which parts of a text have the words of a search. Pure. */
import { foldedText } from "../words/folded-text.ts";

export interface TextPart {
  readonly text: string;
  readonly isMarked: boolean;
}

/** A text cut where its marking begins and ends: every place of every word, whatever the case and the accents. */
export function markedParts(text: string, query: string): readonly TextPart[] {
  // The quotes of a phrase are none of its words.
  const words = foldedText(query)
    .split(/[\s"“”„]+/u)
    .filter(Boolean);
  const { folded, places } = foldedWithPlaces(text);
  const marks = new Set<number>();
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      for (let place = places[at] ?? 0; place < (places[at + word.length] ?? text.length); place++) marks.add(place);
    }
  }
  const parts: TextPart[] = [];
  for (let from = 0, to = 1; from < text.length; from = to, to++) {
    while (to < text.length && marks.has(to) === marks.has(from)) to++;
    parts.push({ text: text.slice(from, to), isMarked: marks.has(from) });
  }
  return parts;
}

/** The text folded letter by letter, and where each letter of it stands in the text itself: an accent of its own belongs to the one before. */
function foldedWithPlaces(text: string) {
  const places: number[] = [];
  let [folded, at] = ["", 0];
  for (const letter of text) {
    const plain = foldedText(letter);
    for (let unit = 0; unit < plain.length; unit++) places.push(at);
    folded += plain;
    at += letter.length;
  }
  return { folded, places };
}
