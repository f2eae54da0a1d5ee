/** The accounts go along with a backup, in a file beside it: without its person, nobody could reach an account's conversations. */
import { copyDatabase } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { accountsPath } from "../accounts/open-sign-in.ts";
import type { Settings } from "../config.ts";
import { makePrivateFile } from "../private-files.ts";
import { keepFormer, restoring } from "./keep-former.ts";

const SUFFIX = ".accounts";

/** The backup's second file: the accounts. */
export function accountsBackup(file: string): string {
  return `${file}${SUFFIX}`;
}

/** Puts the accounts of a backup in their place, where it has some; the present ones are kept beside them. */
export async function restoreAccounts(settings: Settings, file: string, stamp: string): Promise<boolean> {
  const source = accountsBackup(file);
  if (!existsSync(source)) return false;
  const path = accountsPath(settings);
  const partial = restoring(path);
  await rm(partial, { force: true });
  makePrivateFile(partial);
  copyDatabase(source, partial);
  await keepFormer(path, stamp, "person");
  await rename(partial, path);
  return true;
}
