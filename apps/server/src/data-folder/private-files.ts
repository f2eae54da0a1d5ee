/** What is stored is its owner's alone: folders 0700, files 0600 [SAFE-3]. */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Settings } from "../settings/config.ts";
import { makeFolder } from "./make-folder.ts";
import { authSecretPath, pushKeyPath, SIDE_FILES } from "./places.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** Everything for the group and for others. */
const OTHERS = 0o077;
/** A folder that many write to, such as the one for temporary files: not ours to close. */
const SHARED = 0o1000;

/** Makes whatever this process makes from here on its owner's alone, in its threads too. */
export function keepNewFilesPrivate(): void {
  process.umask(OTHERS);
}

/** Prepares the place of a database: the folder and what is there already are closed to others, and what comes is made so. */
export function prepareDatabasePlace(path: string): void {
  const folder = dirname(path);
  makeFolder(folder);
  closeToOthers(folder, FOLDER_MODE);
  makePrivateFile(path);
  // What stands beside a database says as much as it does.
  for (const suffix of ["", ...SIDE_FILES]) {
    if (existsSync(`${path}${suffix}`)) closeToOthers(`${path}${suffix}`, FILE_MODE);
  }
}

/** Closes to others what secrets the data folder holds, whether this start reads them or not: they may have been put back from elsewhere. */
export function closeSecrets(settings: Pick<Settings, "dataDir">): void {
  for (const path of [authSecretPath(settings), pushKeyPath(settings)]) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) closeToOthers(path, FILE_MODE);
  }
}

/** Makes an empty file for its owner alone; one that is there keeps its content. What SQLite puts beside it has its mode. */
export function makePrivateFile(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, "a", FILE_MODE));
}

/**
 * Keeps one line for its owner alone, under its own name only once it is whole: a crash leaves the old state or the new one. What another
 * process has kept there meanwhile stands; returns the line that does.
 */
export function keepSecret(path: string, secret: string): string {
  const partial = `${path}.${randomUUID()}.part`;
  try {
    writeNew(partial, `${secret}\n`);
    nameFirst(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
  return readFileSync(path, "utf8").trim();
}

/** Writes it to the disk itself. Throws where there is no room for it. */
function writeNew(path: string, text: string): void {
  const file = openSync(path, "wx", FILE_MODE);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Of several who do it at once, one gets the name. */
function nameFirst(partial: string, path: string): void {
  try {
    linkSync(partial, path);
  } catch {
    // Another process was first, or the file system has no hard links.
    if (!existsSync(path)) renameSync(partial, path);
  }
}

function closeToOthers(path: string, mode: number): void {
  const stat = statSync(path);
  if ((stat.mode & OTHERS) === 0 || (stat.mode & SHARED) !== 0) return;
  try {
    chmodSync(path, mode);
  } catch {
    // Another's file, or a file system without modes: whoever set it up decided.
  }
}
