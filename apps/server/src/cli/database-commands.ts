/** `restore`, `check` and `reindex`: the database as a whole. */
import { checkEverything } from "@instep/sync-server";
import { claimDatabase, emptyIndex, findFileFault, openSqliteStorage } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { fileAt } from "../data-folder/clear-place.ts";
import { NO_MODEL } from "../import/instep-format.ts";
import { accountsPath, databasePath, restoring, SIDE_FILES } from "../data-folder/places.ts";
import { openEngine } from "../open-engine.ts";
import { accountsBackup, copyAccounts, takeCopiedAccounts } from "./accounts-backup.ts";
import { CommandError, type CliCommand, type CommandContext } from "./command.ts";
import { keepFormer, logAside, setLogAside } from "./keep-former.ts";
import {
  alone,
  besideStanding,
  existingDatabase,
  refuseLiveMigration,
  refuseWhileOpen,
  requireReplaceable,
} from "./standing-database.ts";
import { copyToNew, untilDone, whileUnfinished } from "./unfinished-files.ts";

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
  run: (context) => besideStanding(context.settings, () => runCheck(context)),
};

export const reindexCommand: CliCommand = {
  name: "reindex",
  takesFile: false,
  summary: "make the index of the search anew, with the server stopped",
  run: runReindex,
};

const MAX_FAULTS_SHOWN = 20;

async function runRestore(context: CommandContext): Promise<void> {
  const { settings, file } = context;
  if (!existsSync(file)) throw new CommandError(`There is no file ${file}.`);
  const accounts = accountsBackup(file);
  requireSound(file, "conversation");
  if (existsSync(accounts)) requireSound(accounts, "person");
  await alone(settings, "restore", async () => {
    // In this order: the accounts' copy alone is left only where the conversations' one has its place.
    const replaced = [accountsPath(settings), databasePath(settings)];
    requireReplaceable(replaced.flatMap(placesOf), "restore");
    // What a killed restore has left there goes before anything is copied.
    if (replaced.some((path) => fileAt(restoring(path)) === fileAt(file))) {
      throw new CommandError(`${file} is where a restore puts its copy; rename it, then restore.`);
    }
    try {
      // What an earlier restore left that was killed.
      for (const path of replaced) await removeDatabase(restoring(path));
      for (const path of replaced) await setLogAside(path);
      await restoreAll(context, replaced);
    } finally {
      // A copy that was whole has been put in its place by now; what is left of it is of no use.
      for (const path of replaced) {
        await rm(logAside(path), { force: true });
        await removeDatabase(restoring(path));
      }
    }
  });
}

function requireSound(file: string, table: string): void {
  const fault = findFileFault(file, table);
  if (fault !== null) throw new CommandError(`${file} can't be restored: ${fault}.`);
}

/**
 * Everything is copied before anything is replaced, so that a full disk leaves the old state whole. The copy has its new epoch before
 * it takes the database's place, so that no device ever meets it with the old one [EPOCH-1].
 */
async function restoreAll({ settings, file, print, now }: CommandContext, replaced: readonly string[]): Promise<void> {
  const path = databasePath(settings);
  const partial = restoring(path);
  // A server of an earlier version, or another program, keeps no place in the folder.
  for (const standing of replaced) refuseWhileOpen(standing, "restore");
  const unfinished = replaced.flatMap((standing) => [restoring(standing), logAside(standing)]);
  const hasAccounts = await whileUnfinished(unfinished, async () => {
    // With what only the file's log has, and whatever its mode is: somebody may have copied a data folder.
    await copyToNew(file, partial);
    const engine = await openEngine(settings, { defaultModel: NO_MODEL }, partial);
    await engine.renewEpoch();
    await engine.close();
    if (!claimDatabase(partial)) throw new CommandError(`${partial} is in use by another program.`);
    return copyAccounts(settings, file);
  });
  refuseWhileOpen(path, "restore");
  const stamp = new Date(now()).toISOString().replaceAll(/[:.]/g, "-");
  const kept = await untilDone(async () => {
    const former = await keepFormer(path, stamp, "conversation");
    await rename(partial, path);
    if (hasAccounts) await takeCopiedAccounts(settings, stamp);
    return former;
  });
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
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    for (const fault of faults.slice(0, MAX_FAULTS_SHOWN)) print(fault);
    if (faults.length > 0) throw new CommandError(`${path}: ${count} found.`);
    print(`${path}: all is right.`);
  } finally {
    await storage.close();
  }
}

async function runReindex({ settings, print }: CommandContext): Promise<void> {
  const path = existingDatabase(settings);
  await alone(settings, "reindex", async () => {
    refuseWhileOpen(path, "reindex");
    emptyIndex(path);
  });
  print("The search's index is made anew while the server runs, beside its work.");
}

/** All that a restore puts there, moves or removes. */
function placesOf(path: string): readonly string[] {
  return [
    ...[path, restoring(path)].flatMap((one) => ["", ...SIDE_FILES].map((suffix) => one + suffix)),
    logAside(path),
  ];
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ["", ...SIDE_FILES]) await rm(`${path}${suffix}`, { force: true });
}
