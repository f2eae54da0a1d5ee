/** What kind of error it is, as Node, its libraries and this program say it: `ENOENT`, `SQLITE_BUSY`. */

/** The error's code; null where it has none. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
