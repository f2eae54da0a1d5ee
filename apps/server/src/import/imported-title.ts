/** What a conversation from another program is called here. */
import { canBeSeen, MAX_TITLE_LENGTH } from "@instep/protocol";
import { cleanLine, firstWords } from "./clean-text.ts";

const TITLE_WORDS_LENGTH = 48;

/** The title that it came with; where it came without, the first of `words`. */
export function importedTitle(title: string | null, words: string | undefined): string {
  const named = [cleanLine(title ?? "", MAX_TITLE_LENGTH), firstWords(words ?? "", TITLE_WORDS_LENGTH)];
  return named.find(canBeSeen) ?? "Imported conversation";
}
