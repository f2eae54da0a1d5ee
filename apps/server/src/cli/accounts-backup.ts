/** The accounts go along with a backup, in a file beside it: without its person, nobody could reach an account's conversations. */
import { epochOf, findFileFault } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { accountsPath, databasePath, restoring } from "../data-folder/places.ts";
import { endRevoked } from "../accounts/storage/revoked-since.ts";
import { openAccountStore } from "../accounts/storage/sqlite-account-store.ts";
import type { Settings } from "../settings/config.ts";
import { keepFormer } from "./keep-former.ts";
import { copyToNew } from "./unfinished-files.ts";

const SUFFIX = ".accounts";
/** A table that a sound file of accounts has. */
const PEOPLE = "person";

/** The backup's second file: the accounts. */
export function accountsBackup(file: string): string {
  return `${file}${SUFFIX}`;
}

/** Copies the accounts of a backup, where it has some, to beside their place, without what was revoked since; returns whether it has. */
export async function copyAccounts(settings: Settings, file: string): Promise<boolean> {
  const source = accountsBackup(file);
  if (!existsSync(source)) return false;
  const copy = restoring(accountsPath(settings));
  await copyToNew(source, copy);
  // Throws where a newer program wrote it, with which no start here would do anything.
  openAccountStore(copy).close();
  if (isOfThisHistory(settings, file)) endRevoked(copy, accountsPath(settings));
  return true;
}

/**
 * Whether the present files are what became of the backup: what they have no more was ended since. Another history, as after a restore
 * that is being undone, may never have had it; of a damaged file nobody can say what it had.
 */
function isOfThisHistory(settings: Settings, file: string): boolean {
  const accounts = accountsPath(settings);
  if (!existsSync(accounts) || findFileFault(accounts, PEOPLE) !== null) return false;
  const epoch = epochOf(file);
  return epoch !== null && epoch === epochOf(databasePath(settings));
}

/** Puts the accounts that were copied in their place; the present ones are kept beside them. */
export async function takeCopiedAccounts(settings: Settings, stamp: string): Promise<void> {
  const path = accountsPath(settings);
  await keepFormer(path, stamp, PEOPLE);
  await rename(restoring(path), path);
}
