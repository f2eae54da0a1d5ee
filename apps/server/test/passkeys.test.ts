/** Passkeys over HTTP, with an authenticator in software: what lets in, and all that doesn't. */
import type { Config, Me } from "@instep/protocol";
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../src/program-log.ts";
import { createClient } from "./client.ts";
import { add, begin, finish, HOST, passkeysOf, PUBLIC_URL, SignedOutBrowser } from "./passkey-calls.ts";
import { cookieOf, PASSWORD, signIn, signUp, startForPeople, type Someone } from "./people.ts";
import { type Odd, SoftwareAuthenticator } from "./software-authenticator.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;
let ann: Someone;
let laptop: SoftwareAuthenticator;
let browser: SignedOutBrowser;

beforeEach(async () => {
  app = await startForPeople({ env: { PUBLIC_URL } });
  ann = await signUp(app.url, "ann");
  laptop = new SoftwareAuthenticator(PUBLIC_URL);
  browser = new SignedOutBrowser(app.url);
});

afterEach(() => app.stop());

const told = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];
const REFUSED = [403, "passkey_refused"];
const another = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

describe("a passkey", () => {
  it("[SIGN-11] signs in by itself, as whoever has made it, time and again", async () => {
    expect(await add(ann, laptop, " Laptop ")).toMatchObject({ name: "Laptop", host: HOST, last_used_at: null });
    for (let time = 0; time < 12; time += 1) {
      const entered = await browser.signIn(laptop);
      expect([entered.status, entered.body.user]).toEqual([200, ann.user]);
      const cookie =
        entered.headers
          .getSetCookie()
          .find((line) => line.includes("session"))
          ?.split(";")[0] ?? "";
      expect((await createClient(app.url, { cookie }).call<Me>("/api/me")).body.id).toBe(ann.user.id);
    }
    expect((await passkeysOf(ann))[0]?.last_used_at).not.toBeNull();
  });

  it("[SIGN-11] is that of one's own account among several, also where two share an authenticator", async () => {
    const bob = await signUp(app.url, "bob");
    await add(ann, laptop);
    await add(bob, laptop);
    expect((await browser.signIn(laptop)).body.user.id).toBe(bob.user.id);
    expect((await passkeysOf(ann)).length).toBe(1);
  });

  it("[SIGN-11] is asked for without a word on who has an account, and holds the person to its device", async () => {
    await add(ann, laptop);
    const { options } = await browser.begin();
    expect(Object.keys(options).toSorted()).toEqual(["challenge", "rpId", "timeout", "userVerification"]);
    expect(options).toMatchObject({ rpId: HOST, userVerification: "required", timeout: 300_000 });
    const made = (await begin(ann)).options;
    expect(made.authenticatorSelection).toMatchObject({ residentKey: "required", userVerification: "required" });
    expect(made.excludeCredentials.length).toBe(1);
    expect((await browser.begin()).options.challenge).not.toBe(options.challenge);
  });

  it("[SIGN-11] [SIGN-4] signing in well is no attempt that counts; otherwise they are counted, and told when to come back", async () => {
    await add(ann, laptop);
    const answers = [];
    for (let time = 0; time < 12; time += 1) answers.push(await browser.signIn(laptop, { key: another() }));
    expect(answers.slice(0, 10).map(told)).toEqual(Array.from({ length: 10 }, () => REFUSED));
    expect(answers.slice(10).map(told)).toEqual(Array.from({ length: 2 }, () => [429, "too_many_attempts"]));
    expect(answers[11]?.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it.each<readonly Odd[]>([
    [
      { origin: "https://chat.example.evil" },
      { origin: `${PUBLIC_URL}:444` },
      { rpId: "example" },
      { key: another() },
      { challenge: "A".repeat(72) },
      { type: "webauthn.create" },
    ],
    [
      { userHandle: Buffer.from("somebody").toString("base64url") },
      { userHandle: null },
      { crossOrigin: true },
      { isPresent: false },
      { isVerified: false },
    ],
  ])("[SIGN-11] signs nobody in where anything of what it signs is another, such as %j", async (...oddities) => {
    await add(ann, laptop);
    for (const odd of oddities) {
      const refused = await browser.signIn(laptop, odd);
      expect(told(refused), JSON.stringify(odd)).toEqual(REFUSED);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    expect((await browser.signIn(laptop)).status).toBe(200);
  });

  it("[SIGN-11] is not made where anything is another than was asked for", async () => {
    const oddities: readonly Odd[] = [
      { origin: "https://chat.example.evil" },
      { rpId: "example" },
      { challenge: "A".repeat(72) },
      { type: "webauthn.get" },
      { crossOrigin: true },
      { isPresent: false },
      { isVerified: false },
    ];
    for (const odd of oddities) {
      const made = await finish(ann, laptop.make(await begin(ann), odd));
      expect(told(made), JSON.stringify(odd)).toEqual(REFUSED);
    }
    expect(await passkeysOf(ann)).toEqual([]);
  });

  it("[SIGN-11] whose count goes back or stands still signs nobody in: it was copied", async () => {
    await add(ann, laptop);
    expect((await browser.signIn(laptop)).status).toBe(200);
    for (const back of [1, 2]) {
      laptop.counter -= back;
      expect(told(await browser.signIn(laptop))).toEqual(REFUSED);
    }
    laptop.counter = 100;
    expect((await browser.signIn(laptop)).status).toBe(200);
  });

  it("[SIGN-11] that doesn't count signs in as often as it is asked, until it has once counted", async () => {
    laptop.doesCount = false;
    await add(ann, laptop);
    for (const _ of [1, 2]) expect((await browser.signIn(laptop)).status).toBe(200);
    laptop.doesCount = true;
    expect((await browser.signIn(laptop)).status).toBe(200);
    laptop.doesCount = false;
    expect(told(await browser.signIn(laptop))).toEqual(REFUSED);
  });
});

describe("a challenge", () => {
  it("[SIGN-11] signs in once, also where the same answer comes twice at a time", async () => {
    laptop.doesCount = false;
    await add(ann, laptop);
    const signed = laptop.sign(await browser.begin());
    const both = await Promise.all([browser.finish(signed), browser.finish(signed)]);
    expect(both.map(told)).toEqual(expect.arrayContaining([[200, undefined], REFUSED]));
    expect(told(await browser.finish(signed))).toEqual(REFUSED);
  });

  it("[SIGN-11] that was once answered wrongly is used up, and a new start forgets nothing of it", async () => {
    laptop.doesCount = false;
    await add(ann, laptop);
    const request = await browser.begin();
    const used = laptop.sign(request);
    expect((await browser.finish(laptop.sign(request, { key: another() }))).status).toBe(403);
    expect(told(await browser.finish(used))).toEqual(REFUSED);
    await app.leave();
    const { dataDir } = app;
    app = await startForPeople({ env: { PUBLIC_URL, DATA_DIR: dataDir } });
    const same = new SignedOutBrowser(app.url, browser.cookie);
    expect(told(await same.finish(used))).toEqual(REFUSED);
    expect((await same.signIn(laptop)).status).toBe(200);
  });

  it("[SIGN-11] is the browser's that asked for it, and each of its tabs may have one", async () => {
    await add(ann, laptop);
    const [first, second] = [await browser.begin(), await browser.begin()];
    const other = new SignedOutBrowser(app.url);
    await other.begin();
    expect(told(await other.finish(laptop.sign(first)))).toEqual(REFUSED);
    expect(told(await new SignedOutBrowser(app.url).finish(laptop.sign(first)))).toEqual(REFUSED);
    expect((await browser.finish(laptop.sign(first))).status).toBe(200);
    expect((await browser.finish(laptop.sign(second))).status).toBe(200);
    expect(browser.cookie).toMatch(/^__Host-instep_browser=[\w-]{43}$/);
  });

  it("[SIGN-11] for one use is no good for another, nor one session's for another's", async () => {
    await add(ann, laptop);
    const [phone, bob] = [await signIn(app.url, "ann"), await signUp(app.url, "bob")];
    const adding = await begin(ann);
    const signing = await browser.begin();
    const phoneKey = new SoftwareAuthenticator(PUBLIC_URL);
    const swapped = { options: { ...adding.options, challenge: signing.options.challenge } };
    expect(told(await finish(ann, phoneKey.make(swapped)))).toEqual(REFUSED);
    const challenge = adding.options.challenge;
    expect(told(await browser.finish(laptop.sign(signing, { challenge })))).toEqual(REFUSED);
    const made = phoneKey.make(adding);
    for (const other of [phone, bob]) expect(told(await finish(other, made))).toEqual(REFUSED);
    expect((await finish(ann, made)).status).toBe(201);
    expect(told(await finish(ann, made)), "once").toEqual(REFUSED);
  });
});

describe("one's passkeys", () => {
  it("[SIGN-11] are listed, renamed and removed by their owner alone, and by a person, not a program", async () => {
    const { id } = await add(ann, laptop);
    const bob = await signUp(app.url, "bob");
    const { token } = (await ann.call<{ token: string }>("/api/tokens", { body: { name: "Backup" } })).body;
    const program = createClient(app.url, { authorization: `Bearer ${token}` });
    const path = `/api/passkeys/${id}`;
    const rename = { method: "PATCH", body: { name: "Taken" } };
    for (const call of [rename, { method: "DELETE" }]) {
      expect(told(await bob.call(path, call))).toEqual([404, "passkey_not_found"]);
      expect(told(await program.call(path, call))).toEqual([403, "forbidden"]);
    }
    expect(told(await program.call("/api/passkeys/begin", { method: "POST" }))).toEqual([403, "forbidden"]);
    expect(
      told(await program.call("/api/passkeys", { body: { name: "x", response: laptop.make(await begin(ann)) } })),
    ).toEqual([403, "forbidden"]);
    expect(await passkeysOf(bob)).toEqual([]);
    expect((await passkeysOf(ann)).map(({ name }) => name)).toEqual(["Laptop"]);
    expect((await ann.call(path, { method: "PATCH", body: { name: " \t" } })).status).toBe(400);
    const renamed = await ann.call(path, { method: "PATCH", body: { name: " Old laptop " } });
    expect([renamed.status, renamed.body]).toMatchObject([200, { id, name: "Old laptop" }]);
    expect((await passkeysOf(ann)).map(({ name }) => name)).toEqual(["Old laptop"]);
    expect((await ann.call(path, { method: "DELETE" })).status).toBe(200);
    expect(await passkeysOf(ann)).toEqual([]);
    expect(told(await ann.call(path, { method: "DELETE" }))).toEqual([404, "passkey_not_found"]);
  });

  it("[SIGN-11] that was removed, whose person is off the list or gone, signs nobody in", async () => {
    const { id } = await add(ann, laptop);
    const request = await browser.begin();
    await ann.call(`/api/passkeys/${id}`, { method: "DELETE" });
    expect(told(await browser.finish(laptop.sign(request)))).toEqual(REFUSED);

    const phone = new SoftwareAuthenticator(PUBLIC_URL);
    await add(ann, phone);
    const { dataDir } = app;
    await app.leave();
    app = await startForPeople({ env: { PUBLIC_URL, DATA_DIR: dataDir, ALLOWED_EMAILS: "bob@example.com" } });
    expect(told(await new SignedOutBrowser(app.url).signIn(phone))).toEqual([403, "address_refused"]);
    await app.leave();
    app = await startForPeople({ env: { PUBLIC_URL, DATA_DIR: dataDir } });
    const entered = await new SignedOutBrowser(app.url).signIn(phone);
    const cookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const erased = await createClient(app.url, { cookie }).call("/api/me", {
      method: "DELETE",
      body: { password: PASSWORD },
    });
    expect(erased.status).toBe(200);
    expect(told(await new SignedOutBrowser(app.url).signIn(phone))).toEqual(REFUSED);
  });

  it("[SIGN-11] [SIGN-6] stay with a new password that their owner sets", async () => {
    await add(ann, laptop);
    const body = { current_password: PASSWORD, new_password: "battery staple" };
    expect((await ann.call("/api/auth/password", { body })).status).toBe(200);
    expect((await browser.signIn(laptop)).status).toBe(200);
  });

  it("[SIGN-11] are fifty at most", async () => {
    const begun = await begin(ann);
    for (let count = 0; count < 50; count += 1) await add(ann, new SoftwareAuthenticator(PUBLIC_URL));
    expect(told(await finish(ann, laptop.make(begun))), "begun while there was room").toEqual([403, "forbidden"]);
    expect(told(await ann.call("/api/passkeys/begin", { method: "POST" }))).toEqual([403, "forbidden"]);
  });
});

describe("where passkeys can't be", () => {
  it("[SIGN-11] nothing offers them, and whoever asks is told why", async () => {
    const plain = await startForPeople();
    const person = await signUp(plain.url, "ann");
    expect((await person.call<Config>("/api/config")).body.auth.passkeys).toBeUndefined();
    for (const path of ["/api/passkeys/begin", "/api/auth/sign-in/passkey/begin"]) {
      const refused = await person.call(path, { method: "POST" });
      expect(told(refused)).toEqual([403, "passkeys_unavailable"]);
      expect(refused.body.detail).toMatch(/^127\.0\.0\.1 is an IP address.*PUBLIC_URL/);
    }
    await plain.stop();
    expect((await ann.call<Config>("/api/config")).body.auth.passkeys).toBe(true);
  });

  it("[SIGN-11] one that was made for another host signs nobody in, and keeps its device from none that is made for this", async () => {
    await add(ann, laptop);
    expect((await begin(ann)).options.excludeCredentials.map(({ id }) => id)).toEqual(laptop.credentials);
    const { dataDir } = app;
    await app.leave();
    app = await startForPeople({ env: { PUBLIC_URL: "https://other.example", DATA_DIR: dataDir } });
    const again = await signIn(app.url, "ann");
    expect((await begin(again)).options).toMatchObject({ rp: { id: "other.example" }, excludeCredentials: [] });
    const moved = new SignedOutBrowser(app.url);
    const { options } = await moved.begin();
    expect(options.rpId).toBe("other.example");
    const odd = { origin: "https://other.example", rpId: "other.example" };
    expect(told(await moved.finish(laptop.sign({ options: { ...options, rpId: HOST } }, odd)))).toEqual(REFUSED);
  });
});

it("[SIGN-11] why a passkey was refused is logged, and nothing of what was sent", async () => {
  const lines: string[] = [];
  const log = createLog({ logLevel: "info" }, { write: (line) => lines.push(line) });
  const logging = await startForPeople({ env: { PUBLIC_URL }, log });
  const person = await signUp(logging.url, "ann");
  await add(person, laptop);
  const there = new SignedOutBrowser(logging.url);
  const request = await there.begin();
  await there.finish(laptop.sign(request, { origin: 'https://evil.example/"quoted' }));
  await there.signIn(laptop, { challenge: "A".repeat(72) });
  await logging.stop();
  const refusals = lines.filter((line) => line.includes("a passkey was refused"));
  expect(refusals.length).toBe(2);
  expect(refusals.join("")).toMatch(/origin/);
  for (const sent of ["evil", "quoted", "AAAA", request.options.challenge]) {
    expect(refusals.join("")).not.toContain(sent);
  }
});

describe("who may add one", () => {
  it("[SIGN-11] is whoever has the password, which is counted as a sign-in is", async () => {
    expect(told(await ann.call("/api/passkeys/begin", { body: { password: "a wrong one" } }))).toEqual([
      401,
      "sign_in_refused",
    ]);
    expect((await ann.call("/api/passkeys/begin", { body: { password: PASSWORD } })).status).toBe(200);
    expect(cookieOf((await ann.call("/api/passkeys/begin", { body: {} })).headers)).toBe("");
  });
});
