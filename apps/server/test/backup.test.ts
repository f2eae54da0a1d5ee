/** `backup` where something stands in the way of it, or breaks off in the middle: a backup that has its name is whole. */
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { AccountId } from "@instep/protocol";
import { findFileFault } from "@instep/sync-server/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAccountStore } from "../src/accounts/storage/sqlite-account-store.ts";
import { backupCommand } from "../src/cli/backup-command.ts";
import { CommandError, type CommandContext } from "../src/cli/command.ts";
import { TerminalLine } from "../src/cli/terminal-line.ts";
import { readSettings } from "../src/settings/config.ts";
import { openEngine } from "../src/open-engine.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const ANN = { id: "00000000-0000-4000-8000-00000000000a" as AccountId, email: "ann@example.com", password: null };

let folder: string;
let dataDir: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-backup-"));
  dataDir = join(folder, "data");
  file = join(folder, "saved.sqlite");
  await (await openEngine(settings(), { defaultModel: "" })).close();
  const store = openAccountStore(join(dataDir, "accounts.sqlite"));
  store.addPerson({ ...ANN, createdAt: NOW });
  store.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function settings() {
  const { settings: read, fault } = readSettings({ DATA_DIR: dataDir });
  if (read === null) throw new Error(fault);
  return read;
}

async function backUp(): Promise<string[]> {
  const printed: string[] = [];
  const line = new TerminalLine(process.stderr, () => NOW);
  const print = (text: string) => printed.push(text);
  const context: CommandContext = { settings: settings(), file, words: [], line, print, now: () => NOW };
  await backupCommand.run(context);
  return printed;
}

/** What stands in the folder of the backup, besides the data. */
const beside = () => readdirSync(folder).filter((name) => name !== "data");

test("[SIGN-8] [SAFE-3] has the conversations and the accounts, each as a database that can be read, for its owner alone", async () => {
  expect(await backUp()).toEqual([
    `Backed up ${join(dataDir, "instep.sqlite")} to ${file}, and the accounts to ${file}.accounts.`,
  ]);
  expect(beside()).toEqual(["saved.sqlite", "saved.sqlite.accounts"]);
  expect([findFileFault(file, "conversation"), findFileFault(`${file}.accounts`, "person")]).toEqual([null, null]);
  for (const path of [file, `${file}.accounts`]) expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
});

test("[SIGN-7] [SIGN-8] who is erased between both copies is leaving in the backup, so that a start on it erases what it has of him", async () => {
  const path = join(dataDir, "accounts.sqlite");
  const backedUp = backUp();
  await expect
    .poll(() => beside().some((name) => /^saved\.sqlite\.[^.]+\.part$/.test(name)), { interval: 1 })
    .toBe(true);
  const store = openAccountStore(path);
  store.removePerson(ANN.id);
  store.close();
  await backedUp;
  const copy = openAccountStore(`${file}.accounts`);
  expect([copy.leaving(), copy.personByEmail(ANN.email)]).toEqual([[ANN.id], null]);
  copy.close();
});

test("without accounts it has the conversations alone, and says so", async () => {
  rmSync(join(dataDir, "accounts.sqlite"));
  expect(await backUp()).toEqual([`Backed up ${join(dataDir, "instep.sqlite")} to ${file}.`]);
  expect(beside()).toEqual(["saved.sqlite"]);
});

test.each(["", ".accounts"])(
  "FILE%s that is there already is left as it is, and nothing is put beside it",
  async (suffix) => {
    writeFileSync(file + suffix, "kept");
    await expect(backUp()).rejects.toThrow(new CommandError(`${file}${suffix} exists already; name another file.`));
    expect(beside()).toEqual([`saved.sqlite${suffix}`]);
    expect(statSync(file + suffix).size).toBe(4);
  },
);

test("[SIGN-8] of several that write to one FILE at once one has it, whole and with its own accounts, and the others say that it is there", async () => {
  const outcomes = await Promise.allSettled([backUp(), backUp(), backUp()]);
  const said = outcomes.map((outcome) => (outcome.status === "fulfilled" ? "done" : String(outcome.reason)));
  expect(said.filter((words) => words === "done")).toHaveLength(1);
  expect(
    said.filter((words) => /saved\.sqlite(?:\.accounts)? exists already; name another file\.$/.test(words)),
  ).toHaveLength(2);
  expect(beside()).toEqual(["saved.sqlite", "saved.sqlite.accounts"]);
  expect([findFileFault(file, "conversation"), findFileFault(`${file}.accounts`, "person")]).toEqual([null, null]);
});

test("what a backup to the same FILE left that was killed is taken away a day later, and what another one writes just now is not", async () => {
  const left = ["", ".accounts"].map((suffix) => `${file}${suffix}.00000000-0000-4000-8000-00000000000a.part`);
  for (const path of left) {
    writeFileSync(path, "half of one");
    utimesSync(path, NOW / 1000 - 90_000, NOW / 1000 - 90_000);
  }
  const [written, others] = [`${file}.00000000-0000-4000-8000-00000000000b.part`, `${file}.part`];
  for (const path of [written, others]) writeFileSync(path, "not ours to take away");
  utimesSync(written, NOW / 1000 - 60, NOW / 1000 - 60);
  utimesSync(others, NOW / 1000 - 90_000, NOW / 1000 - 90_000);
  await backUp();
  expect(beside().sort()).toEqual([file, `${file}.accounts`, written, others].map((path) => basename(path)).sort());
});

test.each(["instep.sqlite", "accounts.sqlite"])(
  "where %s can't be copied, no half of a backup is left",
  async (name) => {
    const path = join(dataDir, name);
    truncateSync(path, 0);
    writeFileSync(path, Buffer.alloc(9000, "noise"));
    await expect(backUp()).rejects.toThrow(/^\S+saved\.sqlite could not be written: /);
    expect(beside()).toEqual([]);
  },
);

test("a folder that is not there is said in one sentence", async () => {
  file = join(folder, "no", "such", "saved.sqlite");
  await expect(backUp()).rejects.toThrow(/^\S+saved\.sqlite could not be written: ENOENT/);
});

test.each(["instep.sqlite", "accounts.sqlite"])("[SAFE-3] nothing is a backup of %s that was emptied", async (name) => {
  writeFileSync(join(dataDir, "attempts.sqlite"), "");
  truncateSync(join(dataDir, name), 0);
  await expect(backUp()).rejects.toThrow(`${name}" can't be used (it has been emptied)`);
  expect(beside()).toEqual([]);
});
