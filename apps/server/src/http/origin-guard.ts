/** Which requests come from another site, or reached the local account through a foreign name [SAFE-1]. */
import type { IncomingHttpHeaders } from "node:http";
import type { Refusal } from "@instep/sync-server";

export interface OriginRules {
  /** Whether anybody who reaches the server is let in: then only loopback names may be used to reach it. */
  readonly isLocalAccount: boolean;
  /** The origin that people use where a proxy stands in front; null where there is none. */
  readonly publicUrl: string | null;
}

export interface Caller {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

const LOOPBACK_HOST = /^(?:(?:[a-z0-9-]+\.)*localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/i;
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Makes the guard: null lets a request pass, a refusal is 403 `cross_site` [SAFE-1]. */
export function createOriginGuard(rules: OriginRules): (caller: Caller) => Refusal | null {
  // Nearly every request comes by the same name; the last good one is not looked at again.
  let knownHost: string | undefined;
  return ({ method, headers }) => {
    const { host } = headers;
    if (rules.isLocalAccount && host !== knownHost && isLoopbackHost(host)) knownHost = host;
    if (rules.isLocalAccount && (host === undefined || host !== knownHost)) {
      return {
        refused: "cross_site",
        detail: "This server can be used from its own machine only, by a loopback name.",
      };
    }
    if (SAFE_METHODS.has(method)) return null;
    if (headers["sec-fetch-site"] === "cross-site" || isForeignOrigin(headers, rules.publicUrl)) {
      return { refused: "cross_site", detail: "A page of another site may not change anything here." };
    }
    return null;
  };
}

/** Whether a `Host` header names this machine: `localhost`, `127.0.0.0/8` or `[::1]`, on any port. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK_HOST.test(host);
}

function isForeignOrigin(headers: IncomingHttpHeaders, publicUrl: string | null): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return false;
  if (publicUrl !== null && origin === publicUrl) return false;
  const own = URL.parse(`http://${host ?? ""}`)?.origin;
  return own === undefined || origin !== own;
}
