/** A DATA_DIR that was mistyped: no command that needs what is there makes anything in it, nor the folder itself. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backupCommand } from "../src/cli/backup-command.ts";
import { CommandError, type CliCommand } from "../src/cli/command.ts";
import { checkCommand, reindexCommand, restoreCommand } from "../src/cli/database-commands.ts";
import { exportCommand } from "../src/cli/export-command.ts";
import { importCommand } from "../src/cli/import-command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { usersCommand } from "../src/cli/users-command.ts";
import { openEngine } from "../src/open-engine.ts";
import { readSettings } from "../src/settings/config.ts";

const ANN = "ann@example.com";

let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-mistyped-"));
  dataDir = join(folder, "typo", "data");
  writeFileSync(join(folder, "in.json"), "[]");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function settingsWith(allowed: string) {
  const { settings, fault } = readSettings({ DATA_DIR: dataDir, ALLOWED_EMAILS: allowed });
  if (settings === null) throw new Error(fault);
  return settings;
}

/** What a command prints, or the one line by which it fails. */
async function run(command: CliCommand, words: readonly string[], { file = "", allowed = ANN } = {}): Promise<string> {
  const printed: string[] = [];
  const line = new TerminalLine(process.stderr, () => 0);
  const print = (said: string) => printed.push(said);
  const context = { settings: settingsWith(allowed), file: file && join(folder, file), words, line, print };
  try {
    await command.run({ ...context, now: () => Date.now() });
    return printed.join("\n");
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

const NO_DATABASE = /^There is no database yet at .*\/typo\/data\/instep\.sqlite; check DATA_DIR\.$/;

const COMMANDS = [
  ["check", checkCommand, [], {}],
  ["reindex", reindexCommand, [], {}],
  ["backup", backupCommand, [], { file: "saved.sqlite" }],
  ["export", exportCommand, [], { file: "out.json", allowed: "" }],
  ["export of somebody", exportCommand, [ANN], { file: "out.json" }],
  ["import for somebody", importCommand, [ANN], { file: "in.json" }],
  ["import for nobody who is named", importCommand, [], { file: "in.json" }],
  ...["list", "reset", "remove", "adopt"].map(
    (name) => [`users ${name}`, usersCommand, name === "list" ? [name] : [name, ANN], {}] as const,
  ),
] as const;

test.each(COMMANDS)("[SAFE-3] %s says so, and makes nothing", async (...[, command, words, given]) => {
  expect(await run(command, words, given)).toMatch(NO_DATABASE);
  expect(readdirSync(folder)).toEqual(["in.json"]);
  mkdirSync(dataDir, { recursive: true });
  expect(await run(command, words, given)).toMatch(NO_DATABASE);
  expect([readdirSync(dataDir), readdirSync(folder)]).toEqual([[], ["in.json", "typo"]]);
});

test("[SAFE-3] an import whose file is not there, and a restore, make nothing either", async () => {
  expect(await run(importCommand, [], { file: "none.json", allowed: "" })).toMatch(/^There is no file /);
  expect(await run(restoreCommand, [], { file: "none.sqlite" })).toMatch(/^There is no file /);
  expect(readdirSync(folder)).toEqual(["in.json"]);
});

test("[SIGN-8] an invitation, and an import for the local account, may be the first that there is", async () => {
  expect(await run(usersCommand, ["invite", ANN])).toMatch(/^ann@example\.com may sign up/);
  expect(await run(usersCommand, ["list"])).toBe("ann@example.com  invited");
  rmSync(dataDir, { recursive: true });
  expect(await run(importCommand, [], { file: "in.json", allowed: "" })).toMatch(/^Added 0 conversations/);
});

test.each([
  ["list", "Nobody has an account yet."],
  ["reset", "Nobody has an account yet; check DATA_DIR."],
  ["remove", "Nobody has an account yet; check DATA_DIR."],
])("[SIGN-8] where nobody ever signed in, users %s makes no file of accounts", async (name, said) => {
  await (await openEngine(settingsWith(""), { defaultModel: "" })).close();
  expect(await run(usersCommand, name === "list" ? [name] : [name, ANN])).toBe(said);
  expect(existsSync(join(dataDir, "accounts.sqlite"))).toBe(false);
});
