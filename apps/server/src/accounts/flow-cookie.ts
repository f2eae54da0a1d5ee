/** What a browser keeps while it is at the provider's: a cookie for a few minutes, which only the way back reads. Pure. */
import type { IncomingHttpHeaders } from "node:http";
import type { OidcFlow } from "./oidc-client.ts";
import { cookieValue, type CookieRules } from "./session-cookie.ts";

export interface FlowCookie {
  /** Null where there is none that can be read. */
  read(headers: IncomingHttpHeaders): OidcFlow | null;
  /** The `Set-Cookie` that keeps it, or takes it away. */
  write(flow: OidcFlow | null): string;
}

const MAX_AGE_S = 900;
const PART = /^[\w-]{20,200}$/;

/** Makes the cookie's reader and writer, by the rules of the session's. */
export function createFlowCookie({ isSecure }: CookieRules): FlowCookie {
  const start = `${isSecure ? "__Host-instep_oidc" : "instep_oidc"}=`;
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  return {
    read({ cookie = "" }) {
      const [state = "", nonce = "", verifier = "", ...rest] = cookieValue(cookie, start)?.split(".") ?? [];
      const isWhole = [state, nonce, verifier].every((part) => PART.test(part)) && rest.length === 0;
      return isWhole ? { state, nonce, verifier } : null;
    },
    write(flow) {
      const value = flow === null ? "" : [flow.state, flow.nonce, flow.verifier].join(".");
      return `${start}${value}${attributes}; Max-Age=${flow === null ? 0 : MAX_AGE_S}`;
    },
  };
}
