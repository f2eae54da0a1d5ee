/** Who has the data folder in use: servers and commands share it, a restore has it alone. The system's own locks say so, which end with their process. */
import { chmodSync, existsSync, statSync, truncateSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import type { Settings } from "../settings/config.ts";
import { makeFolder } from "./make-folder.ts";
import { lockPath } from "./places.ts";
import { makePrivateFile } from "./private-files.ts";
import { clearPlace } from "./clear-place.ts";
import { unusableDatabase } from "./unusable-database.ts";

/** Lets go of the folder; what is called twice does nothing more. */
export type LeaveFolder = () => void;

type Hold = "share" | "alone";

/** Nothing is ever written to the file: SQLite is only asked for the system's locks, on whatever system this is. */
const STATEMENTS: Readonly<Record<Hold, string>> = {
  share: "BEGIN; SELECT count(*) FROM sqlite_schema",
  alone: "BEGIN EXCLUSIVE",
};
/** A restore that is about to end is waited for; whoever wants to be alone hears at once that he isn't. */
const PATIENCE_MS: Readonly<Record<Hold, number>> = { share: 2000, alone: 0 };
const OWN_MODE = 0o600;
const MODE_BITS = 0o777;

/**
 * Uses the folder beside others, and makes it where it is missing; null while somebody has it alone. First it is tidied by `tidy`,
 * which is told whether anybody else is there.
 */
export function shareTidied(settings: Pick<Settings, "dataDir">, tidy: (isAlone: boolean) => void): LeaveFolder | null {
  const leave = claimFolder(settings);
  try {
    tidy(leave !== null);
  } finally {
    leave?.();
  }
  return shareFolder(settings);
}

/** Uses the folder beside others, and makes it where it is missing; null while somebody has it alone. */
export function shareFolder(settings: Pick<Settings, "dataDir">): LeaveFolder | null {
  return hold(settings, "share");
}

/** Keeps everybody else out of the folder; null where somebody uses it, whatever has become of the files in it. */
export function claimFolder(settings: Pick<Settings, "dataDir">): LeaveFolder | null {
  return hold(settings, "alone");
}

function hold(settings: Pick<Settings, "dataDir">, how: Hold): LeaveFolder | null {
  const path = lockPath(settings);
  const folder = dirname(path);
  if (!existsSync(folder)) makeFolder(folder);
  makeUsable(path);
  try {
    return lock(path, how);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith("SQLITE_BUSY")) return null;
    throw unusableDatabase(path, error);
  }
}

function lock(path: string, how: Hold): LeaveFolder {
  const db = new Database(path, { timeout: PATIENCE_MS[how] });
  try {
    db.exec(STATEMENTS[how]);
    return () => void db.close();
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A lock hangs on the file itself, whatever it says: so it is emptied where it stands, and only what can't be a lock makes room. */
function makeUsable(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) clearPlace(path, Date.now());
  makePrivateFile(path);
  if ((statSync(path).mode & MODE_BITS) !== OWN_MODE) giveOwnMode(path);
  if (statSync(path).size > 0) truncateSync(path);
}

function giveOwnMode(path: string): void {
  try {
    chmodSync(path, OWN_MODE);
  } catch {
    // Another's file, or a file system without modes: whether it can be locked shows.
  }
}
