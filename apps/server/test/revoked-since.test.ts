/** A restore brings back what people wrote, and no way in that was revoked after the backup. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChangePassword, TokenMade } from "@instep/protocol";
import { afterEach, beforeEach, expect, it } from "vitest";
import { backupCommand } from "../src/cli/backup-command.ts";
import type { CliCommand } from "../src/cli/command.ts";
import { restoreCommand } from "../src/cli/database-commands.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { readSettings } from "../src/settings/config.ts";
import { type Client, createClient } from "./client.ts";
import { add, passkeysOf, PUBLIC_URL } from "./passkey-calls.ts";
import { PASSWORD, signIn, signUp, startForPeople, type Someone } from "./people.ts";
import { SoftwareAuthenticator } from "./software-authenticator.ts";
import type { StartedApp } from "./start-app.ts";

const NEW_PASSWORD = "battery staple";

let folder: string;
let backup: string;
let app: StartedApp;
let ann: Someone;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-revoked-"));
  backup = join(folder, "backup.sqlite");
  app = await startOn("data");
  ann = await signUp(app.url, "ann");
});

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

function startOn(name: string): Promise<StartedApp> {
  return startForPeople({ env: { DATA_DIR: join(folder, name), PUBLIC_URL } });
}

async function run(command: CliCommand, name = "data"): Promise<void> {
  const { settings, fault } = readSettings({ DATA_DIR: join(folder, name) });
  if (settings === null) throw new Error(fault);
  const line = new TerminalLine(process.stderr, Date.now);
  await command.run({ settings, file: backup, words: [], line, print: () => undefined, now: Date.now });
}

/** Puts the backup in the place of what is there, and goes on with the same people at another address. */
async function restoreInto(name: string): Promise<void> {
  await app.stop();
  await run(restoreCommand, name);
  app = await startOn(name);
}

async function statusOf(headers: Readonly<Record<string, string>>): Promise<number> {
  return (await createClient(app.url, headers).call("/api/me")).status;
}

async function tokenOf(someone: Client, name: string): Promise<TokenMade> {
  return (await someone.call<TokenMade>("/api/tokens", { body: { name } })).body;
}

const withCookie = ({ cookie }: Someone) => ({ cookie });
const withToken = ({ token }: TokenMade) => ({ authorization: `Bearer ${token}` });

it("[SIGN-8] ended sessions, tokens and passkeys stay ended after a restore, and what still holds goes on", async () => {
  const lost = await signIn(app.url, "ann");
  const [kept, leaked] = [await tokenOf(ann, "kept"), await tokenOf(ann, "leaked")];
  await add(ann, new SoftwareAuthenticator(PUBLIC_URL), "Laptop");
  const stolen = await add(ann, new SoftwareAuthenticator(PUBLIC_URL), "Stolen phone");
  await ann.create("Written before");
  await run(backupCommand);
  await lost.call("/api/auth/sign-out", { method: "POST" });
  await ann.call(`/api/tokens/${leaked.id}`, { method: "DELETE" });
  await ann.call(`/api/passkeys/${stolen.id}`, { method: "DELETE" });

  await restoreInto("data");

  expect([await statusOf(withCookie(ann)), await statusOf(withToken(kept))]).toEqual([200, 200]);
  expect([await statusOf(withCookie(lost)), await statusOf(withToken(leaked))]).toEqual([401, 401]);
  const again = createClient(app.url, withCookie(ann));
  expect((await passkeysOf(again)).map(({ name }) => name)).toEqual(["Laptop"]);
  expect((await again.sync()).conversations.map(({ title }) => title)).toEqual(["Written before"]);
});

it("[SIGN-8] a password that was changed after the backup is the one that holds after a restore", async () => {
  const { token } = await tokenOf(ann, "ended with the old password");
  await run(backupCommand);
  const body: ChangePassword = { current_password: PASSWORD, new_password: NEW_PASSWORD };
  expect((await ann.call("/api/auth/password", { body })).status).toBe(200);

  await restoreInto("data");

  await expect(signIn(app.url, "ann")).rejects.toThrow("sign_in_refused");
  expect(await statusOf(withCookie(await signIn(app.url, "ann", NEW_PASSWORD)))).toBe(200);
  expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(401);
});

it("[SIGN-8] where nobody of the backup has an account, as on another machine, everything of it lets in", async () => {
  const token = await tokenOf(ann, "script");
  await run(backupCommand);
  await app.stop();
  app = await startOn("elsewhere");
  await signUp(app.url, "bob");
  cpSync(join(folder, "data", "auth-secret"), join(folder, "elsewhere", "auth-secret"));

  await restoreInto("elsewhere");

  expect([await statusOf(withCookie(ann)), await statusOf(withToken(token))]).toEqual([200, 200]);
});

it("[SIGN-8] who undoes a restore has every way in again that was made before it", async () => {
  await run(backupCommand);
  const { token } = await tokenOf(ann, "made since");
  await restoreInto("data");
  expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(401);
  await app.stop();
  // What the restore has kept beside them, under the names of a backup.
  for (const [name, suffix] of [
    ["instep.sqlite", ""],
    ["accounts.sqlite", ".accounts"],
  ] as const) {
    const kept = readdirSync(join(folder, "data")).find((each) => each.startsWith(`${name}.before-restore-`));
    cpSync(join(folder, "data", kept ?? ""), `${backup}${suffix}`);
  }

  await restoreInto("data");

  expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(200);
});
