/** The command line for those who sign in, beside a running server and without one. */
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "./client.ts";
import { add, PUBLIC_URL, SignedOutBrowser } from "./passkey-calls.ts";
import { PASSWORD, signIn, signUp, startForPeople } from "./people.ts";
import { SoftwareAuthenticator } from "./software-authenticator.ts";
import { startApp, type StartedApp } from "./start-app.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const CLI = fileURLToPath(new URL("../src/cli/cli.ts", import.meta.url));
/** Processes start slowly on a machine that is busy with other tests. */
const SLOW = { timeout: 60_000 };
const LIST = "solo@example.org";

let app: StartedApp;

beforeEach(async () => {
  app = await startForPeople({ env: { ALLOWED_EMAILS: LIST, PUBLIC_URL } });
});

afterEach(() => app.stop());

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function users(...words: readonly string[]): Promise<Ran> {
  return run("users", ...words);
}

function run(...words: readonly string[]): Promise<Ran> {
  return runWith({}, ...words);
}

async function runWith(env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, ["--conditions=@instep/source", CLI, ...words], {
    cwd: app.dataDir,
    env: { ...THIS_MACHINES, DATA_DIR: app.dataDir, ALLOWED_EMAILS: LIST, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (err += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

describe("users", SLOW, () => {
  it("[SIGN-8] invites an address onto the list, lists it, and takes it off with all that it has, beside a running server", async () => {
    await expect(signUp(app.url, "ann")).rejects.toThrow("address_refused");
    expect(await users("invite", " Ann@Example.com")).toMatchObject({ code: 0, out: "ann@example.com may sign up.\n" });
    expect((await users("list")).out).toBe("ann@example.com  invited\n");
    const ann = await signUp(app.url, "ann");
    await ann.create();
    expect((await users("list")).out).toMatch(/^ann@example\.com {2}since \d{4}-\d\d-\d\d {2}administrator\n$/);
    const held = ann.call("/api/conversations/sync?since=2999-01-01T00:00:00Z&wait=60");
    expect(await users("remove", "ann@example.com")).toMatchObject({ code: 0 });
    await held;
    await expect.poll(async () => (await ann.call("/api/me")).status, { timeout: 15_000 }).toBe(401);
    expect((await users("list")).out).toBe("Nobody has an account yet.\n");
    await expect(signUp(app.url, "ann")).rejects.toThrow("address_refused");
  });

  it("[SIGN-8] hands out a link for a new password, which holds once and ends what the old one let in", async () => {
    await users("invite", "ann@example.com");
    const ann = await signUp(app.url, "ann");
    const [laptop, browser] = [new SoftwareAuthenticator(PUBLIC_URL), new SignedOutBrowser(app.url)];
    await add(ann, laptop);
    const first = (await users("reset", "ann@example.com")).out;
    const second = (await users("reset", "ann@example.com")).out;
    const set = (printed: string) => {
      const token = /#reset=([\w-]{43})$/m.exec(printed)?.[1] ?? "";
      return createClient(app.url).call("/api/auth/reset-password", { body: { token, password: "battery staple" } });
    };
    expect((await set(first)).body.code, "the newer one stands").toBe("reset_refused");
    expect((await set(second)).status).toBe(200);
    expect((await set(second)).body.code).toBe("reset_refused");
    expect((await ann.call("/api/me")).status).toBe(401);
    expect(first).toContain("\nEvery session and token of the account ends then, and so does its passkey.\n");
    expect((await browser.signIn(laptop)).body.code).toBe("passkey_refused");
    expect((await users("reset", "ann@example.com")).out).toContain(
      "\nEvery session and token of the account ends then.\n",
    );
    await expect(signIn(app.url, "ann", PASSWORD)).rejects.toThrow("sign_in_refused");
    await signIn(app.url, "ann", "battery staple");
  });

  it("[SIGN-8] ends with 1 and one line, and makes no link, where the server has another secret", async () => {
    await users("invite", "ann@example.com");
    await signUp(app.url, "ann");
    const other = { AUTH_SECRET: "not-the-one-of-the-server" };
    const { code, out, err } = await runWith(other, "users", "reset", "ann@example.com");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^The secret here is another one than the server's, [^\n]*\n$/);
    expect(await users("reset", "ann@example.com")).toMatchObject({ code: 0 });
  });

  it("[SIGN-8] hands out a link that a browser can open, whatever address the server listens at", async () => {
    await users("invite", "ann@example.com");
    await signUp(app.url, "ann");
    const { out } = await runWith({ HOST: "::1", PORT: "3001" }, "users", "reset", "ann@example.com");
    expect(URL.parse(out.split("\n")[0] ?? "")?.origin).toBe("http://[::1]:3001");
  });

  it("[SIGN-8] gives the local account's conversations to the first account, nothing lost", async () => {
    const { dataDir } = app;
    await app.leave();
    app = await startApp({ env: { DATA_DIR: dataDir } });
    const local = createClient(app.url);
    const { id } = await local.create("From before");
    await local.batch(id, { message: "Hello" });
    await local.call(`/api/conversations/${id}/read`, { body: { seq: 1 } });
    const { conversations } = await local.sync();
    const opened = (await local.open(id)).messages;
    await app.leave();
    app = await startForPeople({ env: { DATA_DIR: dataDir } });
    await signUp(app.url, "ann");
    expect(await users("adopt", "ann@example.com")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/server is running/),
    });
    await app.leave();
    expect(await users("adopt", "ann@example.com")).toMatchObject({ code: 0 });
    expect(await users("adopt", "bob@example.com")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/ann@example\.com has/),
    });
    app = await startForPeople({ env: { DATA_DIR: dataDir } });
    const ann = await signIn(app.url, "ann");
    expect((await ann.sync()).conversations).toEqual(conversations);
    expect((await ann.open(id)).messages).toEqual(opened);
    expect((await ann.call("/api/me")).body).toMatchObject({ email: "ann@example.com", name: "ann", id: ann.user.id });
    expect((await (await signUp(app.url, "bob")).sync()).conversations).toEqual([]);
  });

  it("[SIGN-8] a backup has the accounts, and a restore puts them back", async () => {
    const { dataDir } = app;
    await users("invite", "ann@example.com");
    const ann = await signUp(app.url, "ann");
    const { id } = await ann.create("Kept");
    const file = join(dataDir, "kept.sqlite");
    expect(await run("backup", file)).toMatchObject({ code: 0 });
    expect((statSync(`${file}.accounts`).mode & 0o777).toString(8)).toBe("600");
    expect(await users("remove", "ann@example.com")).toMatchObject({ code: 0 });
    await app.leave();
    expect(await run("restore", file)).toMatchObject({ code: 0 });
    app = await startForPeople({ env: { DATA_DIR: dataDir, ALLOWED_EMAILS: LIST } });
    expect((await (await signIn(app.url, "ann")).open(id)).title).toBe("Kept");
  });

  it("[SIGN-8] an export is of the person who is named", async () => {
    await users("invite", "ann@example.com");
    await (await signUp(app.url, "ann")).create("Ann's own");
    const file = join(app.dataDir, "export.json");
    expect(await run("export", file)).toMatchObject({ code: 1, err: expect.stringMatching(/name the address/) });
    expect(await run("export", file, "bob@example.com")).toMatchObject({ code: 1 });
    expect(await run("export", file, "ann@example.com")).toMatchObject({ code: 0 });
    expect(readFileSync(file, "utf8")).toContain("Ann's own");
  });

  it.each([[], ["invite"], ["list", "ann@example.com"], ["frobnicate"], ["invite", "a@b.example", "c@d.example"]])(
    "[SIGN-8] ends with 2 and its usage where it is called as %j",
    async (...words) =>
      expect(await users(...words)).toMatchObject({ code: 2, err: expect.stringMatching(/^Usage: .* users list\|/) }),
  );

  it.each([
    ["invite", "ann"],
    ["reset", "nobody@example.com"],
    ["remove", "nobody@example.com"],
  ])("[SIGN-8] ends with 1 and one line where it can't %s %s", async (...words) => {
    const { code, err } = await users(...words);
    expect([code, err.trim().split("\n").length]).toEqual([1, 1]);
    expect(err).toContain(words[1]);
  });
});
