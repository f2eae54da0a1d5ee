/** Bodies that come drop by drop, of requests that were answered already: how long they are waited for. */
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { BODY_TIMEOUT_MS } from "../src/http/body-timeout.ts";
import { signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

/** The timeout of a body here. */
const SHORT_MS = 400;

let app: StartedApp;
let ann: Someone;

beforeEach(async () => {
  const { setTimeout: begin } = globalThis;
  vi.stubGlobal("setTimeout", (run: () => void, ms: number) => begin(run, ms === BODY_TIMEOUT_MS ? SHORT_MS : ms));
  app = await startForPeople({ env: { IMPORT_LIMIT_MB: "1" } });
  ann = await signUp(app.url, "ann");
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await app.stop();
});

interface Dripping {
  /** The request's line, and what stands below it before the connection's own headers. */
  readonly head: string;
  readonly cookie?: string;
}

const IMPORT = "POST /api/import HTTP/1.1";
const SYNC = "GET /api/conversations/sync HTTP/1.1";

/** A request whose body goes on for ever, a byte at a time, whatever is answered. */
function drip({ head, cookie = "" }: Dripping) {
  const { hostname, port, host } = new URL(app.url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let answer = "";
  socket.on("data", (bytes) => (answer += String(bytes))).on("error", () => undefined);
  const cut = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  const length = head.includes("Content-Length") ? "" : "Transfer-Encoding: chunked\r\n";
  socket.write(`${head}\r\nHost: ${host}\r\nCookie: ${cookie}\r\n${length}\r\n`);
  const dripping = setInterval(() => socket.write(length === "" ? "x" : "1\r\nx\r\n"), 50);
  const end = () => clearInterval(dripping);
  socket.once("close", end);
  onTestFinished(() => {
    end();
    socket.destroy();
  });
  const statusOf = () => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
  return { socket, cut, end, statusOf };
}

it.each([
  ["an import of nobody's", 401, () => ({ head: IMPORT })],
  ["an import as a form", 415, () => ({ head: `${IMPORT}\r\nContent-Type: multipart/form-data`, cookie: ann.cookie })],
  ["an import that is too long", 413, () => ({ head: `${IMPORT}\r\nContent-Length: 2000000`, cookie: ann.cookie })],
  ["a sync call", 200, () => ({ head: SYNC, cookie: ann.cookie })],
  ["a sync call of nobody's", 401, () => ({ head: SYNC })],
  ["a call from elsewhere", 403, () => ({ head: `${IMPORT}\r\nSec-Fetch-Site: cross-site` })],
] satisfies [string, number, () => Dripping][])("[SAFE-2] the body of %s is cut after a while", async (...row) => {
  const [, status, asked] = row;
  const { cut, statusOf } = drip(asked());
  await expect.poll(statusOf).toBe(status);
  await cut;
});

it("[SAFE-2] so is that of an import beside one that runs, which may take as long as it keeps coming", async () => {
  const running = drip({ head: IMPORT, cookie: ann.cookie });
  await expect
    .poll(() => existsSync(join(app.dataDir, "imports")) && readdirSync(join(app.dataDir, "imports")))
    .toHaveLength(1);
  for (let further = 0; further < 3; further += 1) {
    const { cut, statusOf } = drip({ head: IMPORT, cookie: ann.cookie });
    await expect.poll(statusOf).toBe(409);
    await cut;
  }
  running.end();
  running.socket.write("0\r\n\r\n");
  await expect.poll(running.statusOf).toBe(200);
});

it("[SAFE-2] so is what is left of an import that has become too long", async () => {
  const { socket, cut, statusOf } = drip({ head: IMPORT, cookie: ann.cookie });
  socket.write(`${(1_100_000).toString(16)}\r\n${"x".repeat(1_100_000)}\r\n`);
  await expect.poll(statusOf).toBe(413);
  await cut;
});
