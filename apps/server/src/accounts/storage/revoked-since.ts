/** What was revoked after a backup was made, and would come back with it: sessions, tokens, passkeys, passwords, links for a new one. */
import Database from "better-sqlite3";

const BUSY_TIMEOUT_MS = 10_000;

/** The tables of ways in, each with what tells a way from the others. */
const WAYS_IN = [
  { table: "access", key: "hash" },
  { table: "passkey", key: "credential" },
  { table: "password_reset", key: "hash" },
  { table: "identity", key: "issuer || ' ' || subject" },
] as const;

interface PresentWays {
  readonly people: readonly { readonly id: string; readonly password: string | null }[];
  /** A file of an older version has not every table yet. */
  readonly tables: readonly { readonly table: string; readonly key: string; readonly keys: readonly string[] }[];
}

/**
 * Takes from the copy every way in that its people have no more in the present file, and gives them the passwords that they have now
 * [SIGN-8]. Who is not in the present file keeps what the copy has. Throws where the present file can't be read; it stays as it is.
 */
export function endRevoked(copy: string, present: string): void {
  const { people, tables } = waysInto(present);
  const ids = JSON.stringify(people.map(({ id }) => id));
  const db = new Database(copy, { fileMustExist: true });
  try {
    // So that with a session what it is asked to be told goes too.
    db.pragma("foreign_keys = ON");
    db.pragma("secure_delete = ON");
    const givePassword = db.prepare<[(typeof people)[number]]>("UPDATE person SET password = @password WHERE id = @id");
    db.transaction(() => {
      for (const { table, key, keys } of tables) {
        db.prepare(
          `DELETE FROM ${table} WHERE person_id IN (SELECT value FROM json_each(?)) AND ${key} NOT IN (SELECT value FROM json_each(?))`,
        ).run(ids, JSON.stringify(keys));
      }
      for (const person of people) givePassword.run(person);
    })();
  } finally {
    db.close();
  }
}

function waysInto(path: string): PresentWays {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
    return {
      people: db.prepare<[], PresentWays["people"][number]>("SELECT id, password FROM person").all(),
      tables: WAYS_IN.filter(({ table }) => isThere.get(table) !== undefined).map(({ table, key }) => ({
        table,
        key,
        keys: db.prepare<[], string>(`SELECT ${key} FROM ${table}`).pluck().all(),
      })),
    };
  } finally {
    db.close();
  }
}
