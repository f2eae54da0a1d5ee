/** Text from elsewhere, made such that a database, JSON and a page can hold it. */
import { beginningOf } from "@instep/protocol";

/**
 * As `storableText`, but NUL is removed, not replaced: in an export nobody wrote it, what holds nothing else is empty and left out, and
 * a file that is imported again is compared with the words that it brought before.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

/** One line without control characters, at most `maxLength` UTF-16 code units, cut between characters. */
export function cleanLine(text: string, maxLength: number): string {
  const line = cleanText(text)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length <= maxLength ? line : `${beginningOf(line, maxLength - 1)}…`;
}

/** The first words of a text, for a conversation that came without a title. */
export function firstWords(text: string, maxLength: number): string {
  const line = cleanLine(text.slice(0, maxLength * 4), maxLength * 4);
  if (line.length <= maxLength) return line;
  const cut = line.slice(0, maxLength);
  return cut.includes(" ") ? cut.slice(0, cut.lastIndexOf(" ")) : cleanLine(line, maxLength);
}
