/** The session that every request of a measurement carries, and the least that finding out who asks can cost. */
import type { IncomingMessage } from "node:http";

const SESSION = "0123456789abcdef0123456789abcdef";
export const SESSION_COOKIE = `theme=dark; session=${SESSION}`;

const accountBySession = new Map([[SESSION, "account"]]);

/** The account of the request's session; undefined where it has none. */
export function accountOf({ headers }: IncomingMessage): string | undefined {
  const session = /(?:^|; )session=([0-9a-f]{32})/.exec(headers.cookie ?? "")?.[1] ?? "";
  return accountBySession.get(session);
}
