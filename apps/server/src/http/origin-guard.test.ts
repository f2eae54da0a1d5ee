import { describe, expect, it } from "vitest";
import { createOriginGuard } from "./origin-guard.ts";

const guardLocal = createOriginGuard({ isLocalAccount: true, publicUrl: null, scheme: "http" });
const guardProxied = createOriginGuard({ isLocalAccount: true, publicUrl: "https://chat.example", scheme: "http" });
const guardPublic = createOriginGuard({ isLocalAccount: false, publicUrl: "https://chat.example", scheme: "http" });

function call(headers: Record<string, string>, method = "POST", url = "/api/me") {
  return { method, url, headers };
}

function post(headers: Record<string, string>) {
  return call(headers);
}

describe("the origin guard", () => {
  it("[SAFE-1] refuses any call to the local account under a foreign name, reading ones too", () => {
    const caller = call({ host: "evil.example:3000" }, "GET", "/");
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

  it("[SAFE-1] takes only what came by HTTPS for its own page where the program itself speaks it", () => {
    const guard = createOriginGuard({ isLocalAccount: true, publicUrl: null, scheme: "https" });
    const host = "localhost:3000";
    expect(guard(post({ host, origin: `https://${host}` }))).toBeNull();
    expect(guard(post({ host, origin: `http://${host}` }))).toMatchObject({ refused: "cross_site" });
    expect(guard(post({ host: "localhost", origin: "https://localhost" }))).toBeNull();
  });

  it.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", ""])(
    "[SAFE-1] refuses a %s of the API from another site, by what the browser says and by its origin",
    (method) => {
      const host = "localhost:3000";
      const foreign = [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        // As Node joins a header that comes twice.
        { "sec-fetch-site": "same-origin, cross-site" },
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: "http://localhost:3001", "sec-fetch-site": "same-origin" },
      ];
      const own = [{}, { "sec-fetch-site": "same-origin" }, { "sec-fetch-site": "none" }, { origin: `http://${host}` }];
      for (const guard of [guardLocal, guardProxied, guardPublic]) {
        for (const headers of foreign) expect(guard(call({ host, ...headers }, method))).not.toBeNull();
        for (const headers of own) expect(guard(call({ host, ...headers }, method))).toBeNull();
      }
    },
  );

  it.each([
    "/api",
    "/api/config",
    "/api?x",
    "/%61pi/config",
    "/%61%70%69/config",
    "/api%2fconfig",
    "http://localhost/api/config",
    "/api/%zz",
    "/metrics",
    "/readyz",
    "*",
    "",
  ])("[SAFE-1] takes %j for a call, which another site may not read", (url) => {
    expect(guardLocal(call({ host: "localhost", "sec-fetch-site": "cross-site" }, "GET", url))).not.toBeNull();
  });

  it.each(["/", "/c/00000000-0000-4000-8000-000000000000", "/assets/app.js", "/apiary", "/?next=/api/me"])(
    "[SAFE-1] lets a link elsewhere open %s, and a form elsewhere send nothing there",
    (url) => {
      const headers = { host: "localhost", "sec-fetch-site": "cross-site", origin: "https://evil.example" };
      expect(guardLocal(call(headers, "GET", url))).toBeNull();
      expect(guardLocal(call(headers, "POST", url))).not.toBeNull();
    },
  );

  it.each(["chat.example", "CHAT.example", "chat.example:443", "chat.example:3000", "localhost:3000", "127.0.0.1"])(
    "[SAFE-1] lets the owner's proxy pass with Host %s, and its page's origin",
    (host) => {
      for (const method of ["GET", "POST"]) {
        expect(guardProxied(call({ host }, method))).toBeNull();
        expect(guardProxied(call({ host, origin: "https://chat.example" }, method))).toBeNull();
        expect(guardProxied(call({ host, origin: "https://other.example" }, method))).not.toBeNull();
      }
      expect(guardProxied(call({ host: "evil.example" }, "GET"))).not.toBeNull();
    },
  );

  it.each([
    "evil.example",
    "chat.example.evil.example",
    "xchat.example",
    "chat.example:x",
    "chat.example.",
    "",
    ":443",
  ])("[SAFE-1] refuses Host %j where the local account has a PUBLIC_URL of another name", (host) => {
    for (const method of ["GET", "POST"]) expect(guardProxied(call({ host }, method))).not.toBeNull();
  });
});
