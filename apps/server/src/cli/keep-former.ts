/** Keeps a database that another one is about to replace. */
import { findFileFault } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { copyFile, link, rename, rm } from "node:fs/promises";
import { restoring, SIDE_FILES } from "../data-folder/places.ts";

/** Where a log waits for its database to be kept. */
export function logAside(path: string): string {
  return `${restoring(path)}-log`;
}

/** Copies the log: SQLite removes that of a file which is empty or no database any more, as soon as it opens that. */
export async function setLogAside(path: string): Promise<void> {
  if (existsSync(`${path}-wal`)) await copyFile(`${path}-wal`, logAside(path));
}

/**
 * Gives the former database a second name; its own is never free, so that a crash leaves one or the other there. `table` is one
 * that it has where it is sound. Null where there is none.
 */
export async function keepFormer(path: string, stamp: string, table: string): Promise<string | null> {
  const kept = `${path}.before-restore-${stamp}`;
  const isThere = existsSync(path);
  // Not every file system has hard links.
  if (isThere) await link(path, kept).catch(() => copyFile(path, kept));
  await takeAwayLog(path, isThere ? kept : null);
  if (isThere && existsSync(logAside(path)) && !existsSync(`${kept}-wal`)) {
    // Of a sound one the file has all that its log had. Not asked beside a log: opening the file may remove that.
    if (findFileFault(kept, table) !== null) await rename(logAside(path), `${kept}-wal`);
  }
  return isThere ? kept : null;
}

/** A log belongs to its own database: beside another one, SQLite would play it into that. */
async function takeAwayLog(path: string, kept: string | null): Promise<void> {
  for (const suffix of SIDE_FILES) {
    if (kept !== null && existsSync(`${path}${suffix}`)) await rename(`${path}${suffix}`, `${kept}${suffix}`);
    else await rm(`${path}${suffix}`, { force: true });
  }
}
