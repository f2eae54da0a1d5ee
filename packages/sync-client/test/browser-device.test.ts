/** The device of a browser, with whatever of one this runtime has; all of it is tried in browsers. */
import { afterEach, expect, it, vi } from "vitest";
import type { Boot } from "../src/device.ts";
import { cachedBoot, createBrowserDevice } from "../src/browser-device.ts";

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
