/** Opens connections to a database file: one that writes, and ones that only read. */
import Database from "better-sqlite3";
import type { ConnectionOptions } from "./connection-options.ts";
import { migrate } from "./migrations/index.ts";

export type { Database } from "better-sqlite3";

/** How long a connection waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;
const FULL = 2;

/** Opens the file for writing, makes it where it is missing, and brings its schema up to date. Throws where commits would not be durable. */
export function openWriter(options: ConnectionOptions): Database.Database {
  const db = new Database(options.path, { timeout: BUSY_TIMEOUT_MS, verbose: listener(options) });
  try {
    prepareToWrite(db, options);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepareToWrite(db: Database.Database, options: ConnectionOptions): void {
  db.pragma("journal_mode = WAL");
  db.pragma(`synchronous = ${options.isDurable ? "FULL" : "OFF"}`);
  if (options.isDurable && db.pragma("synchronous", { simple: true }) !== FULL) {
    throw new Error("SQLite refused synchronous=FULL: commits would not be durable");
  }
  db.pragma(`wal_autocheckpoint = ${options.checkpointPages}`);
  migrate(db);
}

/**
 * Moves what it can of the write-ahead log into the database on a connection of its own, flushed as the writer does: others write
 * meanwhile. Throws what the disk says; then the log is as it was.
 */
export function checkpointLog(options: Pick<ConnectionOptions, "path" | "isDurable">): void {
  const db = new Database(options.path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma(`synchronous = ${options.isDurable ? "FULL" : "OFF"}`);
    db.pragma("wal_checkpoint(PASSIVE)");
  } finally {
    db.close();
  }
}

/** Opens the file for reading; it must exist and be up to date. */
export function openReader(options: Pick<ConnectionOptions, "path" | "onStatement">): Database.Database {
  return new Database(options.path, {
    readonly: true,
    fileMustExist: true,
    timeout: BUSY_TIMEOUT_MS,
    verbose: listener(options),
  });
}

function listener({ onStatement }: Pick<ConnectionOptions, "onStatement">): ((message?: unknown) => void) | undefined {
  return onStatement && ((sql) => onStatement(String(sql)));
}
