/** What is read of an error: its kind, as Node, its libraries and this program say it (`ENOENT`, `SQLITE_BUSY`), and its words. */

/** The error's code; null where it has none. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** What it says: its message, or what was thrown as a text. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
