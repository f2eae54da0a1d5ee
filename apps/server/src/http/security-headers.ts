/** The headers that keep a browser from being talked into something: on every answer, and the page's own policy. */
import type { ServerResponse } from "node:http";

/** What the page may load and do: its own files only; styles may stand inline, since menus place themselves by them. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** For every answer: nothing is kept unless it says so. */
export const COMMON_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

const COMMON_LINES = Object.entries(COMMON_HEADERS);

/** Before anybody answers: whatever the answer becomes, a refusal too, it has these headers. */
export function setCommonHeaders(response: ServerResponse): void {
  for (const [name, value] of COMMON_LINES) response.setHeader(name, value);
}

/** The same as names and values in turn, for `writeHead`: headers that are set one by one make a small answer a tenth dearer. */
export function commonHeaderList(own: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries({ ...COMMON_HEADERS, ...own }).flat();
}

/** For the page and its files besides. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
};
