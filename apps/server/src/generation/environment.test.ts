import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { generationEnvironment } from "./environment.ts";

let asked: PromiseWithResolvers<ServerResponse>;
const server = createServer((_request, response) => asked.resolve(response));

beforeEach(async () => {
  asked = Promise.withResolvers();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

function ask(): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return generationEnvironment.fetch(`http://127.0.0.1:${port}/`, {});
}

const HOUR_MS = 3_600_000;

it("[MODEL-1] an endpoint may be silent for as long as the settings say before it answers, and in its answer", async () => {
  const answer = ask();
  // What goes wrong meanwhile is told below.
  answer.catch(() => undefined);
  const response = await asked.promise;
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  response.writeHead(200).write("one ");
  const { body } = await answer;
  const text = new Response(body).text();
  text.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  response.end("two");
  expect(await text).toBe("one two");
});
