/** What a request holds while it runs: the watch over its session, its place among those who look, the room of its body. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { LOCAL_ACCOUNT, localAccounts } from "../src/accounts/accounts.ts";
import type { App, AppContext } from "../src/app-context.ts";
import { createApp } from "../src/app.ts";
import { readSettings } from "../src/settings/config.ts";
import { generationEnvironment } from "../src/generation/environment.ts";
import { createGeneration } from "../src/generation/generation.ts";
import { createModels } from "../src/generation/models.ts";
import { createMetrics } from "../src/metrics.ts";
import { openEngine } from "../src/open-engine.ts";
import { createLog } from "../src/program-log.ts";
import { createPresence } from "../src/push/presence.ts";
import { createRequestLimits } from "../src/limits/request-limits.ts";

const LIMITS = { maxCharacters: 1_000_000, maxMs: 60_000 };

/** How many of each are held, and how many ever were. */
const standing = { watches: 0, places: 0, bodies: 0 };
const ever = { watches: 0, places: 0, bodies: 0 };

function counted(what: keyof typeof standing, giveBack: () => void = () => undefined): () => void {
  standing[what] += 1;
  ever[what] += 1;
  let isHeld = true;
  return () => {
    if (isHeld) standing[what] -= 1;
    isHeld = false;
    giveBack();
  };
}

let folder: string;
let app: App;
let url: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-given-back-"));
  const { settings, fault } = readSettings({ DATA_DIR: folder, LOG_LEVEL: "silent", DEMO_TOKEN_DELAY_MS: "1" });
  if (settings === null) throw new Error(fault);
  const engine = await openEngine(settings, { defaultModel: () => "demo" });
  await engine.ensureAccount(LOCAL_ACCOUNT);
  const demo = { baseUrl: null, apiKey: null, models: [], demoTokenDelayMs: 1 };
  const waits = { firstTokenTimeoutMs: 1000, silenceTimeoutMs: 1000 };
  const catalogue = await createModels({ ...demo, ...waits }, generationEnvironment);
  const log = createLog(settings);
  const shaping = { maxReplies: 9, contextTokens: null, titles: "words", limits: LIMITS } as const;
  const generation = createGeneration({
    engine,
    catalogue,
    environment: generationEnvironment,
    log,
    settings: shaping,
  });
  const presence = createPresence(() => performance.now());
  const limits = createRequestLimits(settings, () => performance.now());
  app = await createApp({
    settings,
    engine,
    catalogue,
    log,
    accounts: { ...localAccounts, watch: () => counted("watches") },
    people: null,
    certificate: null,
    limits: {
      ...limits,
      takeBody(accountId, bytes) {
        const taken = limits.takeBody(accountId, bytes);
        return typeof taken === "function" ? counted("bodies", taken) : taken;
      },
    },
    presence: {
      ...presence,
      beginQuestion: (...who) => counted("places", presence.beginQuestion(...who)),
      beginWatching: (...who) => counted("places", presence.beginWatching(...who)),
    },
    push: {} as AppContext["push"],
    quota: async () => null,
    metrics: createMetrics(() => ({ ...engine.statistics(), ...generation.statistics() })),
    lifecycle: { isStopping: false },
    version: "0",
    generate: (accountId, turn) => void generation.run(accountId, turn),
    pageDir: null,
    heartbeatMs: 10_000,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  stop = async () => {
    app.server.closeAllConnections();
    await app.close();
    await engine.close();
  };
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const json = { "content-type": "application/json" };
const call = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init);
const post = (path: string, body: unknown) =>
  call(path, { method: "POST", headers: json, body: typeof body === "string" ? body : JSON.stringify(body) });

async function newConversation(): Promise<string> {
  const id = randomUUID();
  await post("/api/conversations", { id });
  return id;
}

/** Asks, takes the beginning of the answer at most, and goes. */
async function leave(path: string, init: RequestInit = {}): Promise<void> {
  const going = new AbortController();
  const before = { ...ever };
  const asked = call(path, { ...init, signal: going.signal }).catch(() => undefined);
  // It is only in the middle of things once it holds something.
  await vi.waitFor(() => expect(ever).not.toEqual(before), { timeout: 15_000 });
  going.abort();
  await asked;
}

const since = async () => {
  const { server_time } = (await (await call("/api/conversations/sync")).json()) as { server_time: string };
  return `/api/conversations/sync?wait=20&since=${encodeURIComponent(server_time)}`;
};
const send = () => JSON.stringify({ message: "500 words", client_message_id: randomUUID() });

const REQUESTS: Readonly<Record<string, () => Promise<unknown>>> = {
  "a list": () => call("/api/conversations"),
  "an unknown address": () => call("/api/nowhere"),
  "a body that is taken": () => newConversation(),
  "a body that is refused": () => post("/api/conversations", { id: 5 }),
  "a body that is no JSON": () => post("/api/conversations", "{"),
  "a body of another kind": () => call("/api/conversations", { method: "POST", body: "x" }),
  async "a body that never comes whole"() {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const { host } = new URL(url);
    const head = `POST /api/conversations HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n`;
    const before = ever.bodies;
    socket.write(`${head}\r\n{`);
    await vi.waitFor(() => expect(ever.bodies).toBeGreaterThan(before), { timeout: 15_000 });
    socket.destroy();
  },
  "a held question that is answered": async () => {
    const asked = call(await since());
    await newConversation();
    return asked;
  },
  "a held question whose device goes": async () => leave(await since()),
  "a reply that is read to its end": async () => {
    const id = await newConversation();
    const body = JSON.stringify({ message: "Hi", client_message_id: randomUUID() });
    const stream = await call(`/api/conversations/${id}/chat/stream`, { method: "POST", headers: json, body });
    return stream.text();
  },
  "a reply whose reader goes": async () => {
    const id = await newConversation();
    return leave(`/api/conversations/${id}/chat/stream`, { method: "POST", headers: json, body: send() });
  },
  "a reply that nobody has": async () => call(`/api/conversations/${randomUUID()}/chat/replies/${randomUUID()}/stream`),
  "an export": async () => (await call("/api/export")).text(),
  "an import of nothing": () => post("/api/import", ""),
};

test.each(Object.keys(REQUESTS))("[SAFE-2] [SIGN-3] what %s held is given back when it is over", async (what) => {
  await REQUESTS[what]?.();
  await vi.waitFor(() => expect(standing).toEqual({ watches: 0, places: 0, bodies: 0 }), { timeout: 15_000 });
});

test("all of it is held by some request", () => {
  for (const count of Object.values(ever)) expect(count).toBeGreaterThan(0);
});
