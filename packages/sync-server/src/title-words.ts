/** A title from the first words of a conversation, for as long as nobody has named it. */

const MAX_WORDS = 6;
const MAX_LENGTH = 48;
/** Beyond this nothing of a text can be among its first words. */
const LOOKED_AT = 1000;

/** The first words of a text on one line: at most six, at most 48 characters, cut at a word where there is one to cut at. */
export function titleFromWords(text: string): string {
  const words = text
    .trimStart()
    .slice(0, LOOKED_AT)
    .split(/\s+/)
    .filter((word) => word !== "");
  let title = "";
  for (const word of words.slice(0, MAX_WORDS)) {
    const longer = title === "" ? word : `${title} ${word}`;
    if (longer.length > MAX_LENGTH) break;
    title = longer;
  }
  return title === "" ? beginning(words[0] ?? "") : title;
}

/** Cuts between characters, never inside one. */
function beginning(word: string): string {
  const [first = ""] = /^.{0,48}/su.exec(word) ?? [];
  return first;
}
