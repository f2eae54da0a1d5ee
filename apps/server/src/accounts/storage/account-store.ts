/** Where people, their sessions and their tokens are kept: the port. Every call is one small look-up or one short durable write. */
import type { AccountId } from "@instep/protocol";
import type { PushStore } from "../../push/push-store.ts";

/** Somebody who has an account; what the conversations need to know of it is the engine's. */
export interface Person {
  readonly id: AccountId;
  /** Normal, and nobody else's. */
  readonly email: string;
  /** Hashed; null where there is none that would be right. */
  readonly password: string | null;
  readonly isAdministrator: boolean;
  /** Whether it is known that the address is theirs: else anybody who is on its list may have signed up with it. */
  readonly isProven: boolean;
  /** Milliseconds, as all times here. */
  readonly createdAt: number;
}

/** Somebody as a provider knows him. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly personId: AccountId;
}

/** Something that lets in: a browser's session, or a program's token. */
export interface Access {
  readonly id: string;
  readonly kind: "session" | "token";
  readonly personId: AccountId;
  /** A token's name, or what the browser says that it is. */
  readonly name: string;
  readonly createdAt: number;
  readonly usedAt: number;
  /** Null: never. */
  readonly expiresAt: number | null;
}

/** More browsers than anybody is signed in with. */
export const MAX_SESSIONS = 200;

/** With the address that it lets in, which may be on the list no more. */
export interface KnownAccess extends Access {
  readonly email: string;
}

/** A key of a person's device or keeper of passwords, which signs in by itself. */
export interface StoredPasskey {
  readonly id: string;
  readonly personId: AccountId;
  readonly name: string;
  /** The host that it was made for. */
  readonly host: string;
  /** What the authenticator calls it, and the person, as base64url. */
  readonly credential: string;
  readonly userHandle: string;
  /** As COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** How often it was used, as it says; 0 where it doesn't count. */
  readonly counter: number;
  readonly createdAt: number;
  readonly usedAt: number | null;
}

export interface AccountStore {
  person(id: AccountId): Person | null;
  personByEmail(email: string): Person | null;
  people(): readonly Person[];
  personByIdentity(issuer: string, subject: string): Person | null;
  /** Adds a person, the very first one as the administrator, who is taken at his word; null where the address has an account already. */
  addPerson(person: Omit<Person, "isAdministrator" | "isProven">): Person | null;
  /** A provider vouches for the person's address. Where it was not proven before, all that let in ends. */
  addIdentity(identity: Identity): void;
  /** An administrator's link has come to the person. */
  noteProven(id: AccountId): void;
  /** Sets the password and ends every session, token and reset of the person but the one that is named; where none is, passkeys too. */
  changePassword(id: AccountId, password: string | null, keptAccessId: string | null): void;
  /** Ends all that lets the person in, for good; the account's data goes next, and then the person. */
  beginLeaving(id: AccountId): void;
  /** Those whose data may not be gone yet. */
  leaving(): readonly AccountId[];
  /** Removes a person with all that lets in. */
  removePerson(id: AccountId): void;
  /** Gives the person another account, which nobody has; sessions and tokens go along. */
  moveTo(id: AccountId, accountId: AccountId): void;

  /** What a token's hash stands for, whether it has ended or not. */
  access(hash: string): KnownAccess | null;
  accessesOf(id: AccountId, kind: Access["kind"]): readonly Access[];
  /** Whether it stands, whether it has ended or not. */
  hasAccess(id: string): boolean;
  /** False where its person is gone, or leaving. Of too many sessions of his, those end that were not used for longest. */
  addAccess(access: Access, hash: string): boolean;
  useAccess(id: string, usedAt: number, expiresAt: number | null): void;
  /** Removes one of the person's; false where it has none such. */
  removeAccess(personId: AccountId, id: string, kind: Access["kind"]): boolean;
  /** Removes all sessions of the person but the one that is named. */
  removeSessions(personId: AccountId, keptId: string | null): void;
  removeExpired(now: number): void;
  /**
   * The secret that the hashes are made with from now on, by its mark. Where that was another one, or is made anew, every session and
   * token ends: no hash is found by it any more. Whether it was another one.
   */
  useSecret(mark: string, isMadeAnew: boolean): boolean;
  /** The mark of the one that a server used last; null where none has yet. */
  secretMark(): string | null;

  passkeysOf(id: AccountId): readonly StoredPasskey[];
  passkeyByCredential(credential: string): StoredPasskey | null;
  /** Adds one by a session that still stands; false where it doesn't, or the credential is known. */
  addPasskey(passkey: StoredPasskey, accessId: string): boolean;
  /** Null where the person has none such. */
  renamePasskey(personId: AccountId, id: string, name: string): StoredPasskey | null;
  /** Notes a use; false where it is no more, or its count has not grown. */
  usePasskey(id: string, counter: number, usedAt: number): boolean;
  removePasskey(personId: AccountId, id: string): boolean;
  /** False where it was used already; it is known until it expires. */
  spendChallenge(hash: string, expiresAt: number, now: number): boolean;

  /** Whether the address was invited, which puts it on the list. */
  isInvited(email: string): boolean;
  invited(): readonly string[];
  invite(email: string, now: number): void;
  /** False where it was not invited. */
  withdrawInvitation(email: string): boolean;

  /** Lets a new password be set once; an earlier such permission of the person ends. */
  addReset(hash: string, id: AccountId, expiresAt: number): void;
  /** Whose password may be set with it, once and in time. */
  takeReset(hash: string, now: number): AccountId | null;

  /** Who is told by a push; ends with the session that asked for it. */
  readonly push: PushStore;

  /** Whether its files are damaged or not where they have to be: then every other call throws `STORAGE_GONE` [SAFE-3]. */
  hasTrouble(): boolean;

  /** Whether another process has changed anything since this was asked last. */
  hasChangedElsewhere(): boolean;
  close(): void;
}
