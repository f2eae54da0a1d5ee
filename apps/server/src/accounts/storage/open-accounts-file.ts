/** Opens the accounts of a data folder: for the program and for its command line. */
import { holdsNothing } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { accountsPath, attemptsPath } from "../../data-folder/places.ts";
import { emptiedDatabase } from "../../data-folder/unusable-database.ts";
import type { Settings } from "../../settings/config.ts";
import type { AccountStore } from "./account-store.ts";
import { openAccountStore } from "./sqlite-account-store.ts";
import type { StoredFilesListener } from "./stored-files.ts";

type OfFolder = Pick<Settings, "dataDir">;

/** Opens the file, or makes it. Throws `WrongSetting` where it can't be used, or has been emptied [SAFE-3]. */
export function openAccountsFile(settings: OfFolder, listener?: StoredFilesListener): AccountStore {
  refuseEmptiedAccounts(settings);
  return openAccountStore(accountsPath(settings), listener);
}

/** Throws `WrongSetting` where nothing is left in the file, though it was whole when the one of the attempts was made: a first start that was cut short has not come so far. */
export function refuseEmptiedAccounts(settings: OfFolder): void {
  const path = accountsPath(settings);
  if (holdsNothing(path) && existsSync(attemptsPath(settings))) throw emptiedDatabase(path);
}
