/** The accounts go along with a backup, in a file beside it: without its person, nobody could reach an account's conversations. */
import { copyDatabase } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { accountsPath } from "../accounts/open-sign-in.ts";
import type { Settings } from "../config.ts";
import { makePrivateFile } from "../private-files.ts";

const SUFFIX = ".accounts";

/** The backup's second file: the accounts. */
export function accountsBackup(file: string): string {
  return `${file}${SUFFIX}`;
}

/** Copies the accounts beside the backup, where there are any; returns whether there were. */
export async function backUpAccounts(settings: Settings, file: string): Promise<boolean> {
  const path = accountsPath(settings);
  if (!existsSync(path)) return false;
  const target = accountsBackup(file);
  const partial = `${target}.part`;
  await rm(partial, { force: true });
  makePrivateFile(partial);
  copyDatabase(path, partial);
  await rename(partial, target);
  return true;
}

/** Puts the accounts of a backup in their place, where it has some; the present ones are kept under the name that is given. */
export async function restoreAccounts(settings: Settings, file: string, keptAs: string): Promise<boolean> {
  const source = accountsBackup(file);
  if (!existsSync(source)) return false;
  const path = accountsPath(settings);
  const partial = `${path}.restoring`;
  await rm(partial, { force: true });
  makePrivateFile(partial);
  await copyFile(source, partial);
  for (const suffix of ["-wal", "-shm", ""]) {
    if (existsSync(`${path}${suffix}`)) await rename(`${path}${suffix}`, `${keptAs}${suffix}`);
  }
  await rename(partial, path);
  return true;
}
