/** The device of a browser, with whatever of one this runtime has; all of it is tried in browsers. */
import { IDBFactory } from "fake-indexeddb";
import { afterEach, expect, it, vi } from "vitest";
import type { Boot } from "../src/device.ts";
import { cachedBoot, createBrowserDevice, forgetAccount } from "../src/browser-device.ts";
import { realEnvironment } from "../src/environment.ts";
import { browserLocalStore } from "../src/local-store/indexeddb-local-store.ts";
import { idOf } from "./scripted-server.ts";

const sync = { poll_interval_ms: 60_000, full_sync_threshold_ms: 300_000, live: false, max_wait_s: 0 };
const config = { sync, models: [], default_model: "demo", auth: { mode: "local" as const }, version: "1" };
const me = { id: "me", email: null, name: "Me", preferences: { unread_scope: "device" as const } };

afterEach(() => {
  vi.unstubAllGlobals();
});

it("[DEV-1] keeps what its server says anew for the next start, and tells it", async () => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
  });
  const changed: Boot = { config: { ...config, default_model: "other" }, me };
  const answers: Record<string, unknown> = { "/api/config": changed.config, "/api/me": me };
  vi.stubGlobal("fetch", (url: string) => {
    const answer = answers[url];
    return Promise.resolve(answer ? Response.json(answer) : new Response(null, { status: 503 }));
  });
  const { promise: told, resolve: onBootChanged } = Promise.withResolvers<Boot>();
  const device = createBrowserDevice({ boot: { config, me }, callbacks: { onBootChanged } });
  await device.start();
  expect(await told).toEqual(changed);
  device.stop();
  expect(await cachedBoot()).toEqual(changed);
});

it("[SIGN-7] an account that is no more leaves nothing that waited, and another one in the browser all of it", async () => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  const change = { key: "title", value: "Mine" } as const;
  const entry = { kind: "change", order: 1, id: "entry", conversationId: idOf("a"), change, state: "waiting" } as const;
  const outboxOf = async (accountId: string): Promise<number> => {
    const store = browserLocalStore(accountId, realEnvironment());
    const outbox = await store.loadOutbox();
    store.close();
    return Array.isArray(outbox) ? outbox.length : -1;
  };
  for (const accountId of ["mine", "another"]) {
    const store = browserLocalStore(accountId, realEnvironment());
    await store.saveOutgoing([entry], []);
    store.close();
  }
  expect([await outboxOf("mine"), await outboxOf("another")]).toEqual([1, 1]);
  await forgetAccount("mine");
  expect([await outboxOf("mine"), await outboxOf("another")]).toEqual([0, 1]);
});
