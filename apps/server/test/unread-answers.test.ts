/** Answers that nobody reads: whatever call they are of, their connection is given up after a while. */
import { randomUUID } from "node:crypto";
import { connect, Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { STALLED_MS } from "../src/http/backpressure.ts";
import { createClient } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;

beforeEach(async () => {
  app = await startApp();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

test.each(["/api/openapi.json", "/api/conversations/sync"])("[SAFE-2] of %s", async (path) => {
  const client = createClient(app.url);
  const title = "x".repeat(200);
  for (let made = 0; made < 60; made += 1) {
    await client.call("/api/conversations", { body: { id: randomUUID(), title } });
  }
  const stalled = new Set<Socket>();
  vi.spyOn(Socket.prototype, "setTimeout").mockImplementation(function begin(this: Socket, ms) {
    if (ms !== STALLED_MS) return this;
    stalled.add(this);
    setTimeout(() => this.destroy(), 50);
    return this;
  });
  const { hostname, port, host } = new URL(app.url);
  const socket = connect(Number(port), hostname).pause();
  socket.on("error", () => undefined);
  // More than a connection takes unread, asked for in one go.
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(1000));
  await expect.poll(() => [...stalled].map(({ destroyed }) => destroyed), { timeout: 15_000 }).toEqual([true]);
  socket.destroy();
});
