/** The headers that keep a browser from being talked into something: on every answer, and the page's own policy. */
import type { ServerResponse } from "node:http";

/** What the page may load and do: its own files only, and nothing that stands inline. Script may still set a style's properties [SAFE-4]. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** What the page never asks a person for, so that nothing that gets into it can. */
const PERMISSIONS_POLICY = [
  "accelerometer",
  "browsing-topics",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "hid",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
]
  .map((feature) => `${feature}=()`)
  .join(", ");

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

/** Has browsers come by HTTPS only from then on, for as long as the setting says; sync answers do without it. */
export function setTransportHeader(response: ServerResponse, hstsSeconds: number): void {
  if (hstsSeconds > 0) response.setHeader("strict-transport-security", `max-age=${hstsSeconds}`);
}

/** The same as names and values in turn, for `writeHead`: headers that are set one by one make a small answer a tenth dearer. */
export function commonHeaderList(own: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries({ ...COMMON_HEADERS, ...own }).flat();
}

/** For the page and its files besides. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "permissions-policy": PERMISSIONS_POLICY,
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
};
