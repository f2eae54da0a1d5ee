/** What the page says to its worker; only the worker reads it, which is one script of its own and shares no module with the page. */

/** The page asks a worker which build it is of, and has a new one take over where the person wants it. */
export type WorkerMessage = { readonly kind: "which-build" } | { readonly kind: "take-over" };

export function isWorkerMessage(data: unknown): data is WorkerMessage {
  if (typeof data !== "object" || data === null || !("kind" in data)) return false;
  return data.kind === "which-build" || data.kind === "take-over";
}
