/** Accounts on SQLite, in a file of their own: sign-in never waits for the conversations' writer, nor that one for it. */
import type { AccountId } from "@instep/protocol";
import Database from "better-sqlite3";
import { prepareDatabasePlace } from "../../data-folder/private-files.ts";
import { namingFile, unusableDatabase } from "../../data-folder/unusable-database.ts";
import type { PushStore } from "../../push/push-store.ts";
import {
  MAX_SESSIONS,
  type Access,
  type AccountStore,
  type Identity,
  type KnownAccess,
  type Person,
} from "./account-store.ts";
import { migrateAccounts } from "./migrations.ts";
import { passkeyStatements } from "./passkey-statements.ts";
import { pushStatements } from "./push-statements.ts";
import { SILENT, watchStoredFiles, type StoredFilesListener } from "./stored-files.ts";

/** Another process holds the file for one short write only. */
const BUSY_TIMEOUT_MS = 2000;

/** Opens the file, or makes it, for its owner alone [SAFE-3]. Throws `WrongSetting` where it can't be used: nobody's account is made anew. */
export function openAccountStore(path: string, listener: StoredFilesListener = SILENT): AccountStore {
  const db = openAccounts(path);
  const files = watchStoredFiles(path, db, listener);
  let knownVersion = versionOf(db);
  return {
    ...files.guard(statementsOf(db)),
    push: files.guard(pushStatements(db)),
    hasTrouble: () => files.hasTrouble(),
    hasChangedElsewhere() {
      const version = versionOf(db);
      const hasChanged = version !== knownVersion;
      knownVersion = version;
      return hasChanged;
    },
    close() {
      db.close();
      files.close();
    },
  };
}

function statementsOf(db: Database.Database) {
  return {
    ...personStatements(db),
    ...accessStatements(db),
    ...secretStatements(db),
    ...passkeyStatements(db),
    ...invitationStatements(db),
    ...resetStatements(db),
  };
}

function openAccounts(path: string): Database.Database {
  try {
    return namingFile(path, () => openFile(path));
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || error.code.startsWith("SQLITE_BUSY")) throw error;
    throw unusableDatabase(path, error);
  }
}

/** Subscriptions of the local account, in a file of their own. */
export function openLocalPushStore(path: string): PushStore & { close(): void } {
  const db = openFile(path);
  return { ...pushStatements(db, true), close: () => void db.close() };
}

function openFile(path: string): Database.Database {
  prepareDatabasePlace(path);
  const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    // What is deleted is gone from the file too.
    db.pragma("secure_delete = ON");
    migrateAccounts(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Moves when another connection has committed. */
function versionOf(db: Database.Database): number {
  return Number(db.pragma("data_version", { simple: true }));
}

interface PersonRow extends Omit<Person, "isAdministrator" | "isProven"> {
  readonly isAdministrator: number;
  readonly isProven: number;
}

type PersonStatements = Pick<
  AccountStore,
  | "person"
  | "personByEmail"
  | "personByIdentity"
  | "people"
  | "addPerson"
  | "addIdentity"
  | "noteProven"
  | "changePassword"
  | "beginLeaving"
  | "leaving"
  | "removePerson"
  | "moveTo"
>;

function personStatements(db: Database.Database): PersonStatements {
  const columns = `id, email, password, is_administrator AS isAdministrator, is_proven AS isProven,
    created_at AS createdAt`;
  const byId = db.prepare<[string], PersonRow>(`SELECT ${columns} FROM person WHERE id = ?`);
  const byEmail = db.prepare<[string], PersonRow>(`SELECT ${columns} FROM person WHERE email = ?`);
  const all = db.prepare<[], PersonRow>(`SELECT ${columns} FROM person ORDER BY created_at, id`);
  const byIdentity = db.prepare<[string, string], PersonRow>(
    `SELECT ${columns} FROM person JOIN identity ON person_id = id WHERE issuer = ? AND subject = ?`,
  );
  const insert = db.prepare<[Parameters<AccountStore["addPerson"]>[0]]>(
    `INSERT INTO person (id, email, password, is_administrator, is_proven, created_at)
       SELECT @id, @email, @password, is_first, is_first, @createdAt FROM (SELECT NOT EXISTS (SELECT 1 FROM person) AS is_first)
       WHERE true ON CONFLICT DO NOTHING`,
  );
  const insertIdentity = db.prepare<[Identity]>(
    "INSERT OR REPLACE INTO identity (issuer, subject, person_id) VALUES (@issuer, @subject, @personId)",
  );
  const endIdentities = db.prepare<[string]>("DELETE FROM identity WHERE person_id = ?");
  const setProven = db.prepare<[string]>("UPDATE person SET is_proven = 1 WHERE id = ?");
  const setPassword = db.prepare<[string | null, string]>("UPDATE person SET password = ? WHERE id = ?");
  const endOthers = db.prepare<[string, string | null]>("DELETE FROM access WHERE person_id = ? AND id IS NOT ?");
  const endPasskeys = db.prepare<[string]>("DELETE FROM passkey WHERE person_id = ?");
  const endReset = db.prepare<[string]>("DELETE FROM password_reset WHERE person_id = ?");
  const markLeaving = db.prepare<[string]>("UPDATE person SET is_leaving = 1 WHERE id = ?");
  const leaving = db.prepare<[], AccountId>("SELECT id FROM person WHERE is_leaving = 1 ORDER BY id").pluck();
  const remove = db.prepare<[string]>("DELETE FROM person WHERE id = ?");
  const move = db.prepare<[string, string]>("UPDATE person SET id = ? WHERE id = ?");
  const change = db.transaction((id: string, password: string | null, keptAccessId: string | null) => {
    setPassword.run(password, id);
    endOthers.run(id, keptAccessId);
    endReset.run(id);
    if (keptAccessId === null) endPasskeys.run(id);
  });
  const beginLeaving = db.transaction((id: string) => {
    change(id, null, null);
    endIdentities.run(id);
    markLeaving.run(id);
  });
  const addIdentity = db.transaction((identity: Identity) => {
    if (byId.get(identity.personId)?.isProven !== 1) change(identity.personId, null, null);
    setProven.run(identity.personId);
    insertIdentity.run(identity);
  });
  return {
    person: (id) => personOf(byId.get(id)),
    personByEmail: (email) => personOf(byEmail.get(email)),
    personByIdentity: (issuer, subject) => personOf(byIdentity.get(issuer, subject)),
    people: () => all.all().flatMap((row) => personOf(row) ?? []),
    addIdentity: (identity) => addIdentity.immediate(identity),
    noteProven: (id) => void setProven.run(id),
    addPerson: (person) => (insert.run(person).changes === 0 ? null : personOf(byId.get(person.id))),
    changePassword: (id, password, keptAccessId) => change.immediate(id, password, keptAccessId),
    beginLeaving: (id) => beginLeaving.immediate(id),
    leaving: () => leaving.all(),
    moveTo: (id, accountId) => void move.run(accountId, id),
    removePerson: (id) => void remove.run(id),
  };
}

function personOf(row: PersonRow | undefined): Person | null {
  if (row === undefined) return null;
  return { ...row, isAdministrator: row.isAdministrator === 1, isProven: row.isProven === 1 };
}

type AccessStatements = Pick<
  AccountStore,
  | "access"
  | "accessesOf"
  | "hasAccess"
  | "addAccess"
  | "useAccess"
  | "removeAccess"
  | "removeSessions"
  | "removeExpired"
>;

function accessStatements(db: Database.Database): AccessStatements {
  const columns = `access.id, kind, person_id AS personId, name, access.created_at AS createdAt, used_at AS usedAt,
    expires_at AS expiresAt`;
  const byHash = db.prepare<[string], KnownAccess>(
    `SELECT ${columns}, email FROM access JOIN person ON person.id = person_id WHERE hash = ?`,
  );
  const ofPerson = db.prepare<[string, string], Access>(
    `SELECT ${columns} FROM access WHERE person_id = ? AND kind = ? ORDER BY created_at, id`,
  );
  // Another process may be removing him.
  const insert = db.prepare<[Access & { readonly hash: string }]>(
    `INSERT INTO access (id, hash, kind, person_id, name, created_at, used_at, expires_at)
       SELECT @id, @hash, @kind, @personId, @name, @createdAt, @usedAt, @expiresAt
       WHERE EXISTS (SELECT 1 FROM person WHERE id = @personId AND is_leaving = 0)`,
  );
  // One that was used in the future was so by a clock that was ahead, and not since.
  const endOldest = db.prepare<[Pick<Access, "id" | "personId" | "usedAt">]>(
    `DELETE FROM access WHERE id IN (SELECT id FROM access WHERE person_id = @personId AND kind = 'session'
       ORDER BY id = @id DESC, used_at <= @usedAt DESC, used_at DESC, created_at DESC LIMIT -1 OFFSET ${MAX_SESSIONS})`,
  );
  const add = db.transaction((access: Access, hash: string): boolean => {
    if (insert.run({ ...access, hash }).changes === 0) return false;
    if (access.kind === "session") endOldest.run({ id: access.id, personId: access.personId, usedAt: access.usedAt });
    return true;
  });
  const byId = db.prepare<[string], number>("SELECT 1 FROM access WHERE id = ?").pluck();
  const use = db.prepare<[number, number | null, string]>("UPDATE access SET used_at = ?, expires_at = ? WHERE id = ?");
  const remove = db.prepare<[string, string, string]>("DELETE FROM access WHERE person_id = ? AND id = ? AND kind = ?");
  const removeSessions = db.prepare<[string, string | null]>(
    "DELETE FROM access WHERE person_id = ? AND kind = 'session' AND id IS NOT ?",
  );
  const removeExpired = db.prepare<[number]>("DELETE FROM access WHERE expires_at <= ?");
  return {
    access: (hash) => byHash.get(hash) ?? null,
    accessesOf: (id, kind) => ofPerson.all(id, kind),
    hasAccess: (id) => byId.get(id) !== undefined,
    addAccess: (access, hash) => add.immediate(access, hash),
    useAccess: (id, usedAt, expiresAt) => void use.run(usedAt, expiresAt, id),
    removeAccess: (personId, id, kind) => remove.run(personId, id, kind).changes > 0,
    removeSessions: (personId, keptId) => void removeSessions.run(personId, keptId),
    removeExpired: (now) => void removeExpired.run(now),
  };
}

function secretStatements(db: Database.Database): Pick<AccountStore, "useSecret" | "secretMark"> {
  const standing = db.prepare<[], string>("SELECT hash FROM secret_mark").pluck();
  const put = db.prepare<[string]>("INSERT OR REPLACE INTO secret_mark (id, hash) VALUES (1, ?)");
  const endAll = db.prepare<[]>("DELETE FROM access");
  const use = db.transaction((mark: string, isMadeAnew: boolean): boolean => {
    const former = standing.get();
    put.run(mark);
    const isAnother = former !== undefined && former !== mark;
    if (isAnother || isMadeAnew) endAll.run();
    return isAnother;
  });
  // The same one writes nothing: a start needs no room on the disk.
  return {
    useSecret: (mark, isMadeAnew) => standing.get() !== mark && use.immediate(mark, isMadeAnew),
    secretMark: () => standing.get() ?? null,
  };
}

type InvitationStatements = Pick<AccountStore, "isInvited" | "invited" | "invite" | "withdrawInvitation">;

function invitationStatements(db: Database.Database): InvitationStatements {
  const one = db.prepare<[string], string>("SELECT email FROM invitation WHERE email = ?").pluck();
  const all = db.prepare<[], string>("SELECT email FROM invitation ORDER BY email").pluck();
  const insert = db.prepare<[string, number]>(
    "INSERT INTO invitation (email, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const remove = db.prepare<[string]>("DELETE FROM invitation WHERE email = ?");
  return {
    isInvited: (email) => one.get(email) !== undefined,
    invited: () => all.all(),
    invite: (email, now) => void insert.run(email, now),
    withdrawInvitation: (email) => remove.run(email).changes > 0,
  };
}

function resetStatements(db: Database.Database): Pick<AccountStore, "addReset" | "takeReset"> {
  const insert = db.prepare<[string, string, number]>(
    "INSERT OR REPLACE INTO password_reset (person_id, hash, expires_at) VALUES (?, ?, ?)",
  );
  const take = db
    .prepare<[string, number], AccountId>(
      "DELETE FROM password_reset WHERE hash = ? AND expires_at > ? RETURNING person_id",
    )
    .pluck();
  return {
    addReset: (hash, id, expiresAt) => void insert.run(id, hash, expiresAt),
    takeReset: (hash, now) => take.get(hash, now) ?? null,
  };
}
