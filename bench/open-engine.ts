/** The engine on a database of a measurement, with limits that are never in the way. */
import { createEngine, systemEnvironment, type Engine, type Storage } from "@instep/sync-server";
import { openSqliteStorage } from "@instep/sync-server/sqlite";
import { join } from "node:path";

/** What the program calls its database, so that it can be started on the same folder. */
export function databaseIn(folder: string): string {
  return join(folder, "instep.sqlite");
}

/** Opens it as the program does: one thread that writes, durable. */
export async function openDurableEngine(folder: string): Promise<Engine> {
  return engineOn(await openSqliteStorage({ path: databaseIn(folder) }));
}

/** The engine on a storage that stands. */
export function engineOn(storage: Storage): Engine {
  const limits = { maxWaitS: 60, maxHeldPerAccount: 100_000, maxHeld: 100_000, maxRepliesPerAccount: 100_000 };
  return createEngine({ storage, environment: systemEnvironment, options: { defaultModel: "demo", ...limits } });
}
