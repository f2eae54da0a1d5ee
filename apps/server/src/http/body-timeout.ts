/** How long a request's body may take to come. Node has one limit for all requests, and a large file needs more than a message. */
import type { IncomingMessage } from "node:http";

/** Node's own default for a whole request. */
export const BODY_TIMEOUT_MS = 300_000;

/** What takes the timeout off a request whose body is still to come. */
const liftByRequest = new WeakMap<IncomingMessage, () => void>();

/** Cuts the connection where the body isn't there after so long, whatever was answered meanwhile. */
export function limitBodyTime(request: IncomingMessage, ms: number): void {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if ((length === "0" && encoding === undefined) || request.readableEnded || request.destroyed) return;
  const timer = setTimeout(() => request.destroy(), ms).unref();
  const end = (): void => clearTimeout(timer);
  liftByRequest.set(request, end);
  request.once("end", end).once("close", end);
}

/** Waits for the body of a request for as long as whoever reads it says. */
export function liftBodyTime(request: IncomingMessage): void {
  liftByRequest.get(request)?.();
}
