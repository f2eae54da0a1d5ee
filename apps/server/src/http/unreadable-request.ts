/** What is answered where nobody could even read the request. */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { problemOf } from "../problems.ts";
import { COMMON_HEADERS } from "./security-headers.ts";

/** Answers what could not be read as HTTP, on the bare socket, which then ends. */
export function writeUnreadable(socket: Duplex, code: string | undefined): void {
  // A client that is gone, or one that is being answered already, gets nothing more.
  if (code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const isHeaderTooLarge = code === "HPE_HEADER_OVERFLOW";
  const status = isHeaderTooLarge ? 431 : 400;
  const detail = isHeaderTooLarge ? "The request's headers are too large." : "The request can't be read as HTTP.";
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
}
