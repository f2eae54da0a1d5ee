/** The session that every request of a measurement carries, and the least that finding out who asks can cost. */
import type { IncomingMessage } from "node:http";

const SESSION = "0123456789abcdef0123456789abcdef";
export const SESSION_COOKIE = `theme=dark; session=${SESSION}`;

/** The least that finding a session by its cookie can cost, for a floor that knows one session. */
export function knowsOnly(cookie: string): (request: IncomingMessage) => string | undefined {
  const [name = "", session = ""] = cookie.split("=");
  const accounts = new Map([[session, "account"]]);
  const form = new RegExp(`(?:^|; )${name}=([\\w-]+)`);
  return ({ headers }) => accounts.get(form.exec(headers.cookie ?? "")?.[1] ?? "");
}

/** The account of a request of the measurements; undefined where it carries another session, or none. */
export const accountOfSession = knowsOnly(`session=${SESSION}`);
