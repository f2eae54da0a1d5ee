/** A title from the first words of a conversation, for as long as nobody has named it: the server's, and a device's until it has that. */
import { beginningOf } from "./beginning-of.ts";

const MAX_WORDS = 6;
const MAX_LENGTH = 48;
/** Beyond this nothing of a text can be among its first words. */
const LOOKED_AT = 1000;
/** What shows that a text went on where it was cut. */
const LEADS_ON = /[\s,;:([{–—-]+$/u;

/** The first words of a text on one line: at most six, at most 48 characters, cut at a word where there is one, and without what led on. */
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
  if (title === "") return beginning(words[0] ?? "");
  return title.length < words.join(" ").length ? title.replace(LEADS_ON, "") : title;
}

function beginning(word: string): string {
  const [first = ""] = /^.{0,48}/su.exec(word) ?? [];
  return beginningOf(word, first.length);
}
