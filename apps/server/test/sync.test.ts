import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { gunzipSync } from "node:zlib";
import { get } from "node:http";
import type { SyncResponse, TurnResult } from "@instep/protocol";
import { SyncResponseSchema } from "@instep/protocol/schemas";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, since, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let client: Client;

beforeAll(async () => {
  app = await startApp({ env: { MAX_HELD_PER_ACCOUNT: "3" } });
  client = createClient(app.url);
});

afterAll(() => app.stop());

/** As much of the OpenAPI document as is looked at here. */
interface Description {
  readonly paths: Readonly<Record<string, { readonly get: { readonly responses: Readonly<Record<string, unknown>> } }>>;
}

function idsOf({ conversations }: SyncResponse): readonly string[] {
  return conversations.map(({ id }) => id);
}

describe("a full sync", () => {
  it("[SYNC-1] gives every live conversation, archived ones too, and no deleted ids", async () => {
    const [live, archived, gone] = [await client.create(), await client.create(), await client.create()];
    await client.call(`/api/conversations/${archived.id}`, { method: "PATCH", body: { archived: true } });
    await client.call(`/api/conversations/${gone.id}`, { method: "DELETE" });
    for (const query of ["", "full=true", "full=1", "full=1&since=2020-01-01T00:00:00Z"]) {
      const answer = await client.sync(query);
      expect(Value.Check(SyncResponseSchema, answer)).toBe(true);
      expect(answer).toMatchObject({ is_full_sync: true, deleted_ids: [], has_more: false, next_page: null });
      expect(idsOf(answer)).toEqual(expect.arrayContaining([live.id, archived.id]));
      expect(idsOf(answer)).not.toContain(gone.id);
    }
  });

  it("[SYNC-0] leaves out what stands at its default", async () => {
    const { id } = await client.create("Plain");
    const row = (await client.sync()).conversations.find((one) => one.id === id);
    expect(Object.keys(row ?? {}).sort()).toEqual(["id", "message_count", "title", "updated_at"]);
  });

  it("[SYNC-4] pages with the first page's server_time and epoch on every page", async () => {
    const expected = [...idsOf(await client.sync())].sort();
    const first = await client.sync("limit=1");
    const seen = [...idsOf(first)];
    let { next_page: page } = first;
    await client.create("made between two pages");
    for (let count = 0; page !== null && count < 50; count++) {
      const next: SyncResponse = await client.sync(`page=${encodeURIComponent(page)}&limit=2`);
      expect(next).toMatchObject({ server_time: first.server_time, epoch: first.epoch, is_full_sync: true });
      seen.push(...idsOf(next));
      page = next.next_page;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(expected));
    const after = await client.sync(since(first));
    expect(after.conversations.map(({ title }) => title)).toContain("made between two pages");
  });

  it("[SYNC-8] has an ETag that a matching If-None-Match answers with 304, until something changes", async () => {
    const path = "/api/conversations/sync";
    const first = await client.call<SyncResponse>(path);
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    expect(first.headers.get("content-type")).toContain("application/json");
    const again = await client.call(path, { headers: { "if-none-match": etag } });
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", etag]);
    expect(again.headers.get("cache-control")).toBe("private, no-cache");
    const { body } = await client.call<Description>("/api/openapi.json");
    expect(body.paths[path]?.get.responses[304]).toEqual({ description: expect.any(String) });
    await client.create();
    const changed = await client.call<SyncResponse>(path, { headers: { "if-none-match": etag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(etag);
  });

  it("[SYNC-8] is asked for anew each time, and is nothing to guess about, whatever was answered", async () => {
    const path = "/api/conversations/sync";
    const etag = (await client.call(path)).headers.get("etag") ?? "";
    const asked = [
      { query: "", status: 200 },
      { query: "?since=2026-01-01T00:00:00Z", status: 200 },
      { query: "", status: 304, options: { headers: { "if-none-match": etag } } },
      { query: "?limit=0", status: 400 },
      { query: "?page=none", status: 400 },
      { query: "", status: 403, options: { method: "POST", body: {}, headers: { "sec-fetch-site": "cross-site" } } },
      { query: "", status: 405, options: { method: "POST", body: {} } },
    ];
    for (const { query, status, options } of asked) {
      const answer = await client.call(`${path}${query}`, options);
      expect(answer.status).toBe(status);
      expect(answer.headers.get("cache-control")).toBe("private, no-cache");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  it("[SYNC-8] comes compressed to who reads gzip, with the same content", async () => {
    for (let count = 0; count < 12; count++) await client.create(`A title that makes the answer longer ${count}`);
    const url = `${app.url}/api/conversations/sync`;
    const [response] = await once(get(url, { headers: { "accept-encoding": "gzip, br" } }), "response");
    const bytes = Buffer.concat(await response.toArray());
    const plain = await (await fetch(url, { headers: { "accept-encoding": "identity" } })).text();
    expect(response.headers["content-encoding"]).toBe("gzip");
    expect(bytes.length).toBeLessThan(plain.length / 2);
    expect(gunzipSync(bytes).toString()).toBe(plain);
  });

  it("[SYNC-8] says that it varies with the encoding where it does: long, long and plain, and not modified", async () => {
    const path = "/api/conversations/sync";
    const vary = async (headers: Record<string, string>) => (await client.call(path, { headers })).headers.get("vary");
    for (let count = 0; count < 12; count++) await client.create(`A title that makes the answer longer ${count}`);
    for (const encoding of ["gzip", "identity"]) {
      expect(await vary({ "accept-encoding": encoding })).toBe("accept-encoding");
    }
    const etag = (await client.call(path)).headers.get("etag") ?? "";
    expect(await vary({ "if-none-match": etag })).toBe("accept-encoding");
  });
});

describe("an increment", () => {
  it("[SYNC-2] gives what changed after since, oldest change first, and the ids deleted after it, each in one list", async () => {
    const [one, two, three] = [await client.create("1"), await client.create("2"), await client.create("3")];
    const before = await client.sync();
    const rename = (id: string) => client.call(`/api/conversations/${id}`, { method: "PATCH", body: { title: "new" } });
    await rename(two.id);
    await rename(one.id);
    await client.call(`/api/conversations/${three.id}`, { method: "DELETE" });
    const answer = await client.sync(since(before));
    expect(answer).toMatchObject({ is_full_sync: false, deleted_ids: [three.id], has_more: false });
    expect(idsOf(answer)).toEqual([two.id, one.id]);
    await client.call(`/api/conversations/${three.id}/restore`, { method: "POST" });
    const restored = await client.sync(since(before));
    expect(idsOf(restored)).toEqual([two.id, one.id, three.id]);
    expect(restored.deleted_ids).toEqual([]);
  });

  it("[SYNC-3] passed back, server_time returns nothing twice and loses nothing, over many writes in flight", async () => {
    let watermark = await client.sync();
    const seen: string[] = [];
    const created = Promise.all(Array.from({ length: 40 }, () => client.create()));
    let isDone = false;
    void created.then(() => (isDone = true));
    for (let poll = 0; poll < 500; poll++) {
      const wasDone = isDone;
      watermark = await client.sync(since(watermark));
      seen.push(...idsOf(watermark));
      if (wasDone) break;
    }
    const ids = (await created).map(({ id }) => id).sort();
    expect([...seen].sort()).toEqual(ids);
  });

  it("[SYNC-4] pages by server_time, rows and deleted ids counted together", async () => {
    const made = [await client.create(), await client.create(), await client.create()];
    const before = await client.sync();
    for (const { id } of made) await client.call(`/api/conversations/${id}`, { method: "DELETE" });
    const first = await client.sync(`${since(before)}&limit=2`);
    expect(first).toMatchObject({ has_more: true, is_full_sync: false });
    expect(first.conversations.length + first.deleted_ids.length).toBe(2);
    const second = await client.sync(`${since(first)}&limit=2`);
    expect(second.has_more).toBe(false);
    expect([...first.deleted_ids, ...second.deleted_ids]).toEqual(made.map(({ id }) => id));
  });

  it("[SYNC-5] becomes a full sync where since is past the horizon or the epoch is another", async () => {
    const { epoch, server_time: now } = await client.sync();
    expect(await client.sync(`since=2001-01-01T00:00:00&epoch=${epoch}`)).toMatchObject({ is_full_sync: true });
    expect(await client.sync(`since=${now}&epoch=another`)).toMatchObject({ is_full_sync: true, epoch });
  });

  it("[SYNC-6] is empty with the true server_time where since lies ahead", async () => {
    const before = await client.sync();
    const answer = await client.sync(`since=2200-01-01T00:00:00Z&epoch=${before.epoch}`);
    expect(answer).toMatchObject({ conversations: [], deleted_ids: [], is_full_sync: false });
    expect(answer.server_time).toBe(before.server_time);
  });

  it("[SYNC-7] refuses a bad parameter with a problem that names it", async () => {
    const { status, headers, body } = await client.call("/api/conversations/sync?full=true&since=never");
    expect(status).toBe(400);
    expect(headers.get("content-type")).toContain("application/problem+json");
    expect(body).toMatchObject({ code: "invalid_parameter", status: 400, parameter: "since" });
    expect(body.detail).toMatch(/^since /);
    expect(await client.call("/api/conversations/sync?page=garbage")).toMatchObject({ status: 400 });
    expect(await client.call("/api/conversations/sync?unknown=1&unknown=2")).toMatchObject({ status: 200 });
  });
});

describe("waiting", () => {
  it("[WAIT-1] holds the request until a change commits", async () => {
    const before = await client.sync();
    const held = client.sync(`${since(before)}&wait=20`);
    await untilHeld(client, 1);
    const { id } = await client.create("woken by this");
    expect(idsOf(await held)).toEqual([id]);
  });

  it("[WAIT-1] answers empty when the time is over, and at once where there is something to say", async () => {
    const before = await client.sync();
    const empty = await client.sync(`${since(before)}&wait=1`);
    expect(empty).toMatchObject({ conversations: [], server_time: before.server_time });
    await client.create();
    const startedAt = performance.now();
    expect((await client.sync(`${since(before)}&wait=20`)).conversations).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it("[WAIT-2] frees an abandoned request at once", async () => {
    const before = await client.sync();
    const controller = new AbortController();
    const path = `/api/conversations/sync?${since(before)}&wait=20`;
    const held = client.call(path, { signal: controller.signal }).catch(() => "abandoned");
    await untilHeld(client, 1);
    controller.abort();
    expect(await held).toBe("abandoned");
    await untilHeld(client, 0);
  });

  it("[WAIT-2] answers at once over the limit of an account", async () => {
    const before = await client.sync();
    const path = `${since(before)}&wait=20`;
    const held = [client.sync(path), client.sync(path), client.sync(path)];
    await untilHeld(client, 3);
    expect(await client.sync(path)).toMatchObject({ conversations: [], server_time: before.server_time });
    await client.create();
    for (const answer of await Promise.all(held)) expect(answer.conversations).toHaveLength(1);
  });

  it("[WAIT-1] hears of a turn: its user message, and its end", async () => {
    const { id } = await client.create();
    const before = await client.sync();
    const held = client.sync(`${since(before)}&wait=20`);
    await untilHeld(client, 1);
    const turn = client.batch<TurnResult>(id, { message: "hello", clientMessageId: randomUUID() });
    const first = await held;
    expect(first.conversations[0]).toMatchObject({ id });
    const { body } = await turn;
    const last = await client.sync(since(before));
    expect(last.conversations[0]).toMatchObject({ id, message_count: 2, updated_at: body.updated_at });
  });

  it("[WAIT-1] holds nothing where SYNC_LIVE is off, and says so", async () => {
    const own = await startApp({ env: { SYNC_LIVE: "false" } });
    const api = createClient(own.url);
    const before = await api.sync();
    const startedAt = performance.now();
    await api.sync(`${since(before)}&wait=20`);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect((await api.call("/api/config")).body).toMatchObject({ sync: { live: false, max_wait_s: 0 } });
    await own.stop();
  });
});

/** Waits until the server holds so many requests, as its own metrics tell. */
async function untilHeld(client: Client, count: number): Promise<void> {
  for (let look = 0; look < 1000; look++) {
    const { text } = await client.call("/metrics");
    if (text.includes(`instep_held_requests ${count}\n`)) return;
  }
  throw new Error(`the server never held ${count} requests`);
}
