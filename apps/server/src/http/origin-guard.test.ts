import { describe, expect, it } from "vitest";
import { createOriginGuard, isLoopbackHost } from "./origin-guard.ts";

const guardLocal = createOriginGuard({ isLocalAccount: true, publicUrl: null });
const guardPublic = createOriginGuard({ isLocalAccount: false, publicUrl: "https://chat.example" });

function post(headers: Record<string, string>) {
  return { method: "POST", headers };
}

describe("the origin guard", () => {
  it.each([
    "localhost",
    "localhost:3000",
    "LOCALHOST",
    "127.0.0.1:80",
    "127.9.8.7",
    "[::1]:3000",
    "app.localhost:3000",
  ])("[SAFE-1] takes %s for a loopback name", (host) => expect(isLoopbackHost(host)).toBe(true));

  it.each([
    "chat.example",
    "localhost.example",
    "127.0.0.1.nip.io",
    "127.0.0.1@evil.example",
    "0.0.0.0",
    "[::2]",
    "",
    "localhost:3000.evil.example",
    "evil.example:3000",
    "localhost:",
    "128.0.0.1",
    "xlocalhost",
    undefined,
  ])("[SAFE-1] takes %s for a foreign name", (host) => expect(isLoopbackHost(host)).toBe(false));

  it("[SAFE-1] refuses any call to the local account under a foreign name, reading ones too", () => {
    const caller = { method: "GET", headers: { host: "evil.example:3000" } };
    expect(guardLocal(caller)).toMatchObject({ refused: "cross_site" });
    expect(guardPublic(caller)).toBeNull();
  });

  it("[SAFE-1] refuses a state-changing call with a foreign origin", () => {
    const host = "127.0.0.1:3000";
    expect(guardLocal(post({ host, origin: "https://evil.example" }))).toMatchObject({ refused: "cross_site" });
    expect(guardLocal(post({ host, origin: "null" }))).toMatchObject({ refused: "cross_site" });
    expect(guardLocal(post({ host, origin: "http://127.0.0.1:3001" }))).toMatchObject({ refused: "cross_site" });
    expect(guardLocal(post({ host, origin: "http://127.0.0.1:3000.evil.example" }))).not.toBeNull();
  });

  it("[SAFE-1] lets the page's own calls and those of programs pass", () => {
    expect(guardLocal(post({ host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" }))).toBeNull();
    expect(guardLocal(post({ host: "localhost:80", origin: "http://localhost" }))).toBeNull();
    expect(guardLocal(post({ host: "localhost:3000" }))).toBeNull();
    expect(guardPublic(post({ host: "10.0.0.7:3000", origin: "https://chat.example" }))).toBeNull();
  });

  it("[SAFE-1] refuses what a browser itself calls cross-site, and lets reading pass", () => {
    const headers = { host: "localhost:3000", "sec-fetch-site": "cross-site" };
    expect(guardLocal(post(headers))).toMatchObject({ refused: "cross_site" });
    expect(guardLocal({ method: "GET", headers: { ...headers, origin: "https://evil.example" } })).toBeNull();
    expect(guardLocal(post({ host: "localhost:3000", "sec-fetch-site": "same-origin" }))).toBeNull();
  });
});
