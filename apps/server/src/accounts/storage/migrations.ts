/** The schema of the accounts' file. Migrations are numbered by their place and never edited after a release. */
import type { Database } from "better-sqlite3";

const first = `
CREATE TABLE person (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  password TEXT,
  is_administrator INTEGER NOT NULL,
  is_leaving INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE access (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX access_person ON access (person_id, kind, created_at);
CREATE INDEX access_expiring ON access (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE invitation (
  email TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE password_reset (
  person_id TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE ON UPDATE CASCADE,
  hash TEXT NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

const identities = `
ALTER TABLE person ADD COLUMN is_proven INTEGER NOT NULL DEFAULT 0;
UPDATE person SET is_proven = is_administrator;

CREATE TABLE identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_person ON identity (person_id);
`;

const pushSubscriptions = `
CREATE TABLE push_subscription (
  id INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  access_id TEXT REFERENCES access (id) ON DELETE CASCADE ON UPDATE CASCADE,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX push_endpoint ON push_subscription (endpoint);
CREATE INDEX push_access ON push_subscription (access_id);
`;

const passkeys = `
CREATE TABLE passkey (
  id TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE ON UPDATE CASCADE,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  credential TEXT NOT NULL UNIQUE,
  user_handle TEXT NOT NULL,
  public_key BLOB NOT NULL,
  counter INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_person ON passkey (person_id, created_at);

CREATE TABLE used_challenge (
  hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_challenge_expiring ON used_challenge (expires_at);
`;

const secretMark = `
CREATE TABLE secret_mark (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  hash TEXT NOT NULL
) STRICT;
`;

const MIGRATIONS: readonly string[] = [first, identities, pushSubscriptions, passkeys, secretMark];

/** What a file of accounts says that it has, once this program has opened it. */
export const ACCOUNTS_SCHEMA = MIGRATIONS.length;

/** Runs what is missing, in one transaction. Throws where the file was written by a newer program. */
export function migrateAccounts(db: Database): void {
  db.transaction(() => {
    const version = Number(db.pragma("user_version", { simple: true }));
    if (version > ACCOUNTS_SCHEMA) {
      throw new Error(`The accounts have schema ${version}; this program knows schemas up to ${ACCOUNTS_SCHEMA}`);
    }
    for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
    db.pragma(`user_version = ${ACCOUNTS_SCHEMA}`);
  }).immediate();
}
