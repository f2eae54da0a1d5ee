import type { Config, Me } from "@instep/protocol";
import { ConfigSchema, MeSchema } from "@instep/protocol/schemas";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let client: Client;

beforeAll(async () => {
  app = await startApp({ env: { SYNC_POLL_INTERVAL_SECONDS: "7", SYNC_MAX_WAIT_SECONDS: "9" } });
  client = createClient(app.url);
});

afterAll(() => app.stop());

/** What the document says of calls, as far as it is judged here. */
interface Described {
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly components: { readonly securitySchemes: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedCall>>>>;
}

interface DescribedCall {
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: object };
}

describe("the program", () => {
  it("tells a device its settings", async () => {
    const { body } = await client.call<Config>("/api/config");
    expect(Value.Check(ConfigSchema, body)).toBe(true);
    expect(body).toMatchObject({
      sync: { poll_interval_ms: 7000, full_sync_threshold_ms: 300_000, live: true, max_wait_s: 9 },
      models: [{ id: "demo" }],
      default_model: "demo",
      auth: { mode: "local" },
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it("offers the demo model under the names of MODELS, the first one the default", async () => {
    const own = await startApp({ env: { MODELS: "small=The small one, large" } });
    const { body } = await createClient(own.url).call<Config>("/api/config");
    await own.stop();
    expect(body.models).toEqual([
      { id: "small", name: "The small one" },
      { id: "large", name: "large" },
    ]);
    expect(body.default_model).toBe("small");
  });

  it("keeps the local account's name and preferences", async () => {
    const { body: before } = await client.call<Me>("/api/me");
    expect(Value.Check(MeSchema, before)).toBe(true);
    expect(before).toMatchObject({ email: null, preferences: { unread_scope: "device" } });
    const change = { name: "Somebody", preferences: { unread_scope: "account" } };
    const { body: after } = await client.call<Me>("/api/me", { method: "PATCH", body: change });
    expect(after).toEqual({ ...before, ...change });
    expect((await client.call<Me>("/api/me")).body).toEqual(after);
  });

  it("is healthy and ready", async () => {
    expect(await client.call("/healthz")).toMatchObject({ status: 200 });
    expect(await client.call("/readyz")).toMatchObject({ status: 200 });
  });

  it("counts requests by route and status, never by address, and what is held and running", async () => {
    const { id } = await client.create();
    await client.open(id);
    await client.sync();
    const { text, headers } = await client.call("/metrics");
    expect(headers.get("content-type")).toContain("text/plain");
    expect(text).toContain('route="/api/conversations/:id",status="200"');
    expect(text).toMatch(/instep_sync_requests_total\{status="200"\} [1-9]/);
    expect(text).toMatch(/^instep_held_requests 0$/m);
    expect(text).toMatch(/^instep_running_replies 0$/m);
    expect(text).toMatch(/^instep_writes_total [1-9]/m);
    expect(text).toContain("nodejs_eventloop_lag_seconds");
    expect(text).not.toContain(id);
  });

  it("[MSG-2] describes every call of the specification in valid OpenAPI 3.1; none stores a whole conversation", async () => {
    const { body } = await client.call<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
      "/api/openapi.json",
    );
    const result = await new Validator().validate(structuredClone(body));
    expect(result).toMatchObject({ valid: true });
    expect(body.openapi).toMatch(/^3\.1\./);
    const calls = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(calls.sort()).toEqual([
      "DELETE /api/conversations/{id}",
      "DELETE /api/presets/{preset_id}",
      "DELETE /api/push/subscriptions",
      "DELETE /api/trash",
      "GET /api/config",
      "GET /api/conversations",
      "GET /api/conversations/sync",
      "GET /api/conversations/{id}",
      "GET /api/conversations/{id}/chat/replies/{reply_id}/stream",
      "GET /api/conversations/{id}/messages",
      "GET /api/conversations/{id}/unread",
      "GET /api/conversations/{id}/versions/{seq}",
      "GET /api/export",
      "GET /api/me",
      "GET /api/presets",
      "GET /api/push/key",
      "GET /api/search",
      "GET /api/trash",
      "GET /api/trash/{id}/messages",
      "PATCH /api/conversations/{id}",
      "PATCH /api/me",
      "POST /api/conversations",
      "POST /api/conversations/actions",
      "POST /api/conversations/{id}/chat/batch",
      "POST /api/conversations/{id}/chat/replies/{reply_id}/stop",
      "POST /api/conversations/{id}/chat/stream",
      "POST /api/conversations/{id}/read",
      "POST /api/conversations/{id}/restore",
      "POST /api/conversations/{id}/versions/{version_id}/restore",
      "POST /api/import",
      "POST /api/push/subscriptions",
      "PUT /api/presets/{preset_id}",
    ]);
  });

  it("[SIGN-5, IMPORT-1] says how a token is shown, what an import takes, and how long a page is that names no limit", async () => {
    const { body } = await client.call<Described>("/api/openapi.json");
    const [optional = {}, shown = {}] = body.security;
    expect([optional, Object.keys(shown)]).toEqual([{}, Object.keys(body.components.securitySchemes)]);
    expect(Object.values(body.components.securitySchemes)).toEqual([
      { type: "http", scheme: "bearer", description: expect.stringContaining("/api/tokens") },
    ]);
    const file = body.paths["/api/import"]?.["post"]?.requestBody;
    expect(Object.keys(file?.content ?? {})).toEqual(["application/octet-stream"]);
    const limits = Object.values(body.paths)
      .flatMap((methods) => Object.values(methods).flatMap(({ parameters = [] }) => parameters))
      .filter(({ name }) => name === "limit" || name === "message_limit");
    expect(limits.length).toBeGreaterThan(5);
    for (const { description } of limits) expect(description).toMatch(/^\D*1 to \d+, \d+ where it is left out$/);
  });
});
