/** No command brings a file to this program's schema under an older server that has it open. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAccountStore } from "../src/accounts/storage/sqlite-account-store.ts";
import type { CliCommand, CommandContext } from "../src/cli/command.ts";
import { exportCommand } from "../src/cli/export-command.ts";
import { importCommand } from "../src/cli/import-command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { usersCommand } from "../src/cli/users-command.ts";
import { readSettings } from "../src/settings/config.ts";
import { openEngine } from "../src/open-engine.ts";

const ANN = "ann@example.com";
const REFUSED = "An older server is running on this database; stop it, or use the command of its own version.";

let folder: string;
let server: Database.Database;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-older-"));
  writeFileSync(join(folder, "in.json"), "[]");
  const store = openAccountStore(join(folder, "accounts.sqlite"));
  store.addPerson({ id: "ann" as AccountId, email: ANN, password: null, createdAt: 1 });
  store.close();
  const engine = await openEngine(settings(), { defaultModel: "" });
  await engine.ensureAccount({ id: "ann" as AccountId, email: ANN, name: "Ann", unreadScope: "device" });
  await engine.close();
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function settings() {
  const read = readSettings({ DATA_DIR: folder, ALLOWED_EMAILS: "*@example.com" });
  if (read.settings === null) throw new Error(read.fault);
  return read.settings;
}

async function run(command: CliCommand, words: readonly string[], file = ""): Promise<void> {
  const line = new TerminalLine(process.stderr, () => 0);
  const context: CommandContext = { settings: settings(), file, words, line, print: () => undefined, now: () => 0 };
  await command.run(context);
}

/** Opens the file as an older server does, for which a schema of 1 is the newest. */
function serveOlder(name: string): void {
  server = new Database(join(folder, name));
  server.pragma("user_version = 1");
  server.exec("SELECT count(*) FROM sqlite_schema");
}

const USERS = [["list"], ["invite", ANN], ["reset", ANN], ["remove", ANN], ["adopt", ANN]];

test.each([
  ...USERS.map((words) => [`users ${words[0]}`, () => run(usersCommand, words)] as const),
  ["export", () => run(exportCommand, [ANN], join(folder, "out.json"))] as const,
  ["import", () => run(importCommand, [ANN], join(folder, "in.json"))] as const,
])("[SIGN-8] %s leaves the accounts as they are while an older server has them open", async (_name, begin) => {
  serveOlder("accounts.sqlite");
  await expect(begin()).rejects.toThrow(REFUSED);
  expect(server.pragma("user_version", { simple: true })).toBe(1);
});

test("[SIGN-8] users remove leaves the conversations as they are, and takes nobody away, while an older server has them open", async () => {
  serveOlder("instep.sqlite");
  await expect(run(usersCommand, ["remove", ANN])).rejects.toThrow(REFUSED);
  expect(server.pragma("user_version", { simple: true })).toBe(1);
  const store = openAccountStore(join(folder, "accounts.sqlite"));
  expect([store.leaving(), store.personByEmail(ANN)?.id]).toEqual([[], "ann"]);
  store.close();
});

test("[SIGN-8] the accounts of an older version are brought up to date where nobody has them open", async () => {
  const db = new Database(join(folder, "accounts.sqlite"));
  db.exec("DROP TABLE secret_mark; PRAGMA user_version = 4");
  db.close();
  await run(usersCommand, ["list"]);
  serveOlder("accounts.sqlite");
  expect(server.prepare("SELECT count(*) FROM secret_mark").pluck().get()).toBe(0);
});
