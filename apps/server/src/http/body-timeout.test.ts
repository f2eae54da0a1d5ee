import { once } from "node:events";
import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { limitBodyTime } from "./body-timeout.ts";

/** A server with that timeout, and a request whose body has begun; the first byte is there when this resolves. */
async function begun(ms: number) {
  const arrived = Promise.withResolvers<void>();
  const server = createServer((incoming, response) => {
    limitBodyTime(incoming, ms);
    incoming.on("data", () => arrived.resolve()).on("end", () => response.end("all of it"));
    incoming.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, host: "127.0.0.1", method: "POST", headers: { "content-length": 2 }, agent: false });
  sent.write("a");
  await arrived.promise;
  return { sent };
}

test("a body that doesn't come to its end in time has its connection cut", async () => {
  const { sent } = await begun(1);
  const [error] = await once(sent, "error");
  expect(error).toMatchObject({ code: "ECONNRESET" });
});

test("one that comes in time is answered, and nothing is left that could cut it later", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { sent } = await begun(60_000);
  expect(vi.getTimerCount()).toBe(1);
  sent.end("b");
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  expect(vi.getTimerCount()).toBe(0);
});
