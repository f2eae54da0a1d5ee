/** Text as it may be stored: what no database keeps faithfully is replaced before anything compares it. */

/** The same for every text in a parsed body, names of members too. */
export function cleanValue(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [cleanText(name), cleanValue(member)]));
}

/** Replaces lone surrogates and NUL by U+FFFD; everything else stays as a person wrote it. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}
