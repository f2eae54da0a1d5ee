/** The accounts go along with a backup, in a file beside it: without its person, nobody could reach an account's conversations. */
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { accountsPath, restoring } from "../data-folder/places.ts";
import { openAccountStore } from "../accounts/storage/sqlite-account-store.ts";
import type { Settings } from "../settings/config.ts";
import { keepFormer } from "./keep-former.ts";
import { copyToNew } from "./unfinished-files.ts";

const SUFFIX = ".accounts";

/** The backup's second file: the accounts. */
export function accountsBackup(file: string): string {
  return `${file}${SUFFIX}`;
}

/** Copies the accounts of a backup, where it has some, to beside their place; returns whether it has. */
export async function copyAccounts(settings: Settings, file: string): Promise<boolean> {
  const source = accountsBackup(file);
  if (!existsSync(source)) return false;
  const copy = restoring(accountsPath(settings));
  await copyToNew(source, copy);
  // Throws where a newer program wrote it, with which no start here would do anything.
  openAccountStore(copy).close();
  return true;
}

/** Puts the accounts that were copied in their place; the present ones are kept beside them. */
export async function takeCopiedAccounts(settings: Settings, stamp: string): Promise<void> {
  const path = accountsPath(settings);
  await keepFormer(path, stamp, "person");
  await rename(restoring(path), path);
}
