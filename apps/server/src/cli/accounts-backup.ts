/** The accounts go along with a backup, in a file beside it: without its person, nobody could reach an account's conversations. */
import { copyDatabase } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { accountsPath } from "../accounts/open-sign-in.ts";
import type { Settings } from "../config.ts";
import { makePrivateFile } from "../private-files.ts";
import { keepFormer, restoring } from "./keep-former.ts";

const SUFFIX = ".accounts";

/** The backup's second file: the accounts. */
export function accountsBackup(file: string): string {
  return `${file}${SUFFIX}`;
}

/** Copies the accounts of a backup, where it has some, to beside their place; returns whether it has. */
export function copyAccounts(settings: Settings, file: string): boolean {
  const source = accountsBackup(file);
  if (!existsSync(source)) return false;
  const partial = restoring(accountsPath(settings));
  makePrivateFile(partial);
  copyDatabase(source, partial);
  return true;
}

/** Puts the accounts that were copied in their place; the present ones are kept beside them. */
export async function takeCopiedAccounts(settings: Settings, stamp: string): Promise<void> {
  const path = accountsPath(settings);
  await keepFormer(path, stamp, "person");
  await rename(restoring(path), path);
}
