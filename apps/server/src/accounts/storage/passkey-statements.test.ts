/** What the accounts' file keeps of passkeys, and what ends them. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccountStore, StoredPasskey } from "./account-store.ts";
import { openAccountStore } from "./sqlite-account-store.ts";

let folder: string;
let store: AccountStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-passkeys-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Somebody with a session, which is called as the person is. */
function add(email: string): AccountId {
  const id = randomUUID() as AccountId;
  store.addPerson({ id, email, password: "hash", createdAt: 1 });
  const access = { kind: "session", personId: id, name: "", createdAt: 1, usedAt: 1, expiresAt: null } as const;
  store.addAccess({ ...access, id }, email);
  return id;
}

function passkey(personId: AccountId, more: Partial<StoredPasskey> = {}): StoredPasskey {
  return {
    id: randomUUID(),
    personId,
    name: "Laptop",
    host: "chat.example",
    credential: randomUUID(),
    userHandle: "handle",
    publicKey: new Uint8Array([1, 2, 255]),
    counter: 3,
    createdAt: 5,
    usedAt: null,
    ...more,
  };
}

const idsOf = (person: AccountId) => store.passkeysOf(person).map(({ id }) => id);

test("[SIGN-11] a passkey is kept as it was made, is found by its credential, and is the only one of that", () => {
  const [ann, bob] = [add("ann@example.com"), add("bob@example.com")];
  const [first, second] = [passkey(ann), passkey(ann, { createdAt: 4, usedAt: 7 })];
  for (const one of [first, second]) expect(store.addPasskey(one, ann)).toBe(true);
  expect(store.passkeysOf(ann)).toEqual([second, first]);
  expect(store.passkeyByCredential(first.credential)).toEqual(first);
  expect(store.passkeyByCredential("")).toBeNull();
  expect(store.addPasskey(passkey(bob, { credential: first.credential }), bob)).toBe(false);
  expect(store.passkeysOf(bob)).toEqual([]);
});

test("[SIGN-11] none is added by a session that has ended or is another's", () => {
  const [ann, bob] = [add("ann@example.com"), add("bob@example.com")];
  expect(store.addPasskey(passkey(ann), bob)).toBe(false);
  store.removeSessions(ann, null);
  expect(store.addPasskey(passkey(ann), ann)).toBe(false);
  expect(idsOf(ann)).toEqual([]);
});

test("[SIGN-11] only its owner renames or removes one, and no other with it", () => {
  const [ann, bob] = [add("ann@example.com"), add("bob@example.com")];
  const [first, second] = [passkey(ann, { id: "1" }), passkey(ann, { id: "2" })];
  for (const one of [first, second]) store.addPasskey(one, ann);
  expect([store.renamePasskey(bob, "1", "x"), store.removePasskey(bob, "1")]).toEqual([null, false]);
  expect([store.renamePasskey(ann, "3", "x"), store.removePasskey(ann, "3")]).toEqual([null, false]);
  expect(store.renamePasskey(ann, "1", "Old laptop")).toEqual({ ...first, name: "Old laptop" });
  expect(store.passkeysOf(ann).map(({ name }) => name)).toEqual(["Old laptop", "Laptop"]);
  expect(store.removePasskey(ann, "1")).toBe(true);
  expect(store.passkeysOf(ann)).toEqual([second]);
});

test("[SIGN-11] a use counts where its count has grown, or where neither ever counted", () => {
  const ann = add("ann@example.com");
  fc.assert(
    fc.property(fc.nat(3), fc.nat(3), (known, told) => {
      const one = passkey(ann, { counter: known });
      store.addPasskey(one, ann);
      const isGood = told > known || (told === 0 && known === 0);
      expect(store.usePasskey(one.id, told, 9)).toBe(isGood);
      expect(store.passkeyByCredential(one.credential)).toEqual(isGood ? { ...one, counter: told, usedAt: 9 } : one);
    }),
  );
  expect(store.usePasskey("none", 1, 9)).toBe(false);
});

test("[SIGN-11] [SIGN-6] a new password leaves passkeys where a session is left, and ends them where nothing is", () => {
  const [ann, bob] = [add("ann@example.com"), add("bob@example.com")];
  for (const person of [ann, bob]) store.addPasskey(passkey(person, { id: person }), person);
  store.changePassword(ann, "new", ann);
  expect(idsOf(ann)).toEqual([ann]);
  store.changePassword(ann, "newer", null);
  expect([idsOf(ann), idsOf(bob)]).toEqual([[], [bob]]);
});

test("[SIGN-11] [SIGN-10] whoever signed up with another's address keeps no passkey for it once a provider says whose it is", () => {
  const [first, second] = [add("first@example.com"), add("second@example.com")];
  for (const person of [first, second]) {
    store.addPasskey(passkey(person, { id: person }), person);
    store.addIdentity({ issuer: "one", subject: person, personId: person });
  }
  expect([idsOf(first), idsOf(second)], "the first one is taken at his word").toEqual([[first], []]);
});

test("[SIGN-11] [SIGN-7] whoever leaves takes his passkeys along, and an account that moves keeps them", () => {
  const [ann, bob] = [add("ann@example.com"), add("bob@example.com")];
  for (const person of [ann, bob]) store.addPasskey(passkey(person, { id: person }), person);
  store.beginLeaving(ann);
  expect([idsOf(ann), idsOf(bob)]).toEqual([[], [bob]]);
  const moved = randomUUID() as AccountId;
  store.moveTo(bob, moved);
  expect([idsOf(bob), idsOf(moved)]).toEqual([[], [bob]]);
  store.removePerson(moved);
  expect(idsOf(moved)).toEqual([]);
});
