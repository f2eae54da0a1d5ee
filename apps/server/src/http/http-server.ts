/** The server beneath the framework, over HTTP or HTTPS: how long it waits for what a connection says. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Certificate } from "../certificate.ts";

export interface HeaderTimeouts {
  /** A connection whose request's headers are not there after so long is cut. */
  readonly headersMs: number;
  readonly lookEveryMs: number;
}

/** Longer than a device's interval, so that a polling device keeps its connection. */
const KEEP_ALIVE_MS = 65_000;
/** Node's own defaults. */
const HEADER_TIMEOUTS: HeaderTimeouts = { headersMs: 60_000, lookEveryMs: 30_000 };

/** Makes it; without a certificate it speaks HTTP. How long a body may take is for each call to say. */
export function createHttpServer(
  listener: RequestListener,
  certificate: Certificate | null,
  { headersMs, lookEveryMs }: HeaderTimeouts = HEADER_TIMEOUTS,
): Server {
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A request without a `Host` is refused by the guard, in the words of every other refusal.
    requireHostHeader: false,
    requestTimeout: 0,
    // `requestTimeout: 0` also switches Node's header timeout off, unless one is given.
    headersTimeout: headersMs,
    connectionsCheckingInterval: lookEveryMs,
  };
  const server = certificate
    ? createTlsServer({ ...options, ...certificate }, listener)
    : createServer(options, listener);
  // An unknown `Expect` is ignored: Node's own refusal would be no problem document, and have none of our headers.
  return server.on("checkExpectation", listener);
}
