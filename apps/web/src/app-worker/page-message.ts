/** What the worker says to a page; only the page reads it. */

/** The worker asks a page to show a conversation, whose notification was pressed; a page that does answers on the port that came along. */
export interface PageMessage {
  readonly kind: "open";
  readonly id: string;
}

export function isPageMessage(data: unknown): data is PageMessage {
  if (typeof data !== "object" || data === null || !("kind" in data) || !("id" in data)) return false;
  return data.kind === "open" && typeof data.id === "string";
}
