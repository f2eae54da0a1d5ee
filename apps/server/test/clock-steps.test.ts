/** A wall clock that is put back while the program runs: what lasts is measured by another one, so nothing lasts longer for it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { PushKey, TokenMade } from "@instep/protocol";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createClient, since } from "./client.ts";
import { signUp, startForPeople } from "./people.ts";
import { startPushService } from "./push-service.ts";

const DAY_MS = 86_400_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** The wall clock is a day behind from here on, and so much time passes. */
function putBackAndPass(ms: number): void {
  vi.setSystemTime(Date.now() - DAY_MS);
  vi.advanceTimersByTime(ms);
}

test("[PUSH-1] a device that looked before it is no longer taken to look for a day", async () => {
  let key = "";
  const service = await startPushService(() => key);
  const app = await startForPeople({ pushPorts: service.ports });
  onTestFinished(async () => {
    await app.stop();
    service.stop();
  });
  const browser = await signUp(app.url, "ann");
  const { token } = (await browser.call<TokenMade>("/api/tokens", { body: { name: "A program" } })).body;
  key = (await browser.call<PushKey>("/api/push/key")).body.public_key;
  await browser.call("/api/push/subscriptions", { body: service.subscribe() });
  await browser.sync(since(await browser.sync()));
  putBackAndPass(70_000);
  const program = createClient(app.url, { authorization: `Bearer ${token}` });
  const { id } = await program.create("Quince");
  await program.batch(id, { message: "marmalade" });
  await service.until(1);
  expect(service.pushed[0]?.text).toContain("Quince");
});

test("[SIGN-10] a provider that was away before it is asked again after two seconds", async () => {
  let asked = 0;
  const provider = createServer((_request, response) => {
    asked += 1;
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const app = await startForPeople({
    env: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: "instep", OIDC_CLIENT_SECRET: "secret" },
  });
  onTestFinished(async () => {
    await app.stop();
    provider.close();
    provider.closeAllConnections();
  });
  const begin = () => createClient(app.url).call("/api/auth/sign-in/oidc", { body: {} });
  await begin();
  const first = asked;
  await begin();
  expect([first > 0, asked]).toEqual([true, first]);
  putBackAndPass(3000);
  await begin();
  expect(asked).toBeGreaterThan(first);
});
