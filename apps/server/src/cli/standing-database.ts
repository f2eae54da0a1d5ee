/** What the commands require of the database before they open it. */
import { claimDatabase, hasOlderSchema } from "@instep/sync-server/sqlite";
import { accessSync, closeSync, constants, existsSync, openSync, statSync } from "node:fs";
import { codeOf } from "../code-of.ts";
import type { Settings } from "../settings/config.ts";
import { claimFolder, shareFolder } from "../data-folder/data-folder.ts";
import { databasePath, lockPath } from "../data-folder/places.ts";
import { CommandError } from "./command.ts";

/** Its path. Throws where there is none, since a folder that was mistyped is not to become an empty database, and where it is another's. */
export function existingDatabase(settings: Settings): string {
  const path = databasePath(settings);
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EACCES" || code === "EPERM") {
      throw new CommandError(`${path} can't be read and written by this user; use the command as the server's user.`);
    }
    if (!existsSync(path)) throw new CommandError(`There is no database yet at ${path}; check DATA_DIR.`);
  }
  return path;
}

/** Throws where no server and no command has ever used the folder, before anything is made in it. What keeps it stands there also while a restore has no database in its place. */
export function requireUsedFolder(settings: Settings): void {
  if (!existsSync(lockPath(settings))) existingDatabase(settings);
}

/** Throws where opening a database would bring it to this program's schema, the engine's or that of accounts, under an older server that is running on it. */
export function refuseLiveMigration(path: string, schema?: number): void {
  if (!existsSync(path) || !hasOlderSchema(path, schema) || claimDatabase(path)) return;
  throw new CommandError(
    "An older server is running on this database; stop it, or use the command of its own version.",
  );
}

/** Throws where another program has the database open, whether or not it keeps a place in the folder. `then` as for `alone`. */
export function refuseWhileOpen(path: string, then: string): void {
  if (existsSync(path) && !claimDatabase(path)) throw serverRuns(then);
}

/**
 * Throws where one of these places is taken by something that a file can't be put in the place of, or that isn't ours; one that is free
 * will do. `then` says what is to be done once it is mended.
 */
export function requireReplaceable(paths: readonly string[], then: string): void {
  for (const path of paths) {
    const standing = statSync(path, { throwIfNoEntry: false });
    if (standing === undefined) continue;
    if (!standing.isFile()) {
      throw new CommandError(
        `${path} is ${standing.isDirectory() ? "a folder" : "no file"}; move it away, then ${then}.`,
      );
    }
    if (!isOurs(path)) {
      throw new CommandError(`${path} can't be read and written by this user; give it back, then ${then}.`);
    }
  }
}

/** To be asked only while nobody has the file open: closing it ends this process's locks on it. */
function isOurs(path: string): boolean {
  try {
    closeSync(openSync(path, "r+"));
    return true;
  } catch {
    return false;
  }
}

/** Does the work beside a server that may be running. Throws while somebody has the data folder alone. */
export async function beside<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
  const leave = shareFolder(settings);
  if (leave === null) throw new CommandError(`${settings.dataDir} is being restored; try again when that is done.`);
  try {
    return await work();
  } finally {
    leave();
  }
}

/** The same in a folder that is used already: one that was mistyped is left as it is, or as nothing. */
export async function besideStanding<T>(settings: Settings, work: () => Promise<T>): Promise<T> {
  requireUsedFolder(settings);
  return beside(settings, work);
}

/** Does what no server may be running for, with everybody else kept out. `then` says what is to be done once it is stopped. */
export async function alone<T>(settings: Settings, then: string, work: () => Promise<T>): Promise<T> {
  const leave = claimFolder(settings);
  if (leave === null) throw serverRuns(then);
  try {
    return await work();
  } finally {
    leave();
  }
}

function serverRuns(then: string): CommandError {
  return new CommandError(`The server is running; stop it, then ${then}.`);
}
