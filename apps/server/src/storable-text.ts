/** Text as it may be stored: what no database keeps faithfully is replaced before anything compares it. */

/** The same for every text in a parsed body, names of members too. */
export function storableValue(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), storableValue(member)]));
}

/** At most so many code units of a text, and no half of a character at their end. */
export function startOf(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/u, "");
}

/** Replaces lone surrogates and NUL by U+FFFD; everything else stays as a person wrote it. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}
