/** Commands that are ended by Ctrl+C, or by whoever runs them, in the middle of what they write. */
import { execFile, spawn } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAccountStore } from "../src/accounts/storage/sqlite-account-store.ts";
import { createClient } from "./client.ts";
import { startForPeople } from "./people.ts";
import { startApp } from "./start-app.ts";
import { THIS_MACHINES } from "./this-machines.ts";

const CLI = resolve(import.meta.dirname, "../src/cli/cli.ts");
const LARGE_MB = 200;

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "instep-interrupted-"));
  const app = await startApp({ env: { DATA_DIR: join(folder, "data") } });
  const client = createClient(app.url);
  for (let n = 0; n < 3; n += 1) await client.create(`Quince ${n}`);
  await app.leave();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** So large that it is copied for a while. */
function enlarge(db: Database.Database): void {
  db.exec("CREATE TABLE room (taken BLOB)");
  db.transaction(() => {
    for (let n = 0; n < LARGE_MB; n += 1) db.prepare("INSERT INTO room VALUES (zeroblob(1000000))").run();
  })();
}

/** What the command makes: its file while it is written, and what only stands once it is done. */
interface Made {
  readonly begun: RegExp;
  readonly done: RegExp;
}

const BACKUP: Made = { begun: /^saved\.sqlite\.[^.]+\.part$/, done: /^saved\.sqlite$/ };
const RESTORE: Made = { begun: /^instep\.sqlite\.restoring$/, done: /\.before-restore-/ };

/** As `interrupt`, again and again until it comes in time: on a busy machine the command can be done before its signal. */
async function interruptInTime(args: readonly string[], signal: NodeJS.Signals, made: Made): Promise<unknown> {
  const places = [folder, join(folder, "data")].map((place) => ({ place, before: readdirSync(place) }));
  for (;;) {
    const endedBy = await interrupt(args, signal, made.begun);
    const isDone = places.some(({ place }) => readdirSync(place).some((name) => made.done.test(name)));
    if (endedBy !== 0 && !isDone) return endedBy;
    for (const { place, before } of places) removeOthers(place, before);
  }
}

function removeOthers(place: string, kept: readonly string[]): void {
  for (const name of readdirSync(place)) if (!kept.includes(name)) rmSync(join(place, name));
}

/** Runs the command and ends it as soon as it has begun to write a file of that name; answers by what it ended. */
async function interrupt(args: readonly string[], signal: NodeJS.Signals, file: RegExp): Promise<unknown> {
  const command = ["--conditions=@instep/source", CLI, ...args];
  const data = join(folder, "data");
  const env = { ...THIS_MACHINES, INIT_CWD: folder, DATA_DIR: data };
  const child = spawn(process.execPath, command, { cwd: folder, env, stdio: "ignore" });
  const ended = new Promise((end) => child.once("close", (code, by) => end(by ?? code)));
  const isBegun = (place: string, name: string) =>
    file.test(name) && (statSync(join(place, name), { throwIfNoEntry: false })?.size ?? 0) > 1_000_000;
  while (![folder, data].some((place) => readdirSync(place).some((name) => isBegun(place, name)))) {
    if (child.exitCode !== null) break;
    await sleep(1);
  }
  child.kill(signal);
  return ended;
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "[SAFE-3] a backup and a restore leave no half behind on %s",
  async (signal) => {
    const [saved, data] = [join(folder, "saved.sqlite"), join(folder, "data")];
    const large = new Database(join(data, "instep.sqlite"));
    enlarge(large);
    large.close();
    expect(await interruptInTime(["backup", saved], signal, BACKUP)).toBe(signal);
    expect(readdirSync(folder)).toEqual(["data"]);
    const other = join(folder, "other.sqlite");
    const db = new Database(join(data, "instep.sqlite"), { readonly: true });
    db.prepare("VACUUM INTO ?").run(other);
    db.close();
    expect(await interruptInTime(["restore", other], signal, RESTORE)).toBe(signal);
    expect(readdirSync(data).filter((name) => name.includes("restor"))).toEqual([]);
    const standing = new Database(join(data, "instep.sqlite"), { readonly: true });
    expect(standing.prepare("SELECT count(*) FROM conversation").pluck().get()).toBe(3);
    standing.close();
  },
  60_000,
);

/** Runs the command to its end; rejects with what it says where it fails. */
async function run(...args: readonly string[]): Promise<void> {
  const env = { ...THIS_MACHINES, INIT_CWD: folder, DATA_DIR: join(folder, "data") };
  await promisify(execFile)(process.execPath, ["--conditions=@instep/source", CLI, ...args], { cwd: folder, env });
}

/** A backup with accounts, and accounts in its place that take long to be kept: large, and with a log that nobody has moved into them. */
function backUpBeside(data: string): string {
  const [path, saved] = [join(data, "accounts.sqlite"), join(folder, "saved.sqlite")];
  copyFileSync(join(data, "instep.sqlite"), saved);
  openAccountStore(`${saved}.accounts`).close();
  openAccountStore(path).close();
  const standing = new Database(path);
  enlarge(standing);
  for (const suffix of ["", "-wal"]) copyFileSync(`${path}${suffix}`, join(folder, `left${suffix}`));
  standing.close();
  for (const suffix of ["", "-wal"]) renameSync(join(folder, `left${suffix}`), `${path}${suffix}`);
  return saved;
}

const KEEPING_ACCOUNTS = /accounts\.sqlite\.before-restore-[^.]*$/;

test("[SAFE-3] [SIGN-8] a restore that has begun to put both files in their places ends with both, whatever signal comes", async () => {
  const data = join(folder, "data");
  const saved = backUpBeside(data);
  // Where the signal comes when all is done, it ends what is left of the process.
  const endedBy = await interrupt(["restore", saved], "SIGTERM", KEEPING_ACCOUNTS);
  expect([0, "SIGTERM"]).toContain(endedBy);
  const accounts = new Database(join(data, "accounts.sqlite"), { readonly: true });
  expect(accounts.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'room'").pluck().get()).toBe(0);
  accounts.close();
  expect(readdirSync(data).filter((name) => name.includes("restoring"))).toEqual([]);
}, 60_000);

test("[SAFE-3] [SIGN-8] accounts that are not those of the conversations, since a restore was killed between both, let nobody in until it is done again", async () => {
  const data = join(folder, "data");
  const saved = backUpBeside(data);
  cpSync(data, join(folder, "before"), { recursive: true });
  const left = () => readdirSync(data).filter((name) => name.includes("restoring"));
  for (let tries = 0; tries < 5 && left().length === 0; tries += 1) {
    rmSync(data, { recursive: true });
    cpSync(join(folder, "before"), data, { recursive: true });
    await interrupt(["restore", saved], "SIGKILL", KEEPING_ACCOUNTS);
  }
  expect(left()).toContain("accounts.sqlite.restoring");
  const again = "killed before the accounts had their place; restore that backup again";
  await expect(startForPeople({ env: { DATA_DIR: data } })).rejects.toThrow(again);
  await expect(run("users", "list")).rejects.toThrow(again);
  await run("restore", saved);
  expect(left()).toEqual([]);
  await (await startForPeople({ env: { DATA_DIR: data } })).stop();
}, 60_000);
