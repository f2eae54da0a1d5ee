/** Who leaves while a backup is made: the copy of the conversations may have what the copy of the accounts has nobody for any more. */
import Database from "better-sqlite3";

const BUSY_TIMEOUT_MS = 10_000;

/** The ids of all who have an account in that file, those who are leaving too; whatever its version, it stays as it is. */
export function peopleIn(path: string): readonly string[] {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    return db.prepare<[], string>("SELECT id FROM person").pluck().all();
  } finally {
    db.close();
  }
}

/** Those of these whom the copy has no more are leaving in it, under no address: a start on it erases what is left of them [SIGN-7]. */
export function noteLeft(copy: string, people: readonly string[]): void {
  const db = new Database(copy, { fileMustExist: true });
  try {
    const note = db.prepare<[{ readonly id: string }]>(
      "INSERT INTO person (id, email, is_administrator, is_leaving, created_at) VALUES (@id, @id, 0, 1, 0) ON CONFLICT DO NOTHING",
    );
    db.transaction(() => people.forEach((id) => note.run({ id })))();
  } finally {
    db.close();
  }
}
