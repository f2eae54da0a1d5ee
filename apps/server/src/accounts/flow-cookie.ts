/** What a browser keeps while it is at the provider's: a cookie for a few minutes, which only the way back reads. Pure. */
import type { IncomingHttpHeaders } from "node:http";
import type { OidcFlow } from "./oidc-client.ts";
import { cookieValue, type CookieRules } from "./session-cookie.ts";

/** A sign-in that is under way. */
export interface KeptFlow extends OidcFlow {
  /** The page's address that it leads back to in the end. */
  readonly returnTo: string;
}

export interface FlowCookie {
  /** Null where there is none that can be read. */
  read(headers: IncomingHttpHeaders): KeptFlow | null;
  /** The `Set-Cookie` that keeps it, or takes it away. */
  write(flow: KeptFlow | null): string;
}

const MAX_AGE_S = 900;
const PART = /^[\w-]{20,200}$/;
const OWN_PAGE = /^\/(?:c\/[\w-]{1,100})?$/;

/** Makes the cookie's reader and writer, by the rules of the session's. */
export function createFlowCookie({ isSecure }: CookieRules): FlowCookie {
  const start = `${isSecure ? "__Host-instep_oidc" : "instep_oidc"}=`;
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  return {
    read({ cookie = "" }) {
      const [state = "", nonce = "", verifier = "", kept = "", ...rest] = cookieValue(cookie, start)?.split(".") ?? [];
      const isWhole = [state, nonce, verifier].every((part) => PART.test(part)) && rest.length === 0;
      const returnTo = ownPage(Buffer.from(kept, "base64url").toString());
      return isWhole ? { state, nonce, verifier, returnTo } : null;
    },
    write(flow) {
      const page = Buffer.from(ownPage(flow?.returnTo ?? "")).toString("base64url");
      const value = flow === null ? "" : [flow.state, flow.nonce, flow.verifier, page].join(".");
      return `${start}${value}${attributes}; Max-Age=${flow === null ? 0 : MAX_AGE_S}`;
    },
  };
}

/** A new chat or a conversation; in place of anything else, which might be another site, the page's beginning. */
function ownPage(address: string): string {
  return OWN_PAGE.test(address) ? address : "/";
}
