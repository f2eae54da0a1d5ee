/** Opaque positions in a list: what a cursor or a page token holds, and the check of what comes back. */

/** Writes a position as text that a URL can carry. */
export function encodeCursor(position: readonly (string | number | boolean)[]): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** Reads a position whose parts have these types; null where the text is none. */
export function decodeCursor<const P extends readonly PartType[]>(text: string, parts: P): Position<P> | null {
  const position = parse(text);
  if (!Array.isArray(position) || position.length !== parts.length) return null;
  const fits = parts.every((part, index) => isPart(position[index], part));
  return fits ? (position as Position<P>) : null;
}

type PartType = "string" | "integer" | "boolean";
type Part<T extends PartType> = T extends "string" ? string : T extends "integer" ? number : boolean;
type Position<P extends readonly PartType[]> = { readonly [I in keyof P]: P[I] extends PartType ? Part<P[I]> : never };

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return null;
  }
}

function isPart(value: unknown, type: PartType): boolean {
  return type === "integer" ? Number.isSafeInteger(value) && Number(value) >= 0 : typeof value === type;
}
