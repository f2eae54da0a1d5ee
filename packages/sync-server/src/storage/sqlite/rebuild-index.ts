/** Makes the full-text index anew: it holds nothing that the messages and titles don't. */
import Database from "better-sqlite3";
import { keepSealed } from "./file-seal.ts";

const TABLES = ["message_text", "title_text"];

/** Empties the index and marks everything as to be taken in, which the next server does beside its work. Nobody else may have the file open. */
export function emptyIndex(path: string): void {
  keepSealed(path, () => {
    empty(path);
    return true;
  });
}

function empty(path: string): void {
  const db = new Database(path, { fileMustExist: true });
  try {
    // The index keeps tables of its own, which a damaged one can't remove by itself.
    db.unsafeMode(true);
    db.transaction(() => {
      for (const table of TABLES) makeAnew(db, table);
      db.exec("INSERT INTO message_text (message_text, rank) VALUES ('deletemerge', 50)");
      db.exec("UPDATE search_state SET indexed_through = 0");
      db.exec("INSERT OR IGNORE INTO title_pending (number) SELECT number FROM conversation WHERE title <> ''");
    }).immediate();
  } finally {
    db.close();
  }
}

function makeAnew(db: Database.Database, table: string): void {
  const schema = db.prepare<[string], string>("SELECT sql FROM sqlite_schema WHERE name = ?").pluck();
  const sql = schema.get(table);
  if (sql === undefined) throw new Error(`The database has no table ${table}`);
  db.pragma("writable_schema = ON");
  db.prepare("DELETE FROM sqlite_schema WHERE name = ?").run(table);
  db.pragma("writable_schema = RESET");
  for (const part of ["data", "idx", "content", "docsize", "config"]) db.exec(`DROP TABLE IF EXISTS ${table}_${part}`);
  db.exec(sql);
}
