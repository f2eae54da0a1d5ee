/** Opens the engine over the database that the settings name: for the program and for its command line. */
import { createEngine, systemEnvironment, type Engine, type EngineOptions } from "@instep/sync-server";
import { forgetMissing, isEmptied, openSqliteStorage, type SqliteOptions } from "@instep/sync-server/sqlite";
import type { Settings } from "./settings/config.ts";
import { databasePath } from "./data-folder/places.ts";
import { prepareDatabasePlace } from "./data-folder/private-files.ts";
import { emptiedDatabase } from "./data-folder/unusable-database.ts";

/** Throws `WrongSetting` where nothing is left of the database that stood in that file [SAFE-3]. */
export function refuseEmptied(path: string): void {
  if (isEmptied(path)) throw emptiedDatabase(path);
}

/** What a command or the program asks of the engine; a program that goes on for long listens to its storage. */
export type OpenEngineOptions = Pick<EngineOptions, "defaultModel" | "offeredModels" | "onReplyEnded"> &
  Pick<SqliteOptions, "onTrouble" | "onWell" | "onLost">;

/** Opens (or makes) the database in `DATA_DIR`, or the one at `path`, and the engine on it. Throws `WrongSetting` where it has been emptied [SAFE-3]. */
export async function openEngine(
  settings: Settings,
  { defaultModel, offeredModels, onReplyEnded, ...listeners }: OpenEngineOptions,
  path = databasePath(settings),
): Promise<Engine> {
  refuseEmptied(path);
  // Before an empty file is made there.
  forgetMissing(path);
  prepareDatabasePlace(path);
  const storage = await openSqliteStorage({ path, ...listeners });
  return createEngine({
    storage,
    environment: systemEnvironment,
    options: {
      defaultModel,
      ...(offeredModels && { offeredModels }),
      ...(onReplyEnded && { onReplyEnded }),
      maxWaitS: settings.maxWaitS,
      maxHeldPerAccount: settings.maxHeldPerAccount,
      maxHeld: settings.maxHeld,
      maxRepliesPerAccount: settings.maxRepliesPerAccount,
      trashDays: settings.trashDays,
      tombstoneDays: settings.tombstoneDays,
    },
  });
}
