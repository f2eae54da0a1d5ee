/** Answers that nobody reads: whatever call they are of, their connection is given up after a while. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
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

const ASKED_AT_ONCE = 60;

/** Asks for the same again and again before it reads anything; returns how many answers came. */
async function answersTo(path: string): Promise<number> {
  const { hostname, port, host } = new URL(app.url);
  const socket = connect(Number(port), hostname).pause();
  socket.on("error", () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(ASKED_AT_ONCE - 1));
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  await sleep(1000);
  let all = "";
  socket.on("data", (bytes) => (all += bytes.toString("latin1")));
  await once(socket.resume(), "close");
  return all.split("HTTP/1.1 200").length - 1;
}

test.each([
  ["64", true],
  ["1", false],
])("[LIMIT-1] an account's answers that lie unread have %s MB: whether all of 54 come is %s", async (mb, isAll) => {
  await app.stop();
  app = await startApp({ env: { BODIES_MB_PER_ACCOUNT: mb } });
  const id = randomUUID();
  const created_at = "2026-01-01T00:00:00.000000Z";
  const message = () => ({ id: randomUUID(), role: "user", content: "x".repeat(180_000), created_at });
  const messages = Array.from({ length: 5 }, message);
  const conversations = [{ id, title: "Long", created_at, updated_at: created_at, messages }];
  const body = JSON.stringify({ instep_export: 1, conversations });
  await (await fetch(`${app.url}/api/import`, { method: "POST", body })).text();
  expect((await answersTo(`/api/conversations/${id}`)) === ASKED_AT_ONCE).toBe(isAll);
  // Whoever reads has all of it again.
  expect((await createClient(app.url).call(`/api/conversations/${id}`)).status).toBe(200);
});
