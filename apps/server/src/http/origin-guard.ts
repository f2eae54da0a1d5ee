/** Which requests come from another site, or reached the local account through a foreign name [SAFE-1]. */
import type { IncomingHttpHeaders } from "node:http";
import type { Refusal } from "@instep/sync-server";
import { isLoopbackHost } from "../loopback.ts";

export interface OriginRules {
  /** Whether anybody who reaches the server is let in: then only names of its owner's may be used to reach it. */
  readonly isLocalAccount: boolean;
  /** The origin that people use where a proxy stands in front; null where there is none. */
  readonly publicUrl: string | null;
  /** How the program itself is spoken to. */
  readonly scheme: "http" | "https";
}

export interface GuardedRequest {
  readonly method: string;
  /** The request's target, as it came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

const PORT = /:\d{1,5}$/;
const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);
/** Anything else is foreign: another site's, or said twice. */
const OWN_SITES: ReadonlySet<unknown> = new Set([undefined, "same-origin", "none"]);
/** What a link elsewhere may not open: the calls, and what collectors ask. The page itself may be linked to. */
const NOT_THE_PAGE = /^\/(?:api|metrics|readyz|healthz)(?![^/?#;])/i;

/** Makes the guard: null lets a request pass, a refusal is 403 `cross_site` [SAFE-1]. */
export function createOriginGuard(rules: OriginRules): (caller: GuardedRequest) => Refusal | null {
  const publicName = rules.publicUrl === null ? null : new URL(rules.publicUrl).hostname;
  // Nearly every request comes by the same name; the last good one is not looked at again.
  let knownHost: string | undefined;
  return ({ method, url, headers }) => {
    const { host } = headers;
    if (rules.isLocalAccount && host !== knownHost && isOwnHost(host, publicName)) knownHost = host;
    if (rules.isLocalAccount && (host === undefined || host !== knownHost)) {
      return { refused: "cross_site", detail: "This server answers to loopback names and to the host of PUBLIC_URL." };
    }
    if (!isForeign(headers, rules) || (READING.has(method) && isOfThePage(url))) return null;
    return { refused: "cross_site", detail: "A page of another site may not ask or change anything here." };
  };
}

/** The port may differ: proxies pass the name with theirs, with ours or with none, and a page elsewhere has another name. */
function isOwnHost(host: string | undefined, publicName: string | null): boolean {
  return isLoopbackHost(host) || (publicName !== null && host?.replace(PORT, "").toLowerCase() === publicName);
}

function isForeign(headers: IncomingHttpHeaders, rules: OriginRules): boolean {
  return !OWN_SITES.has(headers["sec-fetch-site"]) || isForeignOrigin(headers, rules);
}

function isForeignOrigin(headers: IncomingHttpHeaders, { publicUrl, scheme }: OriginRules): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return false;
  if (publicUrl !== null && origin === publicUrl) return false;
  const own = URL.parse(`${scheme}://${host ?? ""}`)?.origin;
  return own === undefined || origin !== own;
}

/** What can't be read, or may be read in two ways, is not the page. */
function isOfThePage(url: string): boolean {
  if (!url.startsWith("/")) return false;
  try {
    return !NOT_THE_PAGE.test(decodeURIComponent(url));
  } catch {
    return false;
  }
}
