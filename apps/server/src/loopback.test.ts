import { describe, expect, it } from "vitest";
import { isLoopbackHost } from "./loopback.ts";

describe("a Host header", () => {
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
});
