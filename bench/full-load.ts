/** As many requests as a server can answer: for its requests a second, and for the CPU of one. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { requestText, type HttpQuestion } from "./http-connection.ts";
import type { ServerProcess } from "./server-process.ts";

export interface LoadFigures {
  readonly requestsPerSecond: number;
  readonly cpuMicrosPerRequest: number;
}

/** What is asked over and over. */
export type AskedPath = Pick<HttpQuestion, "path" | "cookie">;

const CONNECTIONS = 32;

/** Asks the same again and again for `forMs`; the server's CPU is that of its process, all threads. */
export async function measureFullLoad(server: ServerProcess, asked: AskedPath, forMs: number): Promise<LoadFigures> {
  let requests = 0;
  let seconds = 0;
  const cpuMicros = await server.cpuWhile(async () => {
    const startedAt = performance.now();
    requests = await load(server.url, asked, forMs);
    seconds = (performance.now() - startedAt) / 1000;
  });
  return { requestsPerSecond: requests / seconds, cpuMicrosPerRequest: cpuMicros / requests };
}

/** One request at a time on each connection; answers have one length, so that counting bytes counts them. */
async function load(url: string, asked: AskedPath, forMs: number): Promise<number> {
  const { hostname, port, host } = new URL(url);
  const request = requestText(host, { ...asked, headers: "Accept-Encoding: gzip\r\n" });
  const length = await answerLength(connect(Number(port), hostname), request);
  let isOver = false;
  let count = 0;
  const runs = Array.from({ length: CONNECTIONS }, async () => {
    const socket = connect(Number(port), hostname).setNoDelay(true);
    let received = 0;
    socket.on("data", (bytes) => {
      received += bytes.length;
      if (received < length) return;
      received = 0;
      count++;
      if (isOver) socket.destroy();
      else socket.write(request);
    });
    socket.write(request);
    await once(socket, "close");
  });
  setTimeout(() => (isOver = true), forMs);
  await Promise.all(runs);
  return count;
}

async function answerLength(socket: Socket, request: string): Promise<number> {
  socket.write(request);
  const [bytes] = await once(socket, "data");
  socket.destroy();
  const text = String(bytes);
  const contentLength = /content-length: (\d+)/i.exec(text)?.[1];
  if (!text.startsWith("HTTP/1.1 200") || contentLength === undefined) throw new Error(`unexpected answer: ${text}`);
  return text.indexOf("\r\n\r\n") + 4 + Number(contentLength);
}
