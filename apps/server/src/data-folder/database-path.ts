/** Where the database is. */
import { join, resolve } from "node:path";
import type { Settings } from "../settings/config.ts";

const DATABASE_FILE = "instep.sqlite";

/** The database's file, for whoever has to name it. */
export function databasePath(settings: Pick<Settings, "dataDir">): string {
  return join(resolve(settings.dataDir), DATABASE_FILE);
}
