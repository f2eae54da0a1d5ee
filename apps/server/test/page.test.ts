import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, rawCall, type Client } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

const PAGE = "<!doctype html><title>Instep</title>";
const SCRIPT = "console.log('hello');".repeat(200);

const hostOf = ({ url }: StartedApp) => ({ host: new URL(url).host });

let pageDir: string;
let app: StartedApp;
let client: Client;

beforeAll(async () => {
  pageDir = mkdtempSync(join(tmpdir(), "instep-page-"));
  mkdirSync(join(pageDir, "assets"));
  writeFileSync(join(pageDir, "index.html"), PAGE);
  writeFileSync(join(pageDir, "assets", "main-1a2b3c.js"), SCRIPT);
  writeFileSync(join(pageDir, "..", "instep-secret-beside-the-page"), "secret");
  app = await startApp({ pageDir });
  client = createClient(app.url);
});

afterAll(async () => {
  await app.stop();
  rmSync(pageDir, { recursive: true, force: true });
  rmSync(join(pageDir, "..", "instep-secret-beside-the-page"), { force: true });
});

describe("the page", () => {
  it.each(["/", "/index.html", "/c/0b0e7b0a-0000-4000-8000-000000000000", "/c/temp-1", "/c/temp-1/"])(
    "is served at %s, and asked for anew",
    async (path) => {
      const { status, text, headers } = await client.call(path);
      expect([status, text]).toEqual([200, PAGE]);
      expect(headers.get("content-type")).toContain("text/html");
      expect(headers.get("cache-control")).toBe("no-cache");
      // Which language is loaded before it is asked for depends on that.
      if (path !== "/index.html") expect(headers.get("vary")).toContain("accept-language");
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(/script-src[^;]*/.exec(policy)?.[0]).toBe("script-src 'self'");
      expect(headers.get("permissions-policy")).toContain("camera=(), ");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("strict-transport-security")).toBeNull();
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    },
  );

  it("[SAFE-4] has a policy that lets nothing stand inline and names no other place", async () => {
    const policy = (await client.call("/")).headers.get("content-security-policy") ?? "";
    const directives = policy.split("; ").map((directive) => directive.split(" "));
    expect(new Set(directives.map(([name]) => name)).size, "none is given twice").toBe(directives.length);
    const sources = new Set(directives.flatMap(([, ...values]) => values));
    expect(sources).toEqual(new Set(["'self'", "'none'", "data:", "blob:"]));
    const inline = directives.filter(([, ...values]) => values.includes("data:") || values.includes("blob:"));
    expect(inline, "what no script comes from").toEqual([["img-src", "'self'", "data:", "blob:"]]);
    for (const name of ["object-src", "base-uri", "frame-ancestors", "frame-src"]) {
      expect(directives).toContainEqual([name, "'none'"]);
    }
  });

  it("[SAFE-4] tells browsers to come by HTTPS only where HSTS_DAYS says so, with every answer but a sync's", async () => {
    const strict = await startApp({ pageDir, env: { HSTS_DAYS: "365" } });
    const told = createClient(strict.url);
    for (const path of ["/", "/api/config", "/nowhere", "/healthz"]) {
      const { headers } = await told.call(path);
      expect([path, headers.get("strict-transport-security")]).toEqual([path, "max-age=31536000"]);
    }
    expect((await told.call("/api/conversations/sync")).headers.has("strict-transport-security")).toBe(false);
    await strict.stop();
  });

  it("has hashed files that are kept for ever, compressed on the way", async () => {
    const { status, text, headers } = await client.call("/assets/main-1a2b3c.js");
    expect([status, text]).toEqual([200, SCRIPT]);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("content-encoding")).toMatch(/^(?:br|gzip)$/);
    expect(headers.get("content-type")).toContain("javascript");
  });

  it("has the files of a page that was built anew while it ran", async () => {
    expect((await client.call("/assets/main-4d5e6f.js")).status).toBe(404);
    writeFileSync(join(pageDir, "assets", "main-4d5e6f.js"), "anew");
    const { status, text } = await client.call("/assets/main-4d5e6f.js");
    expect([status, text]).toEqual([200, "anew"]);
  });

  it("[SAFE-4] has no file whose name begins with a dot, though one lies there", async () => {
    for (const name of [".env", join("assets", ".env")]) {
      writeFileSync(join(pageDir, name), "secret");
      expect(await rawCall(app.url, `/${name}`, { headers: { host: new URL(app.url).host } })).toMatchObject({
        status: 404,
      });
    }
  });

  it.each([
    "/assets/none.js",
    "/assets",
    "/assets/",
    "/c/a/b",
    "/index.php",
    "/.env",
    "/../instep-secret-beside-the-page",
    "/%2e%2e/instep-secret-beside-the-page",
  ])("answers %s with 404", async (path) => {
    const { status, text } = await rawCall(app.url, path, { headers: { host: new URL(app.url).host } });
    expect(status).toBe(404);
    expect(text).not.toContain("secret\n");
  });

  describe("asked by another method than GET", () => {
    const METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "PROPFIND", "TRACE"];
    const ask = (method: string, path: string) => rawCall(app.url, path, { method, headers: hostOf(app) });

    it.each(["/", "/c/temp-1", "/c/temp-1/", "/index.html", "/assets/main-1a2b3c.js"])(
      "is 405 at %s, whatever comes with it",
      async (path) => {
        for (const method of METHODS) {
          const { status, text } = await ask(method, path);
          expect([method, status, JSON.parse(text)]).toMatchObject([method, 405, { detail: "Use GET, HEAD." }]);
        }
        const { status, headers } = await client.call(path, { method: "POST", body: "{", headers: { accept: "*/*" } });
        expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD"]);
        expect((await client.call(path, { method: "HEAD" })).status).toBe(200);
      },
    );

    it.each(["/settings", "/nothing.html", "/.env", "/assets", "/assets/none.js", "/c/", "/c/a/b", "/%2e%2e/page"])(
      "is 404 at %s, where it isn't",
      async (path) => {
        for (const method of METHODS) {
          const { status, text } = await ask(method, path);
          expect([method, status, JSON.parse(text)]).toMatchObject([method, 404, { code: "not_found" }]);
        }
      },
    );

    it("[LIMIT-1] is counted where it isn't, like every address that isn't there", async () => {
      const counting = await startApp({ pageDir, env: { CALLS_PER_MINUTE: "3" } });
      const statuses: number[] = [];
      for (const path of ["/index.html", "/a", "/assets/a.js", "/index.html", "/b.html", "/c", "/index.html"]) {
        const { status } = await rawCall(counting.url, path, { method: "PUT", body: {}, headers: hostOf(counting) });
        statuses.push(status);
      }
      await counting.stop();
      expect(statuses).toEqual([405, 404, 404, 405, 404, 429, 405]);
    });
  });

  describe("to a browser that goes to an address that isn't there", () => {
    const visit = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

    it.each(["/settings", "/c", "/c/", "/c/a/b", "/a/b?c=d", "/nothing.html", "/apiary", "/%zz", "/c/%E0%A4%A"])(
      "is served at %s, with 404",
      async (path) => {
        const { status, text, headers } = await client.call(path, { headers: visit });
        expect([status, text]).toEqual([404, PAGE]);
        expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
        expect(headers.get("content-security-policy")).toContain("default-src 'self'");
        expect(headers.get("x-content-type-options")).toBe("nosniff");
      },
    );

    it.each(["/assets/x.js", "/assets", "/api", "/api/nowhere", "/api?x=1", "/api/%zz"])(
      "is not served at %s",
      async (path) => {
        const { status, headers } = await client.call(path, { headers: visit });
        expect(status).toBe(404);
        expect(headers.get("content-type")).toContain("application/problem+json");
      },
    );

    it("is not served to who asks for something else, or wants to change something", async () => {
      for (const accept of ["image/avif,*/*", "application/json"]) {
        expect(await client.call("/settings", { headers: { accept } })).toMatchObject({ body: { status: 404 } });
      }
      const options = { method: "POST", body: {}, headers: visit };
      expect(await client.call("/settings", options)).toMatchObject({ body: { status: 404 } });
    });
  });

  it("is not needed: without one the API stands alone", async () => {
    const bare = await startApp({ pageDir: join(pageDir, "nowhere") });
    const api = createClient(bare.url);
    const headers = { accept: "text/html" };
    for (const path of ["/", "/settings"]) {
      expect(await api.call(path, { headers })).toMatchObject({ body: { code: "not_found" } });
    }
    expect((await api.call("/api/config")).status).toBe(200);
    await bare.stop();
  });
});
