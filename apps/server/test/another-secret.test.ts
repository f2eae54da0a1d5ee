/** Another AUTH_SECRET than the accounts' file was used with: everybody is signed out, and nothing goes on for a session that is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "../src/program-log.ts";
import { signIn, signUp, startForPeople, type Someone } from "./people.ts";
import type { StartedApp } from "./start-app.ts";

const [FIRST, SECOND] = ["the first secret of it", "another secret of it"].map((text) => text.replaceAll(" ", "-"));

let data: string;
let lines: string[];
let app: StartedApp;
let ann: Someone;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "instep-secret-"));
  app = await start(FIRST);
  ann = await signUp(app.url, "ann");
  const keys = { p256dh: P256DH, auth: Buffer.alloc(16).toString("base64url") };
  const subscription = { endpoint: "https://push.example/ann", keys };
  expect((await ann.call("/api/push/subscriptions", { body: subscription })).status).toBe(200);
  await ann.call("/api/tokens", { body: { name: "A program" } });
});

afterEach(async () => {
  await app.stop();
  rmSync(data, { recursive: true, force: true });
});

function start(secret = ""): Promise<StartedApp> {
  lines = [];
  const log = createLog({ logLevel: "warn" }, { write: (line) => lines.push(line) });
  return startForPeople({ env: { DATA_DIR: data, AUTH_SECRET: secret }, log });
}

async function startAgain(secret = "", before = (_db: Database.Database): void => {}): Promise<void> {
  await app.leave();
  const db = new Database(join(data, "accounts.sqlite"));
  before(db);
  db.close();
  app = await start(secret);
}

/** How many sessions and tokens there are, and how many subscriptions. */
function kept(): readonly unknown[] {
  const db = new Database(join(data, "accounts.sqlite"), { readonly: true });
  const counts = ["access", "push_subscription"].map((table) =>
    db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get(),
  );
  db.close();
  return counts;
}

test("[PUSH-1] [SIGN-3] ends sessions, tokens and their pushes, once and for good, and says so", async () => {
  await startAgain(SECOND);
  expect(kept()).toEqual([0, 0]);
  expect(lines.filter((line) => line.includes("everybody is signed out"))).toHaveLength(1);
  const again = await signIn(app.url, "ann");
  await startAgain(SECOND);
  expect(lines).toEqual([]);
  expect((await fetch(`${app.url}/api/me`, { headers: { cookie: again.cookie } })).status).toBe(200);
});

test("[SIGN-3] the same one leaves them, and so does the first one that a file is used with that doesn't say by which it was made", async () => {
  await startAgain(FIRST);
  expect(kept()).toEqual([2, 1]);
  await startAgain(FIRST, (db) => db.exec("DROP TABLE secret_mark; PRAGMA user_version = 4"));
  expect([kept(), lines]).toEqual([[2, 1], []]);
  expect((await fetch(`${app.url}/api/me`, { headers: { cookie: ann.cookie } })).status).toBe(200);
  await startAgain(SECOND);
  expect(kept()).toEqual([0, 0]);
});

test("[SIGN-3] one that is made anew, because the one that was kept is gone, is another one, whatever the file says", async () => {
  await startAgain("", (db) => db.exec("DELETE FROM secret_mark"));
  expect(kept()).toEqual([0, 0]);
  expect(lines.filter((line) => line.includes("has been made anew: everybody is signed out"))).toHaveLength(1);
});

const P256DH = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
