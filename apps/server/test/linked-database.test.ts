/** A database that stands elsewhere and is linked into the data folder is as good as one that stands there. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "./client.ts";
import { signIn, signUp, startForPeople } from "./people.ts";
import { startApp } from "./start-app.ts";

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-linked-"));
  dataDir = join(folder, "data");
  mkdirSync(dataDir, { mode: 0o700 });
  mkdirSync(join(folder, "disk"), { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function link(file: string, target: string): void {
  symlinkSync(target, join(dataDir, file));
}

test("[SAFE-3] a linked database is written, is well, and has what stands beside it beside itself", async () => {
  link("instep.sqlite", join(folder, "disk", "instep.sqlite"));
  link("accounts.sqlite", "../disk/accounts.sqlite");
  const app = await startForPeople({ env: { DATA_DIR: dataDir } });
  const ann = await signUp(app.url, "ann");
  await ann.create("here");
  expect((await createClient(app.url).call("/readyz")).status).toBe(200);
  expect((await signIn(app.url, "ann")).user).toEqual(ann.user);
  const besideLinks = () => readdirSync(dataDir).filter((name) => /^(?:instep|accounts)\.sqlite-/.test(name));
  expect(besideLinks()).toEqual([]);
  await app.stop();
  expect(besideLinks()).toEqual([]);
  expect(["instep.sqlite", "accounts.sqlite"].map((file) => existsSync(join(folder, "disk", file)))).toEqual([
    true,
    true,
  ]);
  const again = await startForPeople({ env: { DATA_DIR: dataDir } });
  const { conversations } = await (await signIn(again.url, "ann")).sync();
  expect(conversations.map(({ title }) => title)).toEqual(["here"]);
  await again.stop();
});

test.each(["instep.sqlite", "accounts.sqlite"])("a link of %s that leads nowhere is told in one line", async (file) => {
  link(file, join(folder, "unmounted", file));
  const started = startApp({ env: { DATA_DIR: dataDir, ALLOWED_EMAILS: "*@example.com" } });
  await expect(started).rejects.toThrow(/^DATA_DIR: "[^"]*data\/[a-z]+\.sqlite" leads to "[^"]*unmounted[^\n]*$/);
});

test("a link that leads to itself is told in one line", async () => {
  link("instep.sqlite", join(dataDir, "instep.sqlite"));
  await expect(startApp({ env: { DATA_DIR: dataDir } })).rejects.toThrow(/^DATA_DIR: [^\n]*$/);
});
