/** How long a request's body may take to come. Node has one limit for all requests, and a large file needs more than a message. */
import type { IncomingMessage } from "node:http";

/** As Node has it, where nothing else is said. */
export const BODY_PATIENCE_MS = 300_000;

/** Cuts the connection where the body isn't there after so long. */
export function limitBodyTime(request: IncomingMessage, ms: number): void {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length === "0" && encoding === undefined) return;
  const timer = setTimeout(() => request.destroy(), ms).unref();
  const end = (): void => clearTimeout(timer);
  request.once("end", end).once("close", end);
}
