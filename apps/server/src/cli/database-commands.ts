/** `backup`, `restore` and `check`: the database as a whole. */
import { checkEverything } from "@instep/sync-server";
import { claimDatabase, copyDatabase, emptyIndex, findFileFault, openSqliteStorage } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { copyFile, link, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { accountsPath } from "../accounts/open-sign-in.ts";
import { NO_MODEL } from "../import/instep-format.ts";
import { databasePath } from "../database-path.ts";
import { makeFolder } from "../make-folder.ts";
import { makePrivateFile } from "../private-files.ts";
import { openEngine } from "../open-engine.ts";
import { accountsBackup, backUpAccounts, restoreAccounts } from "./accounts-backup.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";
import { existingDatabase, refuseLiveMigration } from "./standing-database.ts";

export const backupCommand: CliCommand = {
  name: "backup",
  takesFile: true,
  summary: "copy the database to FILE, also while the server runs",
  run: runBackup,
};

export const restoreCommand: CliCommand = {
  name: "restore",
  takesFile: true,
  summary: "put a backup in the database's place, with the server stopped; the present one is kept beside it",
  run: runRestore,
};

export const checkCommand: CliCommand = {
  name: "check",
  takesFile: false,
  summary: "recount everything in the database and say what does not add up",
  run: runCheck,
};

export const reindexCommand: CliCommand = {
  name: "reindex",
  takesFile: false,
  summary: "make the index of the search anew, with the server stopped",
  run: runReindex,
};

const MAX_FAULTS_SHOWN = 20;
/** What SQLite keeps beside a database, and what the engine does. */
const SIDE_FILES = ["-wal", "-shm", "-journal", "-seal"];

async function runBackup({ settings, file, print }: CommandContext): Promise<void> {
  const path = existingDatabase(settings);
  if (existsSync(file)) throw new CommandError(`${file} exists already; name another file.`);
  const accounts = accountsBackup(file);
  if (existsSync(accounts)) throw new CommandError(`${accounts} exists already; name another file.`);
  const partial = `${file}.part`;
  await rm(partial, { force: true });
  try {
    makePrivateFile(partial);
    copyDatabase(path, partial);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw new CommandError(`${file} could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  const hasAccounts = await backUpAccounts(settings, file);
  print(`Backed up ${path} to ${file}${hasAccounts ? `, and the accounts to ${accounts}` : ""}.`);
}

/** The copy has its new epoch before it takes the database's place, so that no device ever meets it with the old one [EPOCH-1]. */
async function runRestore({ settings, file, print, now }: CommandContext): Promise<void> {
  if (!existsSync(file)) throw new CommandError(`There is no file ${file}.`);
  const fault = findFileFault(file);
  if (fault !== null) throw new CommandError(`${file} can't be restored: ${fault}.`);
  const path = databasePath(settings);
  const partial = `${path}.restoring`;
  makeFolder(dirname(path));
  refuseWhileOpen(path);
  await removeDatabase(partial);
  await copyFile(file, partial);
  const engine = await openEngine(settings, { defaultModel: NO_MODEL }, partial);
  await engine.renewEpoch();
  await engine.close();
  if (!claimDatabase(partial)) throw new CommandError(`${partial} is in use by another program.`);
  // A server may have started during the copy.
  refuseWhileOpen(path);
  const kept = await keepFormer(path, now());
  await rename(partial, path);
  await removeDatabase(partial);
  const stamp = new Date(now()).toISOString().replaceAll(/[:.]/g, "-");
  await restoreAccounts(settings, file, `${accountsPath(settings)}.before-restore-${stamp}`);
  print(`Restored ${file}.${kept === null ? "" : ` The former database is ${kept}.`}`);
}

async function runCheck({ settings, print }: CommandContext): Promise<void> {
  const path = existingDatabase(settings);
  const fileFault = findFileFault(path);
  if (fileFault !== null) throw new CommandError(`${path}: ${fileFault}.`);
  refuseLiveMigration(path);
  const storage = await openSqliteStorage({ path });
  try {
    const faults = await storage.read((snapshot) => checkEverything(snapshot));
    for (const fault of faults.slice(0, MAX_FAULTS_SHOWN)) print(fault);
    if (faults.length > 0) throw new CommandError(`${path}: ${faults.length} faults found.`);
    print(`${path}: all is right.`);
  } finally {
    await storage.close();
  }
}

async function runReindex({ settings, print }: CommandContext): Promise<void> {
  const path = existingDatabase(settings);
  refuseWhileOpen(path, "reindex");
  emptyIndex(path);
  print("The search's index is made anew while the server runs, beside its work.");
}

function refuseWhileOpen(path: string, then = "restore"): void {
  if (existsSync(path) && !claimDatabase(path)) {
    throw new CommandError(`The server is running; stop it, then ${then}.`);
  }
}

/** Gives the former database a second name; its own is never free, so that a crash leaves one or the other there. Null where there is none. */
async function keepFormer(path: string, now: number): Promise<string | null> {
  const kept = `${path}.before-restore-${new Date(now).toISOString().replaceAll(/[:.]/g, "-")}`;
  const isThere = existsSync(path);
  // Not every file system has second names.
  if (isThere) await link(path, kept).catch(() => copyFile(path, kept));
  await takeAwayLog(path, isThere ? kept : null);
  return isThere ? kept : null;
}

/** A log belongs to its own database: beside another one, SQLite would play it into that. */
async function takeAwayLog(path: string, kept: string | null): Promise<void> {
  for (const suffix of SIDE_FILES) {
    if (kept !== null && existsSync(`${path}${suffix}`)) await rename(`${path}${suffix}`, `${kept}${suffix}`);
    else await rm(`${path}${suffix}`, { force: true });
  }
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ["", ...SIDE_FILES]) await rm(`${path}${suffix}`, { force: true });
}
