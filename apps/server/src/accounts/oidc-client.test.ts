/** What a provider says is believed only where it is the provider's, meant for this program and this sign-in, and of now. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ForgedProvider, type Forgery, startForgedProvider } from "../../test/forged-provider.ts";
import { createOidcClient, type OidcClient } from "./oidc-client.ts";

let provider: ForgedProvider;
let elapsed: number;
let client: OidcClient;

beforeEach(async () => {
  provider = await startForgedProvider();
  elapsed = 0;
  client = clientWith(10);
});

function clientWith(timeoutS: number): OidcClient {
  const settings = { issuer: provider.issuer, clientId: "instep", clientSecret: "secret", name: "Forged" };
  return createOidcClient(settings, { elapsed: () => elapsed, timeoutS });
}

afterEach(() => provider.stop());

async function comeBack(forgery: Forgery) {
  const { url, flow } = await client.begin("http://127.0.0.1:1/auth/callback");
  provider.say(forgery);
  return client.finish(new URL(provider.backFrom(url)), flow);
}

test("[SIGN-10] a good ID token says who it is", async () => {
  expect(await comeBack({})).toEqual({
    issuer: provider.issuer,
    subject: "ann",
    email: "ann@example.com",
    isEmailVerified: true,
    name: null,
  });
});

const SECONDS = Math.floor(Date.now() / 1000);

test.each<[string, Forgery]>([
  ["signed by another key", { signature: "foreign" }],
  ["not signed", { signature: "none" }],
  ["of another issuer", { claims: { iss: "https://other.example" } }],
  ["for another program", { claims: { aud: "another" } }],
  ["for several programs, and handed to another one", { claims: { aud: ["instep", "another"], azp: "another" } }],
  ["of another sign-in", { claims: { nonce: "another" } }],
  ["of no sign-in", { claims: { nonce: undefined } }],
  ["whose time is over", { claims: { iat: SECONDS - 600, exp: SECONDS - 300 } }],
  ["of nobody", { claims: { sub: undefined } }],
])("[SIGN-10] an ID token %s is refused", async (_, forgery) => {
  await expect(comeBack(forgery)).rejects.toThrow();
});

test("[SIGN-10] an answer without an ID token says nothing", async () => {
  await expect(comeBack({ isWithoutToken: true })).rejects.toThrow();
});

test("[SIGN-10] a way back with another state, with none, or from another issuer is refused, however good what the provider says", async () => {
  for (const change of [{ state: "another" }, { state: null }, { iss: "https://other.example" }, { error: "denied" }]) {
    const { url, flow } = await client.begin("http://127.0.0.1:1/auth/callback");
    const back = new URL(provider.backFrom(url));
    for (const [name, value] of Object.entries(change)) {
      if (value === null) back.searchParams.delete(name);
      else back.searchParams.set(name, value);
    }
    await expect(client.finish(back, flow), JSON.stringify(change)).rejects.toThrow();
  }
  expect(provider.grants, "nothing is asked with its code").toEqual([]);
});

test("[SIGN-10] the code is asked with the secret whose hash the browser was sent away with, for the same way back", async () => {
  const { url, flow } = await client.begin("http://127.0.0.1:1/auth/callback");
  await client.finish(new URL(provider.backFrom(url)), flow);
  const sent = new URL(url).searchParams;
  const [grant = new URLSearchParams()] = provider.grants;
  expect(sent.get("code_challenge")).toBe(createHash("sha256").update(flow.verifier).digest("base64url"));
  expect([sent.get("code_challenge_method"), sent.get("state"), sent.get("nonce")]).toEqual([
    "S256",
    flow.state,
    flow.nonce,
  ]);
  expect(grant.get("code_verifier")).toBe(flow.verifier);
  expect([grant.get("redirect_uri"), grant.get("grant_type")]).toEqual([
    "http://127.0.0.1:1/auth/callback",
    "authorization_code",
  ]);
  expect(url).not.toContain(flow.verifier);
});

test("[SIGN-10] where the ID token names no address the provider is asked for it, and believed only about the same person", async () => {
  const claims = { email: undefined, email_verified: undefined, name: undefined };
  const userInfo = { sub: "ann", email: "ann@example.com", email_verified: true, name: "Ann" };
  expect(await comeBack({ claims, userInfo })).toEqual({
    issuer: provider.issuer,
    subject: "ann",
    email: "ann@example.com",
    isEmailVerified: true,
    name: "Ann",
  });
  await expect(comeBack({ claims, userInfo: { ...userInfo, sub: "bob" } })).rejects.toThrow();
  expect(await comeBack({ userInfo: { ...userInfo, email: "other@example.com" } }), "asked only then").toMatchObject({
    email: "ann@example.com",
  });
});

test.each<[unknown, boolean]>([
  [true, true],
  ["true", true],
  [false, false],
  ["false", false],
  [1, false],
  ["yes", false],
  [null, false],
  [undefined, false],
])("[SIGN-10] an address is verified where the provider says %j: %j", async (email_verified, isVerified) => {
  expect((await comeBack({ claims: { email_verified } })).isEmailVerified).toBe(isVerified);
});

test("[SIGN-10] an address of another kind than text is none", async () => {
  expect(await comeBack({ claims: { email: ["ann@example.com"], name: 5 } })).toMatchObject({
    email: null,
    name: null,
  });
});

test("[SIGN-10] a provider that hangs is not waited for without end, is left alone for a moment, and then asked again", async () => {
  client = clientWith(0.5);
  provider.say({ hangs: true });
  await expect(client.begin("http://127.0.0.1:1/auth/callback")).rejects.toThrow();
  provider.say({});
  await expect(client.begin("http://127.0.0.1:1/auth/callback"), "at once").rejects.toThrow();
  const later = () => {
    elapsed += 2000;
    return client.begin("http://127.0.0.1:1/auth/callback").catch(() => null);
  };
  await expect.poll(later).not.toBeNull();
  expect((await client.begin("http://127.0.0.1:1/auth/callback")).url).toContain(provider.issuer);
});

test("[SIGN-10] what a provider says of itself is believed for an hour, and asked for anew after it", async () => {
  await client.begin("http://127.0.0.1:1/auth/callback");
  provider.say({ hangs: true });
  elapsed += 3_599_999;
  await client.begin("http://127.0.0.1:1/auth/callback");
  elapsed += 1;
  const isAsked = client.begin("http://127.0.0.1:1/auth/callback").then(
    () => false,
    () => true,
  );
  await provider.stop();
  expect(await isAsked).toBe(true);
});
