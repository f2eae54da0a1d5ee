/** What the data folder holds, and what each file of it is called: no other file knows a name of one. */
import { join, resolve } from "node:path";
import type { Settings } from "../settings/config.ts";
import { behindLink } from "./linked-file.ts";

type OfFolder = Pick<Settings, "dataDir">;

/** What SQLite keeps beside a database. */
export const SQLITE_SIDE_FILES = ["-wal", "-shm", "-journal"];
/** All that stands beside one: the engine keeps a seal beside that of the conversations. */
export const SIDE_FILES = [...SQLITE_SIDE_FILES, "-seal"];

/** The database of the conversations. */
export function databasePath(settings: OfFolder): string {
  return databaseOf(settings, "instep.sqlite");
}

/** Who may sign in, and who is signed in. */
export function accountsPath(settings: OfFolder): string {
  return databaseOf(settings, "accounts.sqlite");
}

/** How often somebody tried to sign in: no backup needs it, and whoever removes it only lets everybody try anew. */
export function attemptsPath(settings: OfFolder): string {
  return databaseOf(settings, "attempts.sqlite");
}

/** The secret that sessions are hashed with, where no setting gives one. */
export function authSecretPath(settings: OfFolder): string {
  return placeOf(settings, "auth-secret");
}

/** The key by which push services know this server. */
export function pushKeyPath(settings: OfFolder): string {
  return placeOf(settings, "push-key");
}

/** The local account's subscriptions to pushes; those of people who sign in stand with their sessions. */
export function localPushPath(settings: OfFolder): string {
  return databaseOf(settings, "push.sqlite");
}

/** The folder of files that are being imported. */
export function importsPath(settings: OfFolder): string {
  return placeOf(settings, "imports");
}

/** What a backup is called beside the database that it is about to replace. */
export function restoring(path: string): string {
  return `${path}.restoring`;
}

/** What says who has the folder in use. */
export function lockPath(settings: OfFolder): string {
  return placeOf(settings, "instep.lock");
}

/** Throws `WrongSetting` where it is a link that leads nowhere. */
function databaseOf(settings: OfFolder, name: string): string {
  return behindLink(placeOf(settings, name));
}

function placeOf({ dataDir }: OfFolder, name: string): string {
  return join(resolve(dataDir), name);
}
