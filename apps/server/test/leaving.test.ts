/** Deleting one's account: everything goes, and nothing of anybody else's. */
import Database from "better-sqlite3";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { since } from "./client.ts";
import { PASSWORD, signIn, signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

let app: StartedApp;
let ann: Someone;

beforeEach(async () => {
  app = await startForPeople({ env: { DEMO_TOKEN_DELAY_MS: "5" } });
  ann = await signUp(app.url, "ann");
});

afterEach(() => app.stop());

/** Every row of every table, but for what an index keeps in a form of its own. */
function everyRow(file: string): string {
  const db = new Database(join(app.dataDir, file), { readonly: true });
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  const rows = tables.map((table) => `${table}: ${JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all())}`);
  db.close();
  return rows.join("\n");
}

function indexedTexts(): number {
  const db = new Database(join(app.dataDir, "instep.sqlite"), { readonly: true });
  const count = Number(db.prepare("SELECT count(*) FROM message_text_docsize").pluck().get());
  db.close();
  return count;
}

async function fill(someone: Someone, word: string): Promise<void> {
  const [first, second, third] = [await someone.create(word), await someone.create(word), await someone.create(word)];
  for (const { id } of [first, second]) await someone.batch(id, { message: word });
  await someone.batch(first.id, { message: `${word} again`, more: { replace_from_seq: 1 } });
  await someone.call(`/api/conversations/${first.id}`, { method: "PATCH", body: { instructions: word } });
  await someone.call(`/api/conversations/${second.id}`, { method: "DELETE" });
  await someone.call(`/api/conversations/${third.id}?permanent=true`, { method: "DELETE" });
  const preset = { name: word, instructions: `Say ${word}.` };
  await someone.call(`/api/presets/${randomUUID()}`, { method: "PUT", body: preset });
  await someone.call("/api/tokens", { body: { name: word } });
}

it("[SIGN-7] erases the account with all that it has, from every table, and leaves others as they were", async () => {
  const bob = await signUp(app.url, "bob");
  await fill(bob, "quince");
  await expect.poll(indexedTexts, { timeout: 10_000 }).toBeGreaterThan(0);
  const before = { bob: await bob.sync(), texts: indexedTexts() };
  await fill(ann, "marmalade");
  const running = await ann.create("marmalade");
  const stream = await ann.stream(running.id, { message: "marmalade" });
  const wrong = await ann.call("/api/me", { method: "DELETE", body: { password: "incorrect horse" } });
  expect([wrong.status, wrong.body.code]).toEqual([401, "sign_in_refused"]);
  const held = ann.call(`/api/conversations/sync?${since(await ann.sync())}&wait=60`);
  const erased = await ann.call("/api/me", { method: "DELETE", body: { password: PASSWORD } });
  expect([erased.status, erased.headers.get("set-cookie")?.includes("Max-Age=0")]).toEqual([200, true]);
  await stream.text().catch(() => "broken off");
  expect([200, 401]).toContain((await held).status);
  expect((await ann.call("/api/me")).status).toBe(401);
  await expect(signIn(app.url, "ann")).rejects.toThrow("sign_in_refused");
  for (const file of ["instep.sqlite", "accounts.sqlite"]) {
    const isGone = () => !everyRow(file).includes(ann.user.id) && !everyRow(file).includes("marmalade");
    await expect.poll(isGone, { timeout: 10_000, message: file }).toBe(true);
    expect(everyRow(file)).toContain(bob.user.id);
  }
  await expect.poll(indexedTexts, { timeout: 10_000 }).toBe(before.texts);
  expect(await bob.sync()).toEqual(before.bob);
  const again = await signUp(app.url, "ann");
  expect(again.user.id).not.toBe(ann.user.id);
  expect((await again.sync()).conversations).toEqual([]);
});

it("[SIGN-7] goes on at the next start where it was cut short", async () => {
  await fill(ann, "marmalade");
  const { dataDir } = app;
  await app.leave();
  const db = new Database(join(dataDir, "accounts.sqlite"));
  db.exec("UPDATE person SET is_leaving = 1");
  db.close();
  app = await startForPeople({ env: { DATA_DIR: dataDir } });
  await expect.poll(() => everyRow("instep.sqlite").includes("marmalade"), { timeout: 10_000 }).toBe(false);
  expect(everyRow("accounts.sqlite")).not.toContain(ann.user.id);
});

it("[SIGN-7] [EPOCH-1] begins at a start only when that is noted: erasing takes long, and what ends by itself meanwhile ticks clocks", async () => {
  await signUp(app.url, "bob");
  const { dataDir } = app;
  await app.leave();
  const accounts = new Database(join(dataDir, "accounts.sqlite"));
  accounts.prepare("UPDATE person SET is_leaving = 1 WHERE id = ?").run(ann.user.id);
  accounts.close();
  const db = new Database(join(dataDir, "instep.sqlite"));
  db.exec(`CREATE TABLE noted (starts INTEGER);
    CREATE TRIGGER erased AFTER DELETE ON account BEGIN INSERT INTO noted SELECT count(*) FROM start_gap; END`);
  app = await startForPeople({ env: { DATA_DIR: dataDir } });
  await expect.poll(() => db.prepare("SELECT starts FROM noted").pluck().all()).toEqual([1]);
  db.close();
});

it("[SIGN-7] is told where it can't be done at once, and goes on by itself", async () => {
  await fill(ann, "marmalade");
  const { dataDir } = app;
  const db = new Database(join(dataDir, "instep.sqlite"));
  db.exec("CREATE TRIGGER full BEFORE DELETE ON conversation BEGIN SELECT raise(FAIL, 'no room'); END");
  db.close();
  const refused = await ann.call("/api/me", { method: "DELETE", body: { password: PASSWORD } });
  expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
    503,
    "unavailable",
    expect.stringContaining("by itself"),
  ]);
  expect(refused.headers.get("set-cookie")).toContain("Max-Age=0");
  expect((await ann.call("/api/me")).status).toBe(401);
  await app.leave();
  // Neither does a start fail of it, and the sweep that comes soon ends it.
  app = await startForPeople({ env: { DATA_DIR: dataDir }, sweepEveryMs: 50 });
  expect(everyRow("accounts.sqlite")).toContain(ann.user.id);
  const again = new Database(join(dataDir, "instep.sqlite"));
  again.exec("DROP TRIGGER full");
  again.close();
  await expect.poll(() => everyRow("accounts.sqlite").includes(ann.user.id), { timeout: 10_000 }).toBe(false);
  expect(everyRow("instep.sqlite")).not.toContain("marmalade");
});

it("[SIGN-7] is told as done by whoever is gone, though another one can't be erased yet", async () => {
  const bob = await signUp(app.url, "bob");
  for (const one of [ann, bob]) await one.create("marmalade");
  const db = new Database(join(app.dataDir, "instep.sqlite"));
  db.exec(`CREATE TRIGGER full BEFORE DELETE ON conversation WHEN old.account_id = '${bob.user.id}'
    BEGIN SELECT raise(FAIL, 'no room'); END`);
  db.close();
  const leave = (one: Someone) => one.call("/api/me", { method: "DELETE", body: { password: PASSWORD } });
  expect([(await leave(bob)).status, (await leave(ann)).status]).toEqual([503, 200]);
  expect(everyRow("accounts.sqlite")).not.toContain(ann.user.id);
});

it("[SIGN-7] [SIGN-5] is not done by a token", async () => {
  const made = await ann.call<{ token: string }>("/api/tokens", { body: { name: "Backup" } });
  const headers = { authorization: `Bearer ${made.body.token}` };
  const refused = await ann.call("/api/me", { method: "DELETE", body: { password: PASSWORD }, headers });
  expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
  expect((await ann.call("/api/me")).status).toBe(200);
});
