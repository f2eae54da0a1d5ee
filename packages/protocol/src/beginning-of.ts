/** Cuts texts that are shown where they don't fit, between characters as a person sees them: no half of a flag, no letter without its marks. */

/** More than the parts that a person's characters have: what is looked at behind a cut. */
const LONGEST_CHARACTER = 100;

/** The beginning of a text, at most so many code units. A character that alone is longer is cut between its parts. */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const place = characterStart(text.slice(0, most + LONGEST_CHARACTER), most);
  return text.slice(0, place || most).replace(/[\uD800-\uDBFF]$/u, "");
}

/** Where the character begins that stands at a place. */
function characterStart(text: string, at: number): number {
  // Browsers of 2023 can't tell.
  if (!("Segmenter" in Intl)) return at;
  return new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text).containing(at)?.index ?? at;
}
