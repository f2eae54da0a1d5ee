/** The session's cookie, and the bearer token of a program: the two ways in which a request says who sends it. Pure. */
import type { IncomingHttpHeaders } from "node:http";

/** What a request shows to be let in, and as what. */
export interface Credential {
  readonly kind: "session" | "token";
  readonly token: string;
}

export interface CookieRules {
  /** Whether people reach the server by HTTPS only: then the cookie never travels without. */
  readonly isSecure: boolean;
}

export interface SessionCookie {
  /** What the request shows; null where it shows nothing. An `Authorization` header counts alone: a wrong one is no cookie. */
  read(headers: IncomingHttpHeaders): Credential | null;
  /** The `Set-Cookie` that keeps a token, or that takes it away. */
  write(token: string | null): string;
}

/** As long as browsers keep a cookie at most; the server decides when a session ends. */
const MAX_AGE_S = 400 * 86_400;
const BEARER = /^bearer +([\w-]{1,200}) *$/i;
const TOKEN = /^[\w-]{1,200}$/;

/** Makes the cookie's reader and writer; with HTTPS its name tells the browser that only this host may have set it. */
export function createSessionCookie({ isSecure }: CookieRules): SessionCookie {
  const name = isSecure ? "__Host-instep_session" : "instep_session";
  const start = `${name}=`;
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  return {
    read({ authorization, cookie }) {
      if (authorization !== undefined) {
        const token = BEARER.exec(authorization)?.[1];
        return token === undefined ? null : { kind: "token", token };
      }
      const token = cookie === undefined ? null : tokenIn(cookie, start);
      return token === null ? null : { kind: "session", token };
    },
    write: (token) => `${start}${token ?? ""}${attributes}; Max-Age=${token === null ? 0 : MAX_AGE_S}`,
  };
}

function tokenIn(cookie: string, start: string): string | null {
  const value = cookieValue(cookie, start);
  return value !== null && TOKEN.test(value) ? value : null;
}

/** The value of the first cookie that starts so: its name and `=`. */
export function cookieValue(cookie: string, start: string): string | null {
  for (const part of cookie.split(";")) {
    const pair = part.trim();
    if (pair.startsWith(start)) return pair.slice(start.length);
  }
  return null;
}
