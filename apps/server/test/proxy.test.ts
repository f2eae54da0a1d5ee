/** The program behind a proxy that its owner put in front: one that passes `Host` on, and one that replaces it. */
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawCall } from "./client.ts";
import { startApp, type StartedApp } from "./start-app.ts";

const PUBLIC_URL = "https://chat.example";
const NAME = "chat.example";

let app: StartedApp;
const proxies: Server[] = [];

beforeAll(async () => {
  app = await startApp({ env: { PUBLIC_URL } });
});

afterAll(async () => {
  for (const proxy of proxies) proxy.close();
  await app.stop();
});

describe.each(["passes on", "replaces"] as const)("a proxy that %s Host", (habit) => {
  it("[SAFE-1] gives its page everything, and pages of other sites nothing", async () => {
    const proxy = await startProxy((host) => (habit === "replaces" ? new URL(app.url).host : host));
    const call = (path: string, headers: Record<string, string>, body?: object) =>
      rawCall(proxy, path, { headers: { host: NAME, ...headers }, ...(body && { method: "POST", body }) });
    const page = { origin: PUBLIC_URL, "sec-fetch-site": "same-origin" };
    expect(await call("/api/conversations/sync", { "sec-fetch-site": "same-origin" })).toMatchObject({ status: 200 });
    expect(await call("/api/config", page)).toMatchObject({ status: 200 });
    expect(await call("/api/conversations", page, { title: "From the phone" })).toMatchObject({ status: 201 });
    for (const foreign of [{ origin: "https://evil.example" }, { "sec-fetch-site": "same-site" }]) {
      expect(await call("/api/conversations/sync", foreign)).toMatchObject({ status: 403 });
      expect(await call("/api/search?q=x", foreign)).toMatchObject({ status: 403 });
      expect(await call("/api/conversations", foreign, {})).toMatchObject({ status: 403 });
    }
  });
});

it("[SAFE-1] a name that is neither loopback nor the one of PUBLIC_URL reaches nothing through a proxy", async () => {
  const proxy = await startProxy((host) => host);
  for (const path of ["/", "/api/config", "/api/conversations/sync", "/metrics"]) {
    expect(await rawCall(proxy, path, { headers: { host: "rebound.example" } })).toMatchObject({ status: 403 });
  }
});

async function startProxy(hostOf: (host: string) => string): Promise<string> {
  const { hostname, port } = new URL(app.url);
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, host: hostOf(incoming.headers.host ?? "") };
    const passed = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  proxies.push(proxy);
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port: own } = proxy.address() as AddressInfo;
  return `http://127.0.0.1:${own}`;
}
