/** What the accounts' file keeps of passkeys, and of the challenges that were used. */
import type Database from "better-sqlite3";
import type { AccountStore, StoredPasskey } from "./account-store.ts";

type PasskeyStatements = Pick<
  AccountStore,
  | "passkeysOf"
  | "passkeyByCredential"
  | "addPasskey"
  | "renamePasskey"
  | "usePasskey"
  | "removePasskey"
  | "spendChallenge"
>;

interface PasskeyRow extends Omit<StoredPasskey, "publicKey"> {
  readonly publicKey: Buffer;
}

export function passkeyStatements(db: Database.Database): PasskeyStatements {
  const columns = `id, person_id AS personId, name, host, credential, user_handle AS userHandle, public_key AS publicKey,
    counter, created_at AS createdAt, used_at AS usedAt`;
  const ofPerson = db.prepare<[string], PasskeyRow>(
    `SELECT ${columns} FROM passkey WHERE person_id = ? ORDER BY created_at, id`,
  );
  const byCredential = db.prepare<[string], PasskeyRow>(`SELECT ${columns} FROM passkey WHERE credential = ?`);
  // The session may have ended while the authenticator was asked.
  const insert = db.prepare<[StoredPasskey & { readonly accessId: string }]>(
    `INSERT INTO passkey (id, person_id, name, host, credential, user_handle, public_key, counter, created_at, used_at)
       SELECT @id, @personId, @name, @host, @credential, @userHandle, @publicKey, @counter, @createdAt, @usedAt
       WHERE EXISTS (SELECT 1 FROM access WHERE id = @accessId AND person_id = @personId) ON CONFLICT DO NOTHING`,
  );
  const rename = db.prepare<[string, string, string], PasskeyRow>(
    `UPDATE passkey SET name = ? WHERE person_id = ? AND id = ? RETURNING ${columns}`,
  );
  // Zero: an authenticator that doesn't count.
  const use = db.prepare<[{ readonly id: string; readonly counter: number; readonly usedAt: number }]>(
    `UPDATE passkey SET counter = @counter, used_at = @usedAt
       WHERE id = @id AND (counter < @counter OR (counter = 0 AND @counter = 0))`,
  );
  const remove = db.prepare<[string, string]>("DELETE FROM passkey WHERE person_id = ? AND id = ?");
  const forgetChallenges = db.prepare<[number]>("DELETE FROM used_challenge WHERE expires_at <= ?");
  const noteChallenge = db.prepare<[string, number]>(
    "INSERT INTO used_challenge (hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const spend = db.transaction((hash: string, expiresAt: number, now: number): boolean => {
    forgetChallenges.run(now);
    return noteChallenge.run(hash, expiresAt).changes > 0;
  });
  return {
    passkeysOf: (id) => ofPerson.all(id).map(passkeyOf),
    passkeyByCredential: (credential) => passkeyOrNull(byCredential.get(credential)),
    addPasskey: (passkey, accessId) => insert.run({ ...passkey, accessId }).changes > 0,
    renamePasskey: (personId, id, name) => passkeyOrNull(rename.get(name, personId, id)),
    usePasskey: (id, counter, usedAt) => use.run({ id, counter, usedAt }).changes > 0,
    removePasskey: (personId, id) => remove.run(personId, id).changes > 0,
    spendChallenge: (hash, expiresAt, now) => spend.immediate(hash, expiresAt, now),
  };
}

function passkeyOrNull(row: PasskeyRow | undefined): StoredPasskey | null {
  return row === undefined ? null : passkeyOf(row);
}

function passkeyOf(row: PasskeyRow): StoredPasskey {
  return { ...row, publicKey: new Uint8Array(row.publicKey) };
}
