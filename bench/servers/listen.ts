/** Puts a plain server on a free port of the loopback interface. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens and returns the address. */
export async function listen(handler: Handler): Promise<string> {
  const server = createServer({ keepAliveTimeout: 65_000 }, handler);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", 16_384, resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers JSON with the headers that the program sends too. */
export function answerJson(response: ServerResponse, json: string): void {
  const headers = ["content-type", "application/json; charset=utf-8", "cache-control", "private, no-cache"];
  headers.push("content-length", String(Buffer.byteLength(json)));
  response.writeHead(200, headers);
  response.end(json);
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
