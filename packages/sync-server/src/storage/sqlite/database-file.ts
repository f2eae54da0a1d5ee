/** What is done with a database as a file: a copy of a live one, a check of a strange one, and whether anybody has it open. */
import Database from "better-sqlite3";
import { keepSealed } from "./file-seal.ts";
import { SCHEMA } from "./migrations/index.ts";

/** Writes one consistent snapshot of the database to a new file; others may write to it meanwhile. Throws where the target exists. */
export function copyDatabase(path: string, target: string): void {
  withDatabase(path, (db) => void db.prepare("VACUUM INTO ?").run(target));
}

/** What is wrong with a file as a database of Instep that has this table, in one sentence; null where it can be used. */
export function findFileFault(path: string, table = "conversation"): string | null {
  try {
    return withDatabase(path, (db) => {
      const check = String(db.pragma("quick_check(1)", { simple: true }));
      if (check !== "ok") return `it is damaged (${check})`;
      const found = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table);
      return found === undefined ? "it is a database of another program" : null;
    });
  } catch (error) {
    const isUnread =
      error instanceof Database.SqliteError && /^SQLITE_(?:CANTOPEN|READONLY|PERM|BUSY)/.test(error.code);
    return `${isUnread ? "it can't be read" : "it is no database"} (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** The epoch of the history in the file [EPOCH-1]; null where nobody can say. */
export function epochOf(path: string): string | null {
  try {
    return withDatabase(
      path,
      (db) => db.prepare<[], string>("SELECT epoch FROM meta WHERE id = 1").pluck().get() ?? null,
    );
  } catch {
    return null;
  }
}

/** Whether opening the file to write would bring it to that schema, the engine's or another file's, under whoever has it open. */
export function hasOlderSchema(path: string, schema = SCHEMA): boolean {
  return withDatabase(path, (db) => Number(db.pragma("user_version", { simple: true })) < schema);
}

/**
 * Moves the log into the database and leaves WAL mode, which only works while nobody else has it open; returns whether nobody has.
 * One that is damaged is left as it is: no server can run on it.
 */
export function claimDatabase(path: string): boolean {
  return keepSealed(path, () => leaveWal(path));
}

function leaveWal(path: string): boolean {
  const db = new Database(path, { fileMustExist: true, timeout: 1_000 });
  try {
    return db.pragma("journal_mode = DELETE", { simple: true }) === "delete";
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith("SQLITE_BUSY")) return false;
    if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code)) return true;
    throw error;
  } finally {
    db.close();
  }
}

function withDatabase<T>(path: string, use: (db: Database.Database) => T): T {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    return use(db);
  } finally {
    db.close();
  }
}
