/** Opens the accounts of a data folder: for the program and for its command line. */
import { existsSync, statSync } from "node:fs";
import { accountsPath, attemptsPath } from "../../data-folder/places.ts";
import { emptiedDatabase } from "../../data-folder/unusable-database.ts";
import type { Settings } from "../../settings/config.ts";
import type { AccountStore } from "./account-store.ts";
import { openAccountStore } from "./sqlite-account-store.ts";
import type { StoredFilesListener } from "./stored-files.ts";

/** No database of SQLite is shorter. */
const SMALLEST_PAGE = 512;

/** Opens the file, or makes it. Throws `WrongSetting` where it can't be used, or has been emptied [SAFE-3]. */
export function openAccountsFile(settings: Pick<Settings, "dataDir">, listener?: StoredFilesListener): AccountStore {
  const path = accountsPath(settings);
  if (isEmptied(path, attemptsPath(settings))) throw emptiedDatabase(path);
  return openAccountStore(path, listener);
}

/** Whether nothing is left in a file that was whole when the other was made: a first start that was cut short has not come so far. */
function isEmptied(path: string, madeAfter: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.size < SMALLEST_PAGE && existsSync(madeAfter);
}
