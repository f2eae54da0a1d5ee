import { MAX_INSTRUCTIONS_LENGTH, MAX_PRESET_NAME_LENGTH, MAX_TITLE_LENGTH, type Me } from "@instep/protocol";
import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, rawCall, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let client: Client;
const standing = randomUUID();

beforeAll(async () => {
  app = await startApp({ env: { BODY_LIMIT_KB: "1024" } });
  client = createClient(app.url);
});

afterAll(() => app.stop());

describe("a request that expects what nobody knows", () => {
  it.each(["/api/config", "/api/conversations/sync", "/", "/nowhere"])(
    "is answered at %s as any other",
    async (path) => {
      const plain = await rawCall(app.url, path);
      expect(await rawCall(app.url, path, { headers: { expect: "200-ok" } })).toMatchObject({ status: plain.status });
      const foreign = { expect: "200-ok", host: "rebound.example" };
      expect(await rawCall(app.url, path, { headers: foreign })).toMatchObject({ status: 403 });
    },
  );
});

describe("other sites", () => {
  const host = "127.0.0.1";

  it("[SAFE-1] refuses a state-changing call with a foreign Origin, and writes nothing", async () => {
    const id = randomUUID();
    for (const origin of ["https://evil.example", "null", `http://${host}:1`]) {
      const answer = await rawCall(app.url, "/api/conversations", {
        method: "POST",
        body: { id },
        headers: { origin, host: new URL(app.url).host },
      });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.text)).toMatchObject({ code: "cross_site", status: 403 });
    }
    expect(await client.call(`/api/conversations/${id}`)).toMatchObject({ status: 404 });
  });

  it("[SAFE-1] refuses what the browser calls cross-site, and takes the page's own calls", async () => {
    const body = { id: randomUUID() };
    const foreign = await client.call("/api/conversations", { body, headers: { "sec-fetch-site": "cross-site" } });
    const own = await client.call("/api/conversations", {
      body,
      headers: { "sec-fetch-site": "same-origin", origin: app.url },
    });
    expect([foreign.status, own.status]).toEqual([403, 201]);
  });

  it.each(["/api/conversations/sync", "/api/conversations", "/api/config", "/", "/healthz", "/metrics", "/nowhere"])(
    "[SAFE-1] refuses GET %s under a foreign Host",
    async (path) => {
      const answer = await rawCall(app.url, path, { headers: { host: "rebound.example:3000" } });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.text)).toMatchObject({ code: "cross_site" });
    },
  );

  it.each(["localhost:3000", "127.0.0.2", "[::1]:80", "chat.localhost"])(
    "[SAFE-1] answers to Host %s",
    async (host) => {
      expect(await rawCall(app.url, "/api/conversations/sync", { headers: { host } })).toMatchObject({ status: 200 });
      expect(await rawCall(app.url, "/api/config", { headers: { host } })).toMatchObject({ status: 200 });
    },
  );
});

describe("problems", () => {
  it.each([
    ["/api/nowhere", { method: "GET" }, { status: 404, code: "not_found" }],
    ["/nowhere", { method: "POST", body: {} }, { status: 404, code: "not_found" }],
    ["/api/%zz", { method: "GET" }, { status: 404, code: "not_found" }],
    ["/api/conversations", { method: "PUT", body: {} }, { status: 405, code: "method_not_allowed" }],
    ["/api/conversations/sync", { method: "POST", body: {} }, { status: 405, code: "method_not_allowed" }],
    ["/api/trash", { method: "PUT" }, { status: 405, code: "method_not_allowed" }],
    ["/api/conversations", { method: "POST", body: "{" }, { status: 400, code: "invalid_body" }],
    ["/api/conversations", { method: "POST", body: '{"__proto__":{}}' }, { status: 400, code: "invalid_body" }],
    ["/api/conversations", { method: "POST", body: "null" }, { status: 400, code: "invalid_body" }],
    ["/api/conversations", { method: "POST", body: { id: "1" } }, { status: 400, code: "invalid_body" }],
    ["/api/conversations", { method: "POST", body: { id: 5 } }, { status: 400, code: "invalid_body" }],
    ["/api/conversations", { method: "POST", body: { title: "x".repeat(501) } }, { status: 400, code: "invalid_body" }],
    ["/api/conversations", { method: "POST", body: { model: "" } }, { status: 400, code: "invalid_body" }],
    [
      "/api/me",
      { method: "PATCH", body: { preferences: { unread_scope: "all" } } },
      { status: 400, code: "invalid_body" },
    ],
  ])("%s with %j is a problem: %j", async (path, options, { status, code }) => {
    const answer = await client.call(path, options);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.body).toMatchObject({ status, code, type: expect.any(String), title: expect.any(String) });
    expect(answer.body.detail).not.toBe("");
    expect(answer.status).toBe(status);
  });

  it("refuses a name or a title of nothing that can be seen, naming the field, and changes nothing", async () => {
    const { id, title } = await client.create("Kept");
    const { name } = (await client.call<Me>("/api/me")).body;
    for (const blank of [
      "",
      "  ",
      "\n\t\u00a0",
      "\u200b",
      "\u200e \u202e",
      "\u3164\u115f",
      "\ufeff\u2800\u00ad",
      "\u{e0061}",
    ]) {
      const me = await client.call("/api/me", { method: "PATCH", body: { name: blank } });
      expect(me).toMatchObject({ status: 400, body: { code: "invalid_body", field: "name" } });
      const one = await client.call(`/api/conversations/${id}`, {
        method: "PATCH",
        body: { title: blank, pinned: true },
      });
      expect(one).toMatchObject({ status: 400, body: { code: "invalid_body", field: "title" } });
    }
    expect(await client.open(id)).toMatchObject({ title, pinned: false });
    expect((await client.call<Me>("/api/me")).body.name).toBe(name);
    expect((await client.create("")).title).toBe("");
  });

  it.each<[string, string, number, (text: string) => Parameters<Client["call"]>]>([
    ["a title", "title", MAX_TITLE_LENGTH, (title) => ["/api/conversations", { body: { title } }]],
    [
      "instructions",
      "instructions",
      MAX_INSTRUCTIONS_LENGTH,
      (text) => ["/api/conversations", { body: { instructions: text } }],
    ],
    [
      "another title",
      "title",
      MAX_TITLE_LENGTH,
      (title) => [`/api/conversations/${standing}`, { method: "PATCH", body: { title } }],
    ],
    [
      "other instructions",
      "instructions",
      MAX_INSTRUCTIONS_LENGTH,
      (instructions) => [`/api/conversations/${standing}`, { method: "PATCH", body: { instructions } }],
    ],
    [
      "a preset's name",
      "name",
      MAX_PRESET_NAME_LENGTH,
      (name) => [`/api/presets/${standing}`, { method: "PUT", body: { name, instructions: "Be brief." } }],
    ],
    [
      "a preset's instructions",
      "instructions",
      MAX_INSTRUCTIONS_LENGTH,
      (instructions) => [`/api/presets/${standing}`, { method: "PUT", body: { name: "Brief", instructions } }],
    ],
    ["a search", "q", 500, (text) => [`/api/search?q=${encodeURIComponent(text)}`]],
  ])("takes %s up to its length, and refuses what is longer by its name", async (...[, name, most, call]) => {
    await client.call("/api/conversations", { body: { id: standing } });
    // A sign outside of the first plane counts twice, as everywhere in a browser.
    for (const sign of ["x", "\u{1F600}"]) {
      const whole = sign.repeat(most / sign.length);
      expect((await client.call(...call(whole))).status).toBeLessThan(300);
      const { status, body } = await client.call(...call(`${whole}x`));
      expect([status, body]).toEqual([
        400,
        expect.objectContaining(name === "q" ? { parameter: name } : { field: name }),
      ]);
    }
  });

  it("refuses other content types: 415", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const answer = await client.call("/api/conversations", { body: "{}", headers: { "content-type": type } });
      expect(answer).toMatchObject({ status: 415, body: { code: "unsupported_media_type" } });
    }
  });

  it("names the methods that an address has", async () => {
    const { headers } = await client.call("/api/conversations", { method: "PUT", body: {} });
    expect(headers.get("allow")?.split(", ").sort()).toEqual(["GET", "HEAD", "POST"]);
  });

  it("refuses a body over BODY_LIMIT_KB: 413", async () => {
    const answer = await client.call("/api/conversations", { body: { title: "x".repeat(1_100_000) } });
    expect(answer).toMatchObject({ status: 413, body: { code: "body_too_large" } });
  });

  it("reads a compressed body, refuses one that grows over the limit, one that is damaged, and other encodings", async () => {
    const send = async (body: Uint8Array<ArrayBuffer>, encoding: string) => {
      const headers = { "content-type": "application/json", "content-encoding": encoding };
      return (await fetch(`${app.url}/api/conversations`, { method: "POST", headers, body })).status;
    };
    const zip = (text: string) => new Uint8Array(gzipSync(text));
    expect(await send(zip('{"title":"small"}'), "gzip")).toBe(201);
    expect(await send(zip(JSON.stringify({ title: "x".repeat(20_000_000) })), "gzip")).toBe(413);
    expect(await send(zip('{"title":"small"}').slice(0, 20), "gzip")).toBe(400);
    expect(await send(new TextEncoder().encode("{}"), "gzip")).toBe(400);
    expect(await send(new TextEncoder().encode("{}"), "rot13")).toBe(415);
  });

  it("refuses a message over 200,000 characters: 422, and takes one of exactly that many", async () => {
    const { id } = await client.create();
    const long = await client.batch(id, { message: "x".repeat(200_001) });
    expect(long).toMatchObject({ status: 422, body: { code: "message_too_long" } });
    expect(await client.batch(id, { message: "x".repeat(200_000) })).toMatchObject({ status: 200 });
  });

  it("refuses a send without a message, an id or a model that exists", async () => {
    const { id } = await client.create();
    expect(await client.batch(id, {})).toMatchObject({ status: 400, body: { code: "invalid_body" } });
    for (const message of ["", " \n "]) {
      expect(await client.batch(id, { message })).toMatchObject({ status: 400, body: { field: "message" } });
    }
    expect(await client.batch(id, { message: "x", clientMessageId: "" })).toMatchObject({ status: 400 });
    expect(await client.batch(id, { message: "x", clientMessageId: "x".repeat(201) })).toMatchObject({ status: 400 });
    expect(await client.batch(id, { message: "x", more: { expected_last_seq: -1 } })).toMatchObject({ status: 400 });
    const model = await client.batch(id, { message: "x", more: { model: "none" } });
    expect(model).toMatchObject({ status: 422, body: { code: "unknown_model" } });
    expect((await client.open(id)).message_count).toBe(0);
  });

  it("answers what is no HTTP with a problem too", async () => {
    const host = `Host: ${new URL(app.url).host}\r\n`;
    const requests = [
      { text: "not HTTP at all\r\n\r\n", status: 400 },
      { text: `GET /api/search?q=Stra\u00dfe HTTP/1.1\r\n${host}\r\n`, status: 400 },
      { text: `GET /api/me HTTP/1.1\r\n${host}X-Long: ${"x".repeat(20_000)}\r\n\r\n`, status: 431 },
      { text: "GET /api/me HTTP/1.1\r\n\r\n", status: 403 },
    ];
    for (const { text, status } of requests) {
      const answer = await rawExchange(app.url, text);
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer.toLowerCase()).toContain("content-type: application/problem+json");
      expect(answer.toLowerCase()).toContain("x-content-type-options: nosniff");
      expect(answer).toContain(`"status":${status}`);
    }
  });

  it("gives every answer the headers that keep a browser from guessing and caching", async () => {
    const foreign = { method: "POST", body: {}, headers: { "sec-fetch-site": "cross-site" } };
    for (const options of [{}, foreign]) {
      const answer = await client.call("/api/me", options);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    }
  });
});

it("[SAFE-2] a body of more parts than any call takes is refused without being read, and a text may have any signs", async () => {
  const members = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`member ${n}`, n]));
  const refused = await client.call("/api/conversations", { body: { title: "Many", ...members } });
  expect([refused.status, refused.body.code]).toEqual([400, "invalid_body"]);
  const { id } = await client.create();
  const message = '[{,"'.repeat(40_000);
  expect((await client.batch(id, { message })).status).toBe(200);
});

/** Writes bytes as they are, and reads until the server closes or has answered. */
function rawExchange(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      answer += String(chunk);
      if (answer.endsWith("}")) socket.end();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("every answer, whatever it is", () => {
  it.each([
    ["/api/config", 200],
    ["/api/me", 200],
    ["/api/conversations/00000000-0000-4000-8000-000000000000", 404],
    ["/api/conversations?limit=none", 400],
    ["/api/nowhere", 404],
    ["/openapi.json", null],
    ["/healthz", 200],
    ["/readyz", 200],
    ["/metrics", 200],
    ["/", null],
    ["/nowhere.js", null],
  ])(
    "[SAFE-4] %s is not sniffed, not embedded elsewhere, not kept unasked, and tells no other site whence a link was followed",
    async (path, status) => {
      const answer = await client.call(path);
      if (status !== null) expect(answer.status).toBe(status);
      expect(answer.headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      expect(answer.headers.get("cache-control")).toMatch(/no-store|no-cache|immutable/);
    },
  );
});
