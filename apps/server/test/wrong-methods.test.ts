/** A method that an address doesn't have is told so, by whoever may ask at all, and before anything else is made of the request. */
import { randomUUID } from "node:crypto";
import http from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, rawCall, type CallOptions, type Client } from "./client.ts";
import { signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

const USUAL = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** All that Node reads, but for CONNECT, which asks for no address, and HEAD, whose answer says nothing. TRACE is what no `fetch` sends. */
const OTHERS = http.METHODS.filter((method) => ![...USUAL, "CONNECT", "HEAD", "TRACE"].includes(method));

interface Address {
  readonly path: string;
  readonly methods: readonly string[];
}

let app: StartedApp;
let ann: Someone;
let nobody: Client;
let addresses: readonly Address[];

beforeAll(async () => {
  app = await startForPeople({ env: { CALLS_PER_MINUTE: "1000000", BODY_LIMIT_KB: "64" } });
  ann = await signUp(app.url, "ann");
  nobody = createClient(app.url);
  const { paths } = (await ann.call<{ paths: Record<string, object> }>("/api/openapi.json")).body;
  addresses = Object.entries(paths).map(([path, calls]) => ({
    path: path.replaceAll(/\{\w+\}/g, randomUUID()),
    methods: Object.keys(calls).map((method) => method.toUpperCase()),
  }));
});

afterAll(() => app.stop());

/** Bodies that no call takes. */
const BODIES: readonly CallOptions[] = [
  { body: "x", headers: { "content-type": "text/plain" } },
  { body: "{", headers: { "content-type": "application/json" } },
  { body: `"${"x".repeat(80_000)}"`, headers: { "content-type": "application/json" } },
  { body: "x", headers: { "content-type": "nothing" } },
];

describe("a method that an address doesn't have", { timeout: 120_000 }, () => {
  it("is 405 with those that it has, whatever comes with it", async () => {
    expect(addresses.length).toBeGreaterThan(30);
    for (const { path, methods } of addresses) {
      for (const method of USUAL.filter((one) => !methods.includes(one))) {
        const options = method === "GET" ? [{}] : BODIES;
        for (const option of options) {
          const { status, body, headers } = await ann.call(path, { method, ...option });
          expect([method, path, status, body.code]).toEqual([method, path, 405, "method_not_allowed"]);
          expect(headers.get("allow")?.split(", ")).toEqual(expect.arrayContaining([...methods]));
        }
      }
    }
  });

  it("is 405 also where it is one that no address has", async () => {
    expect(OTHERS.length).toBeGreaterThan(20);
    const answer = await rawCall(app.url, "/api/config", { method: "TRACE" });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([405, { code: "method_not_allowed" }]);
    for (const [index, { path, methods }] of addresses.entries()) {
      for (const method of OTHERS) {
        const body = BODIES[index % BODIES.length];
        for (const option of method === "QUERY" ? [{}, ...BODIES] : [index % 2 === 0 ? {} : body]) {
          const { status, headers } = await ann.call(path, { method, ...option });
          expect([method, path, status]).toEqual([method, path, 405]);
          expect(headers.get("allow")?.split(", ")).toEqual(expect.arrayContaining([...methods]));
        }
      }
    }
  });

  it("[LIMIT-1] is 404 where there is no such address, whatever it is", async () => {
    for (const method of [...OTHERS, ...USUAL]) {
      for (const path of ["/api/nowhere", "/nowhere"]) {
        const { status, body } = await ann.call(path, { method, ...(method === "GET" ? {} : BODIES[0]) });
        expect([method, path, status, body.code]).toEqual([method, path, 404, "not_found"]);
      }
    }
  });

  it("[SIGN-3] is 401 to whoever is signed out, wherever its calls are", async () => {
    const codes = new Set<string>();
    for (const { path, methods } of addresses) {
      const own = await nobody.call(path, { method: methods[0] ?? "", ...(methods[0] !== "GET" && { body: {} }) });
      for (const method of [...USUAL, "QUERY", "PROPFIND"].filter((one) => !methods.includes(one))) {
        const { status, body } = await nobody.call(path, { method, ...(method !== "GET" && BODIES[0]) });
        const isOpen = own.status !== 401 || own.body.code !== "unauthorized";
        const code = isOpen ? "method_not_allowed" : "unauthorized";
        expect([method, path, status, body.code]).toEqual([method, path, isOpen ? 405 : 401, code]);
        codes.add(code);
      }
    }
    expect(codes.size).toBe(2);
  });
});
