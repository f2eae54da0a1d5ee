/** Text as it may be stored: what no database keeps faithfully is replaced before anything compares it. */

/** Replaces lone surrogates and NUL by U+FFFD; everything else stays as a person wrote it. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}
