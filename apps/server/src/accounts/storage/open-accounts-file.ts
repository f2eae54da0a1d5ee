/** Opens the accounts of a data folder: for the program and for its command line. */
import { holdsNothing } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import { accountsPath, attemptsPath, databasePath, restoring } from "../../data-folder/places.ts";
import { emptiedDatabase } from "../../data-folder/unusable-database.ts";
import type { Settings } from "../../settings/config.ts";
import { WrongSetting } from "../../settings/wrong-setting.ts";
import type { AccountStore } from "./account-store.ts";
import { openAccountStore } from "./sqlite-account-store.ts";
import type { StoredFilesListener } from "./stored-files.ts";

type OfFolder = Pick<Settings, "dataDir">;

/** Opens the file, or makes it. Throws `WrongSetting` where it can't be used, has been emptied, or is not that of the conversations [SAFE-3]. */
export function openAccountsFile(settings: OfFolder, listener?: StoredFilesListener): AccountStore {
  refuseLostAccounts(settings);
  return openAccountStore(accountsPath(settings), listener);
}

/**
 * Throws `WrongSetting` where nothing is left in the file, though it was whole when the one of the attempts was made (a first start that was
 * cut short has not come so far), and where a restore was killed that had put the conversations in their place, and the accounts not.
 */
export function refuseLostAccounts(settings: OfFolder): void {
  const path = accountsPath(settings);
  const left = restoring(path);
  if (existsSync(left) && !existsSync(restoring(databasePath(settings)))) {
    const why = "is left of a restore that was killed before the accounts had their place";
    throw new WrongSetting("DATA_DIR", `"${left}" ${why}; restore that backup again`);
  }
  if (holdsNothing(path) && existsSync(attemptsPath(settings))) throw emptiedDatabase(path);
}
