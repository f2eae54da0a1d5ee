/** Signing in with another provider, against a real one on this machine. */
import type { Config, Me, OidcBegun } from "@instep/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, type Client } from "./client.ts";
import { startOidcProvider, type ProvidersPeople, type TestProvider } from "./oidc-provider.ts";
import { PASSWORD, signIn, signUp, startForPeople } from "./people.ts";
import { PlainBrowser, type Page } from "./plain-browser.ts";
import type { StartedApp } from "./start-app.ts";
import Database from "better-sqlite3";
import { renameSync } from "node:fs";
import { join } from "node:path";

const PEOPLE: ProvidersPeople = {
  ann: { email: "Ann@Example.com", email_verified: true, name: "Ann of the provider" },
  bob: { email: "bob@example.com", email_verified: true },
  unverified: { email: "ann@example.com", email_verified: false },
  unsaid: { email: "ann@example.com" },
  nameless: { email_verified: true },
  stranger: { email: "stranger@elsewhere.example", email_verified: true },
};

let people: ProvidersPeople;
let app: StartedApp;
let provider: TestProvider;

beforeEach(async () => {
  people = { ...PEOPLE };
  provider = await startOidcProvider({ people, returnTo: () => app.url });
  app = await startForPeople({ env: provider.env });
});

afterEach(async () => {
  await app.stop();
  await provider.stop();
});

async function begin(browser: PlainBrowser, returnTo?: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const json = JSON.stringify(returnTo === undefined ? {} : { return_to: returnTo });
  const { text } = await browser.open(`${app.url}/api/auth/sign-in/oidc`, { method: "POST", headers, json });
  return (JSON.parse(text) as OidcBegun).url;
}

/** What the provider asks is answered, until it leads back. */
async function atTheProvider(browser: PlainBrowser, url: string, login: string): Promise<string> {
  let page = await browser.open(url);
  for (let step = 0; step < 12; step += 1) {
    if (page.location?.startsWith(app.url)) return page.location;
    if (page.location !== null) page = await browser.open(page.location);
    else page = await browser.open(actionOf(page), { form: { prompt: promptOf(page), login, password: "x" } });
  }
  throw new Error(`The provider leads nowhere: ${page.status} ${page.text}`);
}

function actionOf({ text, url }: Page): string {
  return new URL(/action="([^"]+)"/.exec(text)?.[1] ?? "", url).href;
}

function promptOf({ text }: Page): string {
  return /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? "";
}

async function enter(login: string, browser = new PlainBrowser()): Promise<Page> {
  const back = await atTheProvider(browser, await begin(browser), login);
  return browser.open(back);
}

function clientOf(browser: PlainBrowser): Client {
  return createClient(app.url, { cookie: browser.cookiesFor(app.url) });
}

async function meOf(browser: PlainBrowser): Promise<Me> {
  return (await clientOf(browser).call<Me>("/api/me")).body;
}

describe("with a provider", () => {
  it("[SIGN-10] somebody on the list whose address it has verified is in, as the same account each time", async () => {
    const [browser, other] = [new PlainBrowser(), new PlainBrowser()];
    const landed = await enter("ann", browser);
    expect([landed.status, landed.location]).toEqual([303, `${app.url}/`]);
    expect(browser.cookiesFor(app.url)).toMatch(/^instep_session=[\w-]+$/);
    const me = await meOf(browser);
    expect(me).toMatchObject({ email: "ann@example.com", name: "Ann of the provider", has_password: false });
    await enter("ann", other);
    expect((await meOf(other)).id).toBe(me.id);
    const bobs = new PlainBrowser();
    await enter("bob", bobs);
    expect((await meOf(bobs)).id).not.toBe(me.id);
  });

  it("[SIGN-10] whom the provider knows is the same account, whatever his address has become there", async () => {
    const browser = new PlainBrowser();
    people["ann"] = { email: "ann@example.com", email_verified: true };
    await enter("ann", browser);
    const { id } = await meOf(browser);
    people["ann"] = { email: "anna@example.com", email_verified: true };
    const again = new PlainBrowser();
    await enter("ann", again);
    expect(await meOf(again)).toMatchObject({ id, email: "ann@example.com" });
  });

  it.each([
    ["n".repeat(300), "n".repeat(200)],
    [`x${"🍐".repeat(150)}`, `x${"🍐".repeat(99)}`],
  ])("[SIGN-10] a name that is longer than one may be here is cut between its characters: %s", async (name, kept) => {
    const browser = new PlainBrowser();
    people["ann"] = { email: "ann@example.com", email_verified: true, name };
    await enter("ann", browser);
    expect((await meOf(browser)).name).toBe(kept);
  });

  it("[SIGN-10] [SIGN-4] signing in well is no attempt that counts, however often", async () => {
    const browser = new PlainBrowser();
    for (let time = 0; time < 12; time += 1) expect((await enter("ann", browser)).location).toBe(`${app.url}/`);
  });

  it("[SIGN-10] it leads back to PUBLIC_URL, where one is set", async () => {
    const PUBLIC_URL = "https://chat.example.org";
    const proxied = await startForPeople({ env: { ...provider.env, PUBLIC_URL } });
    const { body } = await createClient(proxied.url).call<OidcBegun>("/api/auth/sign-in/oidc", { method: "POST" });
    expect(new URL(body.url).searchParams.get("redirect_uri")).toBe(`${PUBLIC_URL}/auth/callback`);
    await proxied.stop();
  });

  it("[SIGN-10] the page is told of it, and is sent there with PKCE, state and nonce of its own each time", async () => {
    const { auth } = (await createClient(app.url).call<Config>("/api/config")).body;
    expect(auth).toEqual({ mode: "password", oidc: { name: "Test ID" } });
    const urls = [new URL(await begin(new PlainBrowser())), new URL(await begin(new PlainBrowser()))];
    for (const { origin, searchParams } of urls) {
      expect(origin).toBe(provider.issuer);
      expect(Object.fromEntries(searchParams)).toMatchObject({
        response_type: "code",
        client_id: "instep",
        redirect_uri: `${app.url}/auth/callback`,
        code_challenge_method: "S256",
      });
      expect(searchParams.get("scope")?.split(" ")).toEqual(expect.arrayContaining(["openid", "email"]));
    }
    for (const name of ["state", "nonce", "code_challenge"]) {
      const [one, two] = urls.map(({ searchParams }) => searchParams.get(name));
      expect([one?.length, one === two]).toEqual([43, false]);
    }
  });

  it.each([
    ["unverified", "address_unverified"],
    ["unsaid", "address_unverified"],
    ["nameless", "address_unverified"],
    ["stranger", "address_refused"],
  ])("[SIGN-10] keeps %s out, and says why", async (login, code) => {
    const browser = new PlainBrowser();
    expect((await enter(login, browser)).location).toBe(`${app.url}/#sign-in=${code}`);
    expect(browser.cookiesFor(app.url)).toBe("");
  });

  it("[SIGN-10] a way back that was used, forged, of another browser or of nobody lets nobody in", async () => {
    const [browser, victim] = [new PlainBrowser(), new PlainBrowser()];
    const back = await atTheProvider(browser, await begin(browser), "ann");
    await begin(victim);
    const forged = new URL(back);
    forged.searchParams.set("code", "made-up");
    const refused = `${app.url}/#sign-in=provider_refused`;
    expect((await victim.open(back)).location, "of another browser").toBe(refused);
    expect((await new PlainBrowser().open(back)).location, "of nobody").toBe(refused);
    expect((await browser.open(forged.href)).location, "forged").toBe(refused);
    expect((await browser.open(back)).location, "its flow has ended").toBe(refused);
    const again = await atTheProvider(browser, await begin(browser), "ann");
    const cookie = browser.cookiesFor(app.url);
    expect((await browser.open(again)).location).toBe(`${app.url}/`);
    expect((await new PlainBrowser().open(again, { headers: { cookie } })).location, "used").toBe(refused);
    expect((await browser.open(`${app.url}/auth/callback?error=access_denied&state=x`)).location).toBe(refused);
  });

  it("[SIGN-10] the way back of another tab, or one that somebody made up, is refused and takes nothing from the tab that began last", async () => {
    const browser = new PlainBrowser();
    const former = await begin(browser);
    const url = await begin(browser);
    const refused = `${app.url}/#sign-in=provider_refused`;
    expect((await browser.open(await atTheProvider(browser, former, "ann"))).location).toBe(refused);
    expect((await browser.open(`${app.url}/auth/callback?code=made-up&state=x`)).location).toBe(refused);
    expect((await browser.open(`${app.url}/auth/callback`)).location).toBe(refused);
    expect((await browser.open(await atTheProvider(browser, url, "ann"))).location).toBe(`${app.url}/`);
    expect((await meOf(browser)).email).toBe("ann@example.com");
  });

  it("[SIGN-10] only the browser's own way back uses it up: no HEAD of a program that looks at links does", async () => {
    const browser = new PlainBrowser();
    const back = await atTheProvider(browser, await begin(browser), "ann");
    const headers = { cookie: browser.cookiesFor(app.url) };
    const looked = await fetch(back, { method: "HEAD", headers, redirect: "manual" });
    expect([looked.status >= 400, looked.headers.get("set-cookie")]).toEqual([true, null]);
    expect((await browser.open(back)).location).toBe(`${app.url}/`);
  });

  it("[SIGN-10] the browser ends where it began, where that is the page's own, also where it was refused", async () => {
    const ended = async (login: string, returnTo: string) => {
      const browser = new PlainBrowser();
      return (await browser.open(await atTheProvider(browser, await begin(browser, returnTo), login))).location;
    };
    expect(await ended("ann", "/c/some-conversation")).toBe(`${app.url}/c/some-conversation`);
    expect(await ended("stranger", "/c/some-conversation")).toBe(
      `${app.url}/c/some-conversation#sign-in=address_refused`,
    );
    expect(await ended("ann", "//evil.example")).toBe(`${app.url}/`);
  });

  it("[SIGN-10] [SIGN-4] who comes back too often with nothing good has to wait, and nobody else", async () => {
    const browser = new PlainBrowser();
    const locations: (string | null)[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const url = await begin(browser);
      const state = new URL(url).searchParams.get("state") ?? "";
      locations.push((await browser.open(`${app.url}/auth/callback?code=x&state=${state}`)).location);
    }
    const [first, last] = [locations[0], locations.at(-1)];
    expect([first, last]).toEqual(
      ["provider_refused", "too_many_attempts"].map((code) => `${app.url}/#sign-in=${code}`),
    );
    await signUp(app.url, "ann");
  });

  it("[SIGN-10] [SIGN-4] however many sources try, somebody of another one comes back in", async () => {
    const proxied = await startForPeople({ env: { ...provider.env, TRUSTED_PROXIES: "127.0.0.1" } });
    const parts = ["s", "n", "v"].map((letter) => letter.repeat(43));
    const cookie = `instep_oidc=${[...parts, "Lw"].join(".")}`;
    const comeBack = async (source: number) => {
      const headers = { cookie, "x-forwarded-for": `192.0.2.${source}` };
      return (await new PlainBrowser().open(`${proxied.url}/auth/callback?code=x&state=y`, { headers })).location;
    };
    for (let attempt = 0; attempt < 120; attempt += 1) await comeBack(attempt % 20);
    expect(await comeBack(100)).toBe(`${proxied.url}/#sign-in=provider_refused`);
    await proxied.stop();
  });

  it("[SIGN-10] [SAFE-3] while the accounts' file is not in its place the provider is not said to have refused, and nothing counts", async () => {
    const file = join(app.dataDir, "accounts.sqlite");
    renameSync(file, `${file}.away`);
    for (let attempt = 0; attempt < 12; attempt += 1) {
      expect((await enter("ann")).location).toBe(`${app.url}/#sign-in=unavailable`);
    }
    renameSync(`${file}.away`, file);
    // What a look into the file has found stands until the next look, a second later.
    await expect.poll(async () => (await enter("ann")).location).toBe(`${app.url}/`);
  });

  it("[SIGN-10] [SIGN-7] one whose account is being erased is not let in before nothing of it is left", async () => {
    const [browser, again] = [new PlainBrowser(), new PlainBrowser()];
    await enter("ann", browser);
    const back = await atTheProvider(again, await begin(again), "ann");
    changeElsewhere("UPDATE person SET is_leaving = 1; DELETE FROM identity");
    expect((await again.open(back)).location).toBe(`${app.url}/#sign-in=address_refused`);
  });

  it("[SIGN-10] somebody who is taken off the list is out, and stays out", async () => {
    const browser = new PlainBrowser();
    await enter("ann", browser);
    const { dataDir } = app;
    await app.leave();
    app = await startForPeople({ env: { ...provider.env, DATA_DIR: dataDir, ALLOWED_EMAILS: "bob@example.com" } });
    expect((await clientOf(browser).call("/api/me")).status).toBe(401);
    expect((await enter("ann")).location).toBe(`${app.url}/#sign-in=address_refused`);
  });
});

describe("an address that has an account already", () => {
  it("[SIGN-10] is the same account, with its password where it is proven: the first one's", async () => {
    const ann = await signUp(app.url, "ann");
    const { id } = await ann.create("Kept");
    const browser = new PlainBrowser();
    await enter("ann", browser);
    expect(await meOf(browser)).toMatchObject({ id: ann.user.id, has_password: true });
    expect((await clientOf(browser).open(id)).title).toBe("Kept");
    expect((await ann.call("/api/me")).status).toBe(200);
    await signIn(app.url, "ann");
  });

  it("[SIGN-10] is taken from whoever signed up with it and has never shown that it is theirs", async () => {
    await signUp(app.url, "first");
    const squatter = await signUp(app.url, "ann");
    const made = await squatter.call<{ token: string }>("/api/tokens", { body: { name: "Back door" } });
    const browser = new PlainBrowser();
    await enter("ann", browser);
    expect(await meOf(browser)).toMatchObject({ id: squatter.user.id, has_password: false });
    const token = createClient(app.url, { authorization: `Bearer ${made.body.token}` });
    expect([(await squatter.call("/api/me")).status, (await token.call("/api/me")).status]).toEqual([401, 401]);
    await expect(signIn(app.url, "ann")).rejects.toThrow("sign_in_refused");
    await expect(signUp(app.url, "ann")).rejects.toThrow("address_refused");
    await enter("ann", new PlainBrowser());
    expect((await clientOf(browser).call("/api/me")).status, "the second time ends nothing").toBe(200);
  });
});

describe("an account without a password", () => {
  it("[SIGN-10] [SIGN-6] gets one, and [SIGN-7] is deleted, by a fresh sign-in in the password's place", async () => {
    const browser = new PlainBrowser();
    await enter("ann", browser);
    const client = clientOf(browser);
    const body = { current_password: "", new_password: "battery staple" };
    expect((await client.call("/api/auth/password", { body })).status).toBe(200);
    expect(await meOf(browser)).toMatchObject({ has_password: true });
    await signIn(app.url, "ann", "battery staple");
    const bobs = new PlainBrowser();
    await enter("bob", bobs);
    const bob = await meOf(bobs);
    const erased = await clientOf(bobs).call("/api/me", { method: "DELETE", body: { password: "" } });
    expect(erased.status).toBe(200);
    await enter("bob", bobs);
    const again = await meOf(bobs);
    expect([again.email, again.id === bob.id], "and may come back as somebody new").toEqual([bob.email, false]);
  });

  it("[SIGN-10] is not changed or deleted from a session that is older", async () => {
    const browser = new PlainBrowser();
    await enter("ann", browser);
    changeElsewhere(`UPDATE access SET created_at = created_at - 601000`);
    const client = clientOf(browser);
    const body = { current_password: "", new_password: "battery staple" };
    await expect
      .poll(async () => (await client.call("/api/auth/password", { body })).body.code, { timeout: 15_000 })
      .toBe("sign_in_again");
    const erased = await client.call("/api/me", { method: "DELETE", body: { password: "" } });
    expect([erased.status, erased.body.code]).toEqual([403, "sign_in_again"]);
    expect((await client.call("/api/me")).status).toBe(200);
  });
});

describe("a provider that is away", () => {
  it("[SIGN-10] keeps neither the start nor the password from working, says so, and is asked again", async () => {
    await app.stop();
    await provider.stop();
    app = await startForPeople({ env: provider.env });
    await signUp(app.url, "ann");
    const asked = await createClient(app.url).call("/api/auth/sign-in/oidc", { method: "POST" });
    expect([asked.status, asked.body.code, asked.headers.get("retry-after")]).toEqual([
      503,
      "provider_unreachable",
      "5",
    ]);
    await signIn(app.url, "ann", PASSWORD);
  });

  it("[SIGN-10] where none is set up, there is none to begin with", async () => {
    const plain = await startForPeople();
    const asked = await createClient(plain.url).call("/api/auth/sign-in/oidc", { method: "POST" });
    expect([asked.status, asked.body.code]).toEqual([404, "not_found"]);
    expect((await createClient(plain.url).call<Config>("/api/config")).body.auth).toEqual({ mode: "password" });
    await plain.stop();
  });
});

it("[SIGN-10] a provider that takes the secret only in the body gets it there", async () => {
  const returnTo = () => app.url;
  const posting = await startOidcProvider({ people, returnTo, authentication: "client_secret_post" });
  await app.stop();
  app = await startForPeople({ env: posting.env });
  const browser = new PlainBrowser();
  expect((await enter("ann", browser)).location).toBe(`${app.url}/`);
  await posting.stop();
});

function changeElsewhere(sql: string): void {
  const db = new Database(join(app.dataDir, "accounts.sqlite"));
  db.exec(sql);
  db.close();
}
