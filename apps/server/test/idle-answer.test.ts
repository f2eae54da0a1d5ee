/** What an answer costs that says that nothing changed: counted, so that no header or statement more slips in unnoticed. */
import { ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient, since, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

/** The whole answer on the wire, `Date` and the connection's own headers included. */
const MOST_BYTES = 467;

let app: StartedApp;
let client: Client;

beforeEach(async () => {
  app = await startApp();
  client = createClient(app.url);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

test("an idle increment is written in one call, with no header set by itself", async () => {
  await client.create();
  const query = since(await client.sync());
  const setHeader = vi.spyOn(ServerResponse.prototype, "setHeader");
  const writeHead = vi.spyOn(ServerResponse.prototype, "writeHead");
  const end = vi.spyOn(ServerResponse.prototype, "end");
  for (let asked = 0; asked < 3; asked += 1) await client.sync(query);
  expect([setHeader.mock.calls.length, writeHead.mock.calls.length, end.mock.calls.length]).toEqual([0, 3, 3]);
  const [first, ...others] = writeHead.mock.calls.map(([, headers]) => headers);
  for (const headers of others) expect(headers, "the headers are made once").toBe(first);
});

test(`an idle increment has every header that it needs, in at most ${MOST_BYTES} bytes`, async () => {
  const query = since(await client.sync());
  const answer = await rawAnswer(app.url, `/api/conversations/sync?${query}`);
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(JSON.parse(body)).toMatchObject({ conversations: [], deleted_ids: [], is_full_sync: false });
  const names = head
    .split("\r\n")
    .slice(1)
    .map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
  expect(names.sort()).toEqual(
    [
      "cache-control",
      "connection",
      "content-length",
      "content-type",
      "cross-origin-resource-policy",
      "date",
      "keep-alive",
      "referrer-policy",
      "x-content-type-options",
    ].sort(),
  );
  expect(head).toContain("cache-control: private, no-cache");
  expect(answer.length).toBeLessThanOrEqual(MOST_BYTES);
});

test("whatever the sync address answers, it has the same common headers", async () => {
  const query = since(await client.sync());
  const etag = (await client.call("/api/conversations/sync")).headers.get("etag") ?? "";
  const answers = [
    await client.call(`/api/conversations/sync?${query}`),
    await client.call("/api/conversations/sync"),
    await client.call("/api/conversations/sync", { headers: { "if-none-match": etag } }),
    await client.call("/api/conversations/sync?since=never"),
    await client.call("/api/conversations/sync", { method: "POST" }),
    await client.call("/api/conversations/sync", { method: "POST", headers: { "sec-fetch-site": "cross-site" } }),
    await fetch(`${app.url}/api/conversations/sync`, { method: "HEAD" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 304, 400, 405, 403, 200]);
  for (const { headers, status } of answers) {
    expect([status, headers.get("cache-control")]).toEqual([status, "private, no-cache"]);
    expect([status, headers.get("x-content-type-options")]).toEqual([status, "nosniff"]);
    expect([status, headers.get("referrer-policy")]).toEqual([status, "no-referrer"]);
    expect([status, headers.get("cross-origin-resource-policy")]).toEqual([status, "same-origin"]);
  }
});

/** The bytes of one answer as they came. */
function rawAnswer(url: string, path: string): Promise<string> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
    socket.setTimeout(5000, () => reject(new Error("no answer came")));
    socket.once("error", reject);
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(bytes.toString("latin1"));
    });
  });
}
