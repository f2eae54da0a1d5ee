/** What is answered where nobody could even read the request. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { problemOf } from "../problems.ts";
import { COMMON_HEADERS } from "./security-headers.ts";

/** After so long a client that reads has the answer, and the socket is closed. */
const LINGER_MS = 2000;

const UNREADABLE = { status: 400, detail: "The request can't be read as HTTP." };
/** By Node's code. */
const OTHERS: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: "The request did not come in time." },
  HPE_HEADER_OVERFLOW: { status: 431, detail: "The request's headers are too large." },
};

/** Answers what could not be read as HTTP, on the bare socket, which then ends, and is gone soon after whatever its client does. */
export function writeUnreadable(socket: Duplex, code = "", lingerMs = LINGER_MS): void {
  // A client that is gone, or one that is being answered already, gets nothing more.
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const { status, detail } = OTHERS[code] ?? UNREADABLE;
  const { headers, body } = problemOf({ refused: "invalid_parameter", detail }, status);
  const json = JSON.stringify(body);
  const lines = Object.entries({
    ...COMMON_HEADERS,
    ...headers,
    "content-length": Buffer.byteLength(json),
    connection: "close",
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${json}`);
  const cut = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once("close", () => clearTimeout(cut));
}
