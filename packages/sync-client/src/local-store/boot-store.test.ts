/** What the last visit left: used where it can be, and dropped where it would break the start. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readBoot, writeBoot } from "./boot-store.ts";

const sync = { poll_interval_ms: 60_000, full_sync_threshold_ms: 300_000, live: true, max_wait_s: 25 };
const config = { sync, models: [], default_model: "demo", auth: { mode: "local" as const }, version: "1" };
const preferences = { unread_scope: "device" as const };
const boot = { config, me: { id: "me", email: null, name: "Me", preferences } };

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => stored.set(key, text),
    removeItem: (key: string) => stored.delete(key),
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it("[DEV-1] gives back what it was given, until it forgets it", () => {
  expect(readBoot()).toBeNull();
  writeBoot(boot);
  expect(readBoot()).toEqual(boot);
  writeBoot(null);
  expect(readBoot()).toBeNull();
});

it("[DEV-1] drops what it can't start with, so that the network is asked", () => {
  const { me: _me, ...noMe } = boot;
  const noSync = { ...boot, config: { ...config, sync: undefined } };
  const noScope = { ...boot, me: { ...boot.me, preferences: {} } };
  const noModels = { ...boot, config: { ...config, models: undefined } };
  for (const broken of ["boot", null, [], {}, noMe, noSync, noScope, noModels]) {
    localStorage.setItem("instep-boot-1", JSON.stringify(broken));
    expect(readBoot()).toBeNull();
  }
  localStorage.setItem("instep-boot-1", "{");
  expect(readBoot()).toBeNull();
});
