/** What the commands require of the database before they open it. */
import { claimDatabase, hasOlderSchema } from "@instep/sync-server/sqlite";
import { existsSync } from "node:fs";
import type { Settings } from "../config.ts";
import { databasePath } from "../database-path.ts";
import { CommandError } from "./command.ts";

/** Its path. Throws where there is none: a folder that was mistyped is not to become an empty database. */
export function existingDatabase(settings: Settings): string {
  const path = databasePath(settings);
  if (!existsSync(path)) throw new CommandError(`There is no database yet at ${path}; check DATA_DIR.`);
  return path;
}

/** Throws where opening the database would bring it to this program's schema under an older server that is running on it. */
export function refuseLiveMigration(path: string): void {
  if (!existsSync(path) || !hasOlderSchema(path) || claimDatabase(path)) return;
  throw new CommandError(
    "An older server is running on this database; stop it, or use the command of its own version.",
  );
}
