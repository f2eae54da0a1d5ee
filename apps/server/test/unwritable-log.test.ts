/** Standard output that can't be written ends nothing, and is written again as soon as it can be. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { THIS_MACHINES } from "./this-machines.ts";

const MAIN = resolve(import.meta.dirname, "../src/main.ts");
/** In blocks of 512 or 1,024 bytes: more than the database has, less than the log gets. */
const MOST_BLOCKS = 16 * 1024;
const FULL_LENGTH = 17 * 1024 * 1024;

let folder: string;
let child: ChildProcess;
let endpoint: Server;
let faults = 0;

/** An endpoint that is never well, and always for another reason: each time that it is asked is a line in the log. */
beforeAll(async () => {
  endpoint = createServer((_request, response) => {
    response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: `fault ${++faults}` }));
  }).listen(0, "127.0.0.1");
  await once(endpoint, "listening");
});
afterAll(() => void endpoint.close());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-log-"));
});
afterEach(async () => {
  const ended = once(child, "close");
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(shell: string): void {
  const address = endpoint.address();
  const port = typeof address === "object" ? address?.port : 0;
  child = spawn("sh", ["-c", shell, process.execPath, "--conditions=@instep/source", MAIN], {
    cwd: folder,
    env: {
      ...THIS_MACHINES,
      DATA_DIR: join(folder, "data"),
      PORT: "0",
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const addressIn = (text: string): string => /ready at (\S+)/.exec(text)?.[1] ?? "";

/** Has the program ask the endpoint, which it does once a second at most, and so write to its log. */
async function faultsAfter(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/config`);
  expect(answer.status).toBe(200);
  return faults;
}

it("goes on where the disk of its log is full, and logs again when it isn't", { timeout: 60_000 }, async () => {
  const log = join(folder, "log");
  start(`ulimit -f ${MOST_BLOCKS}; exec "$0" "$@" >> "${log}"`);
  const logged = () => readFileSync(log, "utf8");
  await expect.poll(() => addressIn(logged()), { timeout: 30_000 }).not.toBe("");
  const url = addressIn(logged());
  truncateSync(log, FULL_LENGTH);
  const before = faults;
  await expect.poll(() => faultsAfter(url), { timeout: 30_000 }).toBeGreaterThan(before + 2);
  truncateSync(log, 0);
  await expect
    .poll(async () => [await faultsAfter(url), logged()], { timeout: 30_000 })
    .toEqual([expect.any(Number), expect.stringMatching(/fault \d+/)]);
  expect(child.exitCode).toBeNull();
});

it("goes on where nobody reads its output any more", { timeout: 60_000 }, async () => {
  start('exec "$0" "$@"');
  let output = "";
  child.stdout?.on("data", (text) => (output += String(text)));
  await expect.poll(() => addressIn(output), { timeout: 30_000 }).not.toBe("");
  child.stdout?.destroy();
  child.stderr?.destroy();
  const before = faults;
  await expect.poll(() => faultsAfter(addressIn(output)), { timeout: 30_000 }).toBeGreaterThan(before + 2);
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number | null];
  expect(code).toBe(0);
});
