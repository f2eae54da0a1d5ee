import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, rawCall, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let client: Client;
let id: string;

beforeAll(async () => {
  app = await startApp({ env: { TITLES: "words" } });
  client = createClient(app.url);
  ({ id } = await client.create());
  await client.batch(id, { message: "something to page through" });
});

afterAll(() => app.stop());

const RUNS = { numRuns: 150 };

/** Values that parsers stumble over, and any text. */
const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "null",
    "undefined",
    "\0",
    "'; DROP TABLE message; --",
    '"',
    "%",
    "*",
    "NEAR(",
  ),
  fc.constantFrom(
    "eyJ9",
    "W10",
    "WzEsMl0",
    "W251bGwsbnVsbF0",
    "9".repeat(30),
    "\u{D800}",
    "\u{1F600}".repeat(9),
    "a AND OR NOT",
  ),
);

/** Bodies of the right and of any shape. */
const oddValue = fc.oneof(
  oddText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
);
const oddBody = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record(
    {
      title: oddValue,
      model: oddValue,
      pinned: oddValue,
      archived: oddValue,
      seq: oddValue,
      message_count: oddValue,
      unread: oddValue,
      message: oddValue,
      client_message_id: fc.oneof(oddValue, fc.uuid()),
      expected_last_seq: oddValue,
      replace_from_seq: oddValue,
      instructions: oddValue,
      action: fc.oneof(oddValue, fc.constantFrom("archive", "read", "restore", "trash", "unread")),
      ids: fc.oneof(oddValue, fc.array(fc.oneof(oddText, fc.uuid()), { maxLength: 4 })),
      all: fc.oneof(oddValue, fc.constant(true)),
      name: oddValue,
      preferences: oddValue,
      id: fc.oneof(oddValue, fc.uuid()),
    },
    { requiredKeys: [] },
  ),
);

describe("anything at the boundary", () => {
  it("[SYNC-7] never makes a query fail in the server", async () => {
    const paths = () => [
      "/api/conversations/sync",
      "/api/conversations",
      `/api/conversations/${id}`,
      `/api/conversations/${id}/messages`,
      `/api/conversations/${id}/unread`,
      "/api/trash",
      "/api/search",
    ];
    const names = fc.constantFrom(
      "since",
      "full",
      "epoch",
      "wait",
      "limit",
      "page",
      "cursor",
      "archived",
      "message_limit",
      "before",
      "after",
      "after_seq",
      "q",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, oddText), { maxLength: 4 }), fc.nat(), async (pairs, choice) => {
        const path = paths()[choice % paths().length];
        const query = pairs.map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`).join("&");
        const { status, text } = await client.call(`${path}?${query}`);
        expect(status, text).toBeLessThan(500);
      }),
      RUNS,
    );
  });

  it("never makes a body fail in the server", async () => {
    const calls = () => [
      ["POST", "/api/conversations"],
      ["PATCH", `/api/conversations/${id}`],
      ["POST", `/api/conversations/${id}/read`],
      ["POST", "/api/conversations/actions"],
      ["POST", `/api/conversations/${id}/chat/batch`],
      ["POST", `/api/conversations/${id}/chat/stream`],
      ["PATCH", "/api/me"],
    ];
    await fc.assert(
      fc.asyncProperty(oddBody, fc.nat(), async (body, choice) => {
        const [method = "POST", path = ""] = calls()[choice % calls().length] ?? [];
        const { status, text } = await client.call(path, { method, body: JSON.stringify(body) });
        expect(status, text).toBeLessThan(500);
      }),
      RUNS,
    );
  });

  it("never makes bytes that are no JSON fail in the server", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (body) => {
        const { status } = await client.call("/api/conversations", { method: "POST", body });
        expect(status).toBeLessThan(500);
      }),
      RUNS,
    );
  });

  it("never makes a path or a method fail in the server", async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        "api",
        "conversations",
        "chat",
        "replies",
        "stream",
        "stop",
        "sync",
        "c",
        "assets",
        "..",
        ".",
        "",
        "%2e%2e",
      ),
      oddText.map((text) => encodeURIComponent(text.toWellFormed())),
      fc.constantFrom("%", "%zz", "%00", "%2f", "*", ":id"),
    );
    const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 6 }), method, async (segments, method) => {
        const { status, text } = await rawCall(app.url, `/${segments.join("/")}`, { method });
        expect(status, text).toBeLessThan(500);
      }),
      RUNS,
    );
  });

  it("leaves the server as it was", async () => {
    expect(await client.call("/readyz")).toMatchObject({ status: 200 });
    expect((await client.open(id)).messages.length).toBeGreaterThan(0);
  });
});
