/** Which browser a sign-in with a passkey was begun in: a cookie for a few minutes, so that no other one can end it. Pure. */
import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { CHALLENGE_LIFE_MS } from "./challenges.ts";
import { cookieValue, type CookieRules } from "./session-cookie.ts";

export interface BrowserCookie {
  /** Null where there is none that can be read. */
  read(headers: IncomingHttpHeaders): string | null;
  /** The `Set-Cookie` that keeps it for as long as a challenge holds. */
  write(browser: string): string;
}

const BROWSER = /^[\w-]{43}$/;
const BROWSER_BYTES = 32;

/** Makes the cookie's reader and writer, by the rules of the session's. */
export function createBrowserCookie({ isSecure }: CookieRules): BrowserCookie {
  const start = `${isSecure ? "__Host-instep_browser" : "instep_browser"}=`;
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
  return {
    read({ cookie = "" }) {
      const value = cookieValue(cookie, start) ?? "";
      return BROWSER.test(value) ? value : null;
    },
    write: (browser) => `${start}${browser}${attributes}; Max-Age=${CHALLENGE_LIFE_MS / 1000}`,
  };
}

/** A browser that is not known yet. */
export function newBrowser(): string {
  return randomBytes(BROWSER_BYTES).toString("base64url");
}
