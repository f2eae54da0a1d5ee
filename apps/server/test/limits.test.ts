/** What one account may ask and keep, and how it is told that it was too much. */
import type { Problem } from "@instep/protocol";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createClient, since, type Answer } from "./client.ts";
import { readSettings } from "../src/settings/config.ts";
import { signUp, startForPeople } from "./people.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;

afterEach(() => app.stop());

/** Of so many calls at once, those that passed; the others are told when to come back. */
async function passed(count: number, call: () => Promise<Answer<Problem>>): Promise<number> {
  let passing = 0;
  for (let made = 0; made < count; made += 1) {
    const { status, headers, body } = await call();
    if (status < 300) {
      passing += 1;
      continue;
    }
    expect([status, body.code]).toEqual([429, "too_many_requests"]);
    expect(headers.get("content-type")).toContain("application/problem+json");
    expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(60);
  }
  return passing;
}

describe("calls of one account", () => {
  it("[LIMIT-1] pass up to CALLS_PER_MINUTE, and take nothing from another account's or from an idle increment", async () => {
    app = await startForPeople({ env: { CALLS_PER_MINUTE: "5" } });
    const [ann, bea] = [await signUp(app.url, "ann"), await signUp(app.url, "bea")];
    const idle = since(await ann.sync());
    expect(await passed(8, () => ann.call("/api/me"))).toBe(4);
    expect(await passed(3, () => ann.call("/api/conversations/sync?full=true"))).toBe(0);
    expect(await passed(30, () => ann.call(`/api/conversations/sync?${idle}`)), "idle ones are free").toBe(30);
    expect(await passed(5, () => bea.call("/api/me"))).toBe(5);
  });

  it("[LIMIT-1] sends pass up to SENDS_PER_MINUTE, and what is refused was not begun and is taken later", async () => {
    app = await startForPeople({ env: { SENDS_PER_MINUTE: "2" } });
    const ann = await signUp(app.url, "ann");
    const { id } = await ann.create();
    expect(await passed(4, () => ann.batch(id, { message: "again" }))).toBe(2);
    expect((await ann.open(id)).message_count).toBe(4);
    expect(await passed(20, () => ann.call("/api/me")), "other calls are counted apart").toBe(20);
    const stream = await ann.stream(id, { message: "streamed" });
    expect(stream.status).toBe(429);
    expect(Number(stream.headers.get("retry-after"))).toBeGreaterThan(15);
  });

  it("[LIMIT-1] ordinary use of a server that several share is far below: fast clicks, many tabs, a poll each", async () => {
    app = await startForPeople();
    const ann = await signUp(app.url, "ann");
    const { id } = await ann.create();
    const clicks = Array.from({ length: 200 }, () => ann.call(`/api/conversations/${id}`));
    const polls = Array.from({ length: 60 }, () => ann.call("/api/conversations/sync?full=true"));
    const statuses = (await Promise.all([...clicks, ...polls])).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it("[LIMIT-1] without sign-in nobody is limited, unless it is set", async () => {
    expect(readSettings({}).settings).toMatchObject({ callsPerMinute: null, sendsPerMinute: null });
    const shared = readSettings({ ALLOWED_EMAILS: "*@example.com" });
    expect(shared.settings).toMatchObject({ callsPerMinute: 6000, sendsPerMinute: 600 });
    app = await startApp({ env: { CALLS_PER_MINUTE: "3" } });
    expect(await passed(5, () => createClient(app.url).call("/api/me"))).toBe(3);
  });
});

describe("whoever is signed out", () => {
  it("[LIMIT-1] is limited by where he comes from, whatever he shows, and keeps nobody out who is signed in", async () => {
    app = await startForPeople({ env: { CALLS_PER_MINUTE: "6" } });
    const ann = await signUp(app.url, "ann");
    const stranger = createClient(app.url);
    const statuses: number[] = [];
    for (let asked = 0; asked < 8; asked += 1) {
      const headers = { authorization: `Bearer guess-${asked}` };
      statuses.push((await stranger.call(asked % 2 ? "/api/me" : "/api/config", { headers })).status);
    }
    expect(statuses).toEqual([200, 401, 200, 401, 200, 429, 429, 429]);
    expect(await passed(6, () => ann.call("/api/me"))).toBe(6);
  });

  it("[LIMIT-1] is counted where he asks what changed, and where nothing is, and costs whoever is signed in nothing", async () => {
    app = await startForPeople({ env: { CALLS_PER_MINUTE: "6" } });
    const ann = await signUp(app.url, "ann");
    const idle = since(await ann.sync());
    const statuses: number[] = [];
    for (let asked = 0; asked < 8; asked += 1) {
      const path = asked % 2 ? "/nowhere/at-all" : `/api/conversations/sync?${idle}`;
      const { status, headers } = await createClient(app.url).call(path);
      statuses.push(status);
      expect(headers.get("cache-control")).toBe(asked % 2 ? "no-store" : "private, no-cache");
    }
    expect(statuses).toEqual([401, 404, 401, 404, 401, 429, 429, 429]);
    expect(await passed(10, () => ann.call(`/api/conversations/sync?${idle}`))).toBe(10);
  });

  it("[LIMIT-1] sends nothing to an address that isn't there: it answers before a body has come", async () => {
    app = await startForPeople();
    for (const length of [600_000, null]) {
      const sent = await begin(app.url, "", { length, path: "/nowhere" });
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      expect(answer.statusCode).toBe(404);
      sent.destroy();
    }
  });

  it("[LIMIT-1] can send no large body", async () => {
    app = await startForPeople();
    const body = { email: "ann@example.com", password: "x".repeat(20_000) };
    for (const path of ["sign-in/email", "sign-up/email", "reset-password"]) {
      expect(await createClient(app.url).call(`/api/auth/${path}`, { body })).toMatchObject({ status: 413 });
    }
  });
});

describe("bodies of one account that are on their way in", () => {
  it("[LIMIT-1] have a size together, which is free again once they are read or given up", async () => {
    app = await startForPeople({ env: { BODIES_MB_PER_ACCOUNT: "1", BODY_LIMIT_KB: "700" } });
    const [ann, bea] = [await signUp(app.url, "ann"), await signUp(app.url, "bea")];
    const slow = await begin(app.url, ann.cookie, { length: 600_000 });
    await ann.call("/api/me");
    const large = { title: "x", id: randomUUID(), padding: "x".repeat(500_000) };
    await expect.poll(async () => (await ann.call("/api/conversations", { body: large })).status).toBe(429);
    expect((await ann.call("/api/conversations", { body: { title: "small" } })).status).toBe(201);
    expect((await bea.call("/api/conversations", { body: { ...large, id: randomUUID() } })).status).not.toBe(429);
    slow.destroy();
    await expect.poll(async () => (await ann.call("/api/conversations", { body: large })).status).not.toBe(429);
    for (let again = 0; again < 4; again += 1) {
      expect((await ann.call("/api/conversations", { body: large })).status).not.toBe(429);
    }
  });

  it("[LIMIT-1] count as much as they may be where they don't say, and nothing once they are read, however long the answer takes", async () => {
    const env = { BODIES_MB_PER_ACCOUNT: "1", BODY_LIMIT_KB: "700", DEMO_TOKEN_DELAY_MS: "1000" };
    app = await startForPeople({ env });
    const ann = await signUp(app.url, "ann");
    const large = () => ann.call("/api/conversations", { body: { id: randomUUID(), padding: "x".repeat(500_000) } });
    const { id } = await ann.create();
    // In bytes three times as long.
    const stream = await ann.stream(id, { message: "€".repeat(199_000) });
    expect([stream.status, (await large()).status]).toEqual([200, 201]);
    await stream.body?.cancel();
    const slow = await begin(app.url, ann.cookie, { length: null });
    await expect.poll(async () => (await large()).status).toBe(429);
    slow.destroy();
    await expect.poll(async () => (await large()).status).toBe(201);
  });
});

it("[LIMIT-1] a body that comes packed counts as much as it may be unpacked", async () => {
  app = await startForPeople({ env: { BODIES_MB_PER_ACCOUNT: "1", BODY_LIMIT_KB: "700" } });
  const ann = await signUp(app.url, "ann");
  const large = () => ann.call("/api/conversations", { body: { id: randomUUID(), padding: "x".repeat(500_000) } });
  const slow = await begin(app.url, ann.cookie, { length: 1000, headers: { "content-encoding": "gzip" } });
  await ann.call("/api/me");
  await expect.poll(async () => (await large()).status).toBe(429);
  slow.destroy();
  await expect.poll(async () => (await large()).status).toBe(201);
});

describe("conversations of one account", () => {
  it("[LIMIT-2] are as many as the setting says, the trash included; deleting for good makes room", async () => {
    app = await startForPeople({ env: { MAX_CONVERSATIONS_PER_ACCOUNT: "3" } });
    const [ann, bea] = [await signUp(app.url, "ann"), await signUp(app.url, "bea")];
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const create = (id: string) => ann.call("/api/conversations", { body: { id } });
    for (const id of ids) expect((await create(id)).status).toBe(201);
    expect(await create(randomUUID())).toMatchObject({ status: 403, body: { code: "too_many_conversations" } });
    expect((await create(ids[0] ?? "")).status, "one that stands is answered").toBe(200);
    expect((await create((ids[1] ?? "").toUpperCase())).status).toBe(200);
    await ann.call(`/api/conversations/${ids[2]}`, { method: "DELETE" });
    expect((await create(randomUUID())).status).toBe(403);
    expect(await create(ids[2] ?? "")).toMatchObject({ status: 409, body: { code: "conversation_deleted" } });
    await ann.call(`/api/conversations/${ids[2]}?permanent=true`, { method: "DELETE" });
    expect((await create(randomUUID())).status).toBe(201);
    expect((await create(randomUUID())).status).toBe(403);
    expect((await bea.call("/api/conversations", { body: {} })).status).toBe(201);
  });
});

interface Begun {
  readonly length: number | null;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request whose body never comes; without a length it doesn't say how long that would be. */
async function begin(
  url: string,
  cookie: string,
  { length, path = "/api/conversations", headers: more = {} }: Begun,
): Promise<ClientRequest> {
  const { hostname, port } = new URL(url);
  const size = length === null ? { "transfer-encoding": "chunked" } : { "content-length": length };
  const headers = { cookie, "content-type": "application/json", ...size, ...more };
  const sent = request({ hostname, port, path, method: "POST", headers, agent: false });
  sent.on("error", () => undefined);
  sent.flushHeaders();
  await once(sent, "socket");
  if (sent.socket?.connecting) await once(sent.socket, "connect");
  return sent;
}
