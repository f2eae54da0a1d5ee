import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { selfSigned } from "../../test/self-signed.ts";
import { createHttpServer, type HeaderTimeouts } from "./http-server.ts";
import { writeUnreadable } from "./unreadable-request.ts";

const { cert, key } = selfSigned(1);
const CERTIFICATE = { cert: Buffer.from(cert), key: Buffer.from(key) };

const SHORT = { headersMs: 50, lookEveryMs: 10 };

/** A server, and how many connections it still has. */
async function serve(certificate: typeof CERTIFICATE | null, timeouts: HeaderTimeouts = SHORT) {
  const server = createHttpServer((_request, response) => response.end("here"), certificate, timeouts);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => writeUnreadable(socket, error.code, 20));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const count = () => new Promise<number>((resolve) => server.getConnections((_error, found) => resolve(found)));
  return { port, count };
}

async function open(port: number, isTls: boolean): Promise<Socket> {
  const options = { port, host: "127.0.0.1", allowHalfOpen: true };
  const socket = isTls ? connectTls({ ...options, ca: cert, servername: "localhost" }) : connect(options);
  socket.on("error", () => undefined);
  await once(socket, isTls ? "secureConnect" : "connect");
  return socket;
}

test("by itself it waits for a request's headers for a minute, and for its body as long as each call says", () => {
  const server = createHttpServer(() => undefined, null);
  expect([server.headersTimeout, server.requestTimeout]).toEqual([60_000, 0]);
});

test.each([
  ["HTTP", "says nothing", ""],
  ["HTTP", "stops within its headers", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow:"],
  ["HTTPS", "says nothing", ""],
  ["HTTPS", "stops within its headers", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow:"],
])("[SAFE-2] over %s a connection that %s is told that it took too long, and is kept no more", async (...row) => {
  const [scheme, , text] = row;
  const { port, count } = await serve(scheme === "HTTPS" ? CERTIFICATE : null);
  const socket = await open(port, scheme === "HTTPS");
  if (text !== "") socket.write(text);
  let answer = "";
  socket.on("data", (bytes) => (answer += String(bytes)));
  await once(socket, "end");
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n.*connection: close/s);
  expect(answer).toContain("The request did not come in time.");
  // It closes nothing on its side.
  await expect.poll(count).toBe(0);
  socket.destroy();
});

test("[SAFE-2] one that sent what is no HTTP is kept no more either, though it closes nothing", async () => {
  const { port, count } = await serve(null, { headersMs: 60_000, lookEveryMs: 60_000 });
  const socket = await open(port, false);
  socket.write("no HTTP at all\r\n\r\n");
  socket.resume();
  await once(socket, "end");
  await expect.poll(count).toBe(0);
  socket.destroy();
});

test("one that was answered may be silent for longer, as a device that polls is", async () => {
  const { port, count } = await serve(null, { headersMs: 1000, lookEveryMs: 50 });
  const socket = await open(port, false);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(socket, "data");
  const silent = await open(port, false);
  silent.resume();
  // It came later, and is cut first.
  await once(silent, "end");
  await expect.poll(count).toBe(1);
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect(String((await once(socket, "data"))[0])).toContain("200 OK");
  silent.destroy();
  socket.destroy();
});
