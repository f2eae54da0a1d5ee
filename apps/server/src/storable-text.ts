/** Text as it may be stored: what no database keeps faithfully is replaced before anything compares it. */

/** The same for every text in a parsed body, names of members too. */
export function storableValue(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), storableValue(member)]));
}

/**
 * The text as it is where it has no more code units than that, else as many of its first ones, less half of a surrogate pair at the
 * cut. A letter may lose its marks there, which the protocol's `beginningOf` keeps with it.
 */
export function withinCodeUnits(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\uD800-\uDBFF]$/u, "");
}

/** Replaces lone surrogates and NUL by U+FFFD; everything else stays as a person wrote it. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{FFFD}");
}
