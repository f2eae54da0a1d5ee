/** The ways in and out, over a network that a test answers. */
import { afterEach, expect, test, vi } from "vitest";
import { accountCalls, type AccountCalls } from "./account-calls.ts";
import { beginWithProvider, enterAccount, leaveAccount, providerName, resetPassword } from "./enter-account.ts";

afterEach(() => vi.unstubAllGlobals());

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly account: string | null;
  readonly body: unknown;
}

function answering(status: number, body: object): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, { method = "GET", headers, body: sent }: RequestInit = {}) => {
    const account = new Headers(headers).get("instep-account");
    asked.push({ url, method, account, body: typeof sent === "string" ? (JSON.parse(sent) as unknown) : null });
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  });
  return asked;
}

const problem = (code: string) => ({ code, title: "", detail: "" });

test("[SIGN-3] signing out is meant for one account, and is done where that has no session any more", async () => {
  const asked = answering(200, { status: "signed_out" });
  expect(await leaveAccount("ann")).toBeNull();
  expect(asked).toEqual([{ url: "/api/auth/sign-out", method: "POST", account: "ann", body: null }]);
  answering(401, problem("unauthorized"));
  expect(await leaveAccount("ann")).toBeNull();
  answering(503, problem("unavailable"));
  expect(await leaveAccount("ann")).toMatchObject({ failed: "unavailable" });
});

test("[SIGN-1] [SIGN-8] signing in and a new password tell what went wrong, or nothing", async () => {
  const asked = answering(200, { user: {} });
  const entry = { email: "ann@example.com", password: "correct horse" };
  expect([await enterAccount("sign-up", entry), await resetPassword("t", "battery staple")]).toEqual([null, null]);
  expect(asked.map(({ url, body }) => [url, body])).toEqual([
    ["/api/auth/sign-up/email", entry],
    ["/api/auth/reset-password", { token: "t", password: "battery staple" }],
  ]);
  answering(401, problem("sign_in_refused"));
  expect(await enterAccount("sign-in", entry)).toMatchObject({ failed: "sign_in_refused" });
});

test("[SIGN-10] the provider is named by the server, or is none; the way there names where it is to end", async () => {
  answering(200, { auth: { mode: "password", oidc: { name: "Home ID" } } });
  expect(await providerName()).toBe("Home ID");
  answering(200, { auth: { mode: "password" } });
  expect(await providerName()).toBeNull();
  answering(503, problem("unavailable"));
  expect(await providerName()).toBeNull();
  history.replaceState(null, "", "/c/one?a=b#c");
  const asked = answering(200, { url: "https://id.example" });
  expect(await beginWithProvider()).toEqual({ url: "https://id.example" });
  expect(asked[0]?.body).toEqual({ return_to: "/c/one" });
});

const TOKEN = { name: "Backup", expires_in_days: 30 };
const PASSWORDS = { current_password: "old horse", new_password: "new horse" };

test.each<[string, (calls: AccountCalls) => Promise<unknown>, string, string, object | null]>([
  ["the sessions", (calls) => calls.sessions(), "GET", "sessions", null],
  ["the end of one", (calls) => calls.endSession("a/b"), "DELETE", "sessions/a%2Fb", null],
  ["the end of the others", (calls) => calls.endSessions(true), "DELETE", "sessions?others=true", null],
  ["the end of all", (calls) => calls.endSessions(false), "DELETE", "sessions?others=false", null],
  ["the tokens", (calls) => calls.tokens(), "GET", "tokens", null],
  ["a new token", (calls) => calls.makeToken(TOKEN), "POST", "tokens", TOKEN],
  ["a token's end", (calls) => calls.endToken("a/b"), "DELETE", "tokens/a%2Fb", null],
  ["the passkeys", (calls) => calls.passkeys(), "GET", "passkeys", null],
  [
    "a passkey's beginning",
    (calls) => calls.addPasskey("Phone", "pass"),
    "POST",
    "passkeys/begin",
    { password: "pass" },
  ],
  ["a passkey's name", (calls) => calls.renamePasskey("a/b", "Old"), "PATCH", "passkeys/a%2Fb", { name: "Old" }],
  ["a passkey's end", (calls) => calls.removePasskey("a/b"), "DELETE", "passkeys/a%2Fb", null],
  ["a password", (calls) => calls.changePassword("old horse", "new horse"), "POST", "auth/password", PASSWORDS],
  ["the account's end", (calls) => calls.erase("pass"), "DELETE", "me", { password: "pass" }],
])("[SIGN-3] the settings' call for %s names the account that it is meant for", async (_name, call, ...asked) => {
  const sent = answering(503, problem("unavailable"));
  expect(await call(accountCalls("ann"))).toMatchObject({ failed: "unavailable" });
  const [method, path, body] = asked;
  expect(sent).toEqual([{ url: `/api/${path}`, method, account: "ann", body }]);
});
