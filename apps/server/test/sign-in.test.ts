/** Signing up, in and out, over real HTTP. */
import type { SignedIn } from "@instep/protocol";
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, rawCall, type Client } from "./client.ts";
import { cookieOf, PASSWORD, signIn, signUp, startForPeople } from "./people.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let app: StartedApp;
let stranger: Client;

beforeEach(async () => {
  app = await startForPeople({ env: { ALLOWED_EMAILS: "*@example.com, solo@elsewhere.example" } });
  stranger = createClient(app.url);
});

afterEach(() => app.stop());

function enter(call: string, body: unknown, headers = {}) {
  return stranger.call<SignedIn & { code: string }>(`/api/auth/${call}/email`, { body, headers });
}

describe("signing up and in", () => {
  it("[SIGN-1] makes an account that its session speaks for, with a cookie for no script", async () => {
    const answer = await enter("sign-up", { email: " Ann@Example.com ", password: PASSWORD, name: "Ann" });
    const { user } = answer.body;
    expect([answer.status, answer.body]).toEqual([
      200,
      { user: { id: user.id, email: "ann@example.com", name: "Ann" } },
    ]);
    const cookie = answer.headers.get("set-cookie") ?? "";
    for (const attribute of ["HttpOnly", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(`; ${attribute}`);
    expect(cookie).not.toContain("Secure");
    const me = await createClient(app.url, { cookie: cookieOf(answer.headers) }).call("/api/me");
    expect(me.body).toMatchObject({ id: user.id, email: "ann@example.com", name: "Ann" });
    const again = await enter("sign-in", { email: "ANN@example.com", password: PASSWORD });
    expect([again.status, again.body]).toEqual([200, answer.body]);
    expect(cookieOf(again.headers)).not.toBe(cookieOf(answer.headers));
  });

  it("[SIGN-1] takes exactly those on the list", async () => {
    expect((await enter("sign-up", { email: "solo@elsewhere.example", password: PASSWORD })).status).toBe(200);
    for (const email of ["other@elsewhere.example", "ann@sub.example.com", "ann@example.com.evil.example"]) {
      for (const call of ["sign-up", "sign-in"]) {
        const refused = await enter(call, { email, password: PASSWORD });
        expect([email, refused.status, refused.body.code]).toEqual([email, 403, "address_refused"]);
        expect(refused.headers.get("set-cookie")).toBeNull();
      }
    }
  });

  it("[SIGN-1] an address taken off the list is out at its next request, and back where it is put on again", async () => {
    const ann = await signUp(app.url, "ann");
    const { dataDir } = app;
    const restart = async (list: string) => {
      await app.leave();
      app = await startForPeople({ env: { DATA_DIR: dataDir, ALLOWED_EMAILS: list } });
      return (await createClient(app.url, { cookie: ann.cookie }).call("/api/me")).status;
    };
    expect(await restart("*@example.com")).toBe(200);
    expect(await restart("bob@example.com")).toBe(401);
    expect(await restart("ann@example.com")).toBe(200);
    expect((statSync(join(dataDir, "auth-secret")).mode & 0o777).toString(8), "[SAFE-3] kept for its owner").toBe(
      "600",
    );
    expect((statSync(join(dataDir, "accounts.sqlite")).mode & 0o777).toString(8)).toBe("600");
  });

  it("[SIGN-2] tells a wrong password and an address without an account by nothing", async () => {
    await signUp(app.url, "ann");
    const wrong = await enter("sign-in", { email: "ann@example.com", password: "incorrect horse" });
    const unknown = await enter("sign-in", { email: "bob@example.com", password: "incorrect horse" });
    expect([wrong.status, wrong.body.code]).toEqual([401, "sign_in_refused"]);
    expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text]);
    expect(wrong.headers.get("content-type")).toContain("application/problem+json");
    const taken = await enter("sign-up", { email: "ann@example.com", password: "incorrect horse" });
    const unlisted = await enter("sign-up", { email: "ann@elsewhere.example", password: "incorrect horse" });
    expect([taken.status, taken.text]).toEqual([403, unlisted.text]);
  });

  it("[SIGN-2] takes as long for an address without an account as for a wrong password", async () => {
    await app.stop();
    app = await startForPeople({ passwordCostLog2: 13 });
    stranger = createClient(app.url);
    await signUp(app.url, "ann");
    const timeOf = async (call: string, email: string) => {
      const startedAt = performance.now();
      await enter(call, { email, password: "incorrect horse" });
      return performance.now() - startedAt;
    };
    const least = async (call: string, email: string) =>
      Math.min(await timeOf(call, email), await timeOf(call, email), await timeOf(call, email));
    const wrong = await least("sign-in", "ann@example.com");
    expect(await least("sign-in", "bob@example.com")).toBeGreaterThan(wrong / 8);
    expect(await least("sign-up", "ann@example.com")).toBeGreaterThan(wrong / 8);
    expect(await least("sign-up", "ann@elsewhere.example")).toBeGreaterThan(wrong / 8);
  });

  it("[SIGN-2] signs in who signs up again with the password that stands, as one does whose answer was lost", async () => {
    const ann = await signUp(app.url, "ann");
    expect((await signUp(app.url, "ann")).user).toEqual(ann.user);
  });

  it.each([
    [{ email: "ann@example.com", password: "seven77" }, "password"],
    [{ email: "ann@example.com", password: "x".repeat(10_001) }, "password"],
    [{ email: "ann", password: PASSWORD }, "email"],
    [{ email: "*@example.com", password: PASSWORD }, "email"],
    [{ password: PASSWORD }, undefined],
    [{}, undefined],
  ])("[SIGN-2] refuses to sign up with %j, as a problem of the body", async (body, field) => {
    const refused = await enter("sign-up", body);
    expect([refused.status, refused.body.code]).toEqual([400, "invalid_body"]);
    if (field) expect(refused.body).toMatchObject({ field });
    expect(refused.text, "no password comes back").not.toContain("seven77");
  });

  it("[SIGN-4] refuses further attempts with 429 and how long to wait, and lets others in", async () => {
    await signUp(app.url, "ann");
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      statuses.push((await enter("sign-in", { email: "ann@example.com", password: "incorrect horse" })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const refused = await enter("sign-in", { email: "ann@example.com", password: PASSWORD });
    expect(refused.body.code).toBe("too_many_attempts");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(30);
    await signUp(app.url, "bob");
  });

  it.each([
    ["", [...Array.from({ length: 10 }, () => 401), 429, 429]],
    ["127.0.0.1", Array.from({ length: 12 }, () => 401)],
  ])("[SIGN-4] believes what a request says of its source from TRUSTED_PROXIES=%s only", async (proxies, expected) => {
    await app.stop();
    app = await startForPeople({ env: { TRUSTED_PROXIES: proxies } });
    stranger = createClient(app.url);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const headers = { "x-forwarded-for": `10.0.0.${attempt}` };
      const body = { email: "ann@example.com", password: "incorrect horse" };
      statuses.push((await enter("sign-in", body, headers)).status);
    }
    expect(statuses).toEqual(expected);
  });

  it("[SAFE-1] refuses a sign-in that another site's page sends", async () => {
    for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
      const refused = await enter("sign-in", { email: "ann@example.com", password: PASSWORD }, headers);
      expect([refused.status, refused.body.code]).toEqual([403, "cross_site"]);
    }
  });

  it("[SIGN-3] marks the cookie Secure where people come by HTTPS", async () => {
    await app.stop();
    app = await startForPeople({ env: { PUBLIC_URL: "https://chat.example.com" } });
    const ann = await signUp(app.url, "ann");
    expect(ann.cookie).toMatch(/^__Host-instep_session=/);
    expect((await ann.call("/api/me")).status).toBe(200);
  });
});

describe("being let in", () => {
  it("[SIGN-3] every call of the API needs a session, however its address is written, but for those that sign in", async () => {
    const open = ["/api/config", "/api/openapi.json", "/healthz", "/readyz"];
    for (const path of open) expect([path, (await stranger.call(path)).status]).toEqual([path, 200]);
    const closed = [
      "/api/me",
      "/api/conversations",
      "/api/conversations/sync",
      "/api/trash",
      "/api/nothing",
      "/api/search?q=a",
    ];
    const spellings = [
      "/%61pi/me",
      "/api/%6de",
      "/api/conversations/%73ync",
      `${app.url}/api/me`,
      "/%61pi/conversations",
    ];
    for (const path of [...closed, ...spellings]) {
      const { status, text } = await rawCall(app.url, path);
      expect([path, status]).toEqual([path, path.startsWith("http") ? status : 401]);
      expect(text, path).not.toContain('conversations":');
      expect(text, path).toContain('"code":');
    }
  });

  it("[SIGN-3] tells a device how people get in", async () => {
    expect((await stranger.call("/api/config")).body).toMatchObject({ auth: { mode: "password" } });
  });

  it("[SIGN-3] a cookie that was made up, or cut, lets nobody in", async () => {
    const { cookie } = await signUp(app.url, "ann");
    for (const wrong of [cookie.slice(0, -1), `${cookie}x`, cookie.toUpperCase(), "instep_session=", "a=b"]) {
      expect((await createClient(app.url, { cookie: wrong }).call("/api/me")).status).toBe(401);
    }
    const asToken = { authorization: `Bearer ${cookie.split("=")[1] ?? ""}` };
    expect((await stranger.call("/api/me", { headers: asToken })).status, "a session is no token").toBe(401);
  });

  it("[SIGN-3] a tab that shows another account than the one that is signed in is refused", async () => {
    const [ann, bob] = [await signUp(app.url, "ann"), await signUp(app.url, "bob")];
    const asked = (who: string) => ({ headers: { "instep-account": who } });
    for (const path of ["/api/me", "/api/conversations/sync", "/api/conversations"]) {
      expect([path, (await ann.call(path, asked(ann.user.id))).status]).toEqual([path, 200]);
      expect([path, (await ann.call(path, asked(bob.user.id))).status]).toEqual([path, 401]);
    }
  });

  it("[SIGN-3] signing out ends that session at once, and no other", async () => {
    const ann = await signUp(app.url, "ann");
    const phone = await signIn(app.url, "ann");
    const out = await ann.call("/api/auth/sign-out", { method: "POST" });
    expect(out.status).toBe(200);
    expect(out.headers.get("set-cookie")).toMatch(/^instep_session=;.*Max-Age=0$/);
    expect((await ann.call("/api/me")).status).toBe(401);
    expect((await ann.call("/api/conversations/sync")).status).toBe(401);
    expect((await phone.call("/api/me")).status).toBe(200);
    expect((await ann.call("/api/auth/sign-out", { method: "POST" })).status, "again is no matter").toBe(200);
  });

  it("[SIGN-3] a tab that signs out of one account leaves another one, which has signed in there meanwhile, alone", async () => {
    const [ann, bob] = [await signUp(app.url, "ann"), await signUp(app.url, "bob")];
    const out = await bob.call("/api/auth/sign-out", { method: "POST", headers: { "instep-account": ann.user.id } });
    expect([out.status, out.headers.get("set-cookie")]).toEqual([401, null]);
    expect((await bob.call("/api/me")).status).toBe(200);
    const own = await bob.call("/api/auth/sign-out", { method: "POST", headers: { "instep-account": bob.user.id } });
    expect([own.status, (await bob.call("/api/me")).status]).toEqual([200, 401]);
  });
});

describe("without a list", () => {
  it("[SIGN-1] there is the local account, and no sign-in", async () => {
    const local = await startApp();
    try {
      const client = createClient(local.url);
      expect((await client.call("/api/me")).body).toMatchObject({ email: null });
      const body = { email: "ann@example.com", password: PASSWORD };
      expect((await client.call("/api/auth/sign-up/email", { body })).status).toBe(404);
    } finally {
      await local.stop();
    }
  });
});
