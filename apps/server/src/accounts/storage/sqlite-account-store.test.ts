/** What the accounts' file keeps of providers, and when an address counts as its person's. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WrongSetting } from "../../settings/wrong-setting.ts";
import type { AccountStore, Person } from "./account-store.ts";
import { openAccountStore } from "./sqlite-account-store.ts";

let folder: string;
let store: AccountStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-accounts-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(email: string): Person {
  const added = store.addPerson({ id: randomUUID() as AccountId, email, password: "hash", createdAt: 1 });
  if (added === null) throw new Error("the address is taken");
  const access = { kind: "session", personId: added.id, name: "", createdAt: 1, usedAt: 1, expiresAt: null } as const;
  store.addAccess({ ...access, id: email }, email);
  return added;
}

const standing = ({ id }: Person) => [store.person(id)?.password, store.accessesOf(id, "session").length];

test("[SIGN-10] only the first person is taken at his word; of any other the first provider's word ends what let in, and no later one", () => {
  const [first, second] = [add("first@example.com"), add("second@example.com")];
  expect([first.isProven, second.isProven]).toEqual([true, false]);
  for (const { id: personId } of [first, second]) store.addIdentity({ issuer: "one", subject: personId, personId });
  expect([standing(first), standing(second)]).toEqual([
    ["hash", 1],
    [null, 0],
  ]);
  expect(store.person(second.id)?.isProven).toBe(true);
  store.changePassword(second.id, "another", null);
  store.addIdentity({ issuer: "two", subject: "same", personId: second.id });
  expect(store.person(second.id)?.password).toBe("another");
});

test("[SIGN-10] [SIGN-8] whom an administrator's link has reached keeps the password that it set", () => {
  add("first@example.com");
  const second = add("second@example.com");
  store.noteProven(second.id);
  store.addIdentity({ issuer: "one", subject: "second", personId: second.id });
  expect(standing(second)).toEqual(["hash", 1]);
});

test("[SIGN-10] somebody is found by issuer and subject together, and by the newest word of the two", () => {
  const [ann, bob] = [add("ann@example.com"), add("bob@example.com")];
  store.addIdentity({ issuer: "one", subject: "1", personId: ann.id });
  store.addIdentity({ issuer: "two", subject: "1", personId: bob.id });
  const found = () => ["one", "two", "three"].map((issuer) => store.personByIdentity(issuer, "1")?.email ?? null);
  expect(found()).toEqual(["ann@example.com", "bob@example.com", null]);
  store.addIdentity({ issuer: "one", subject: "1", personId: bob.id });
  expect(found()).toEqual(["bob@example.com", "bob@example.com", null]);
});

test("[SIGN-7] [SIGN-10] no provider lets in whoever is leaving, and an account that moves takes its provider along", () => {
  const [ann, bob] = [add("ann@example.com"), add("bob@example.com")];
  for (const { id: personId, email } of [ann, bob]) store.addIdentity({ issuer: "one", subject: email, personId });
  store.beginLeaving(ann.id);
  expect([store.personByIdentity("one", ann.email), standing(ann)]).toEqual([null, [null, 0]]);
  const moved = randomUUID() as AccountId;
  store.moveTo(bob.id, moved);
  expect(store.personByIdentity("one", bob.email)?.id).toBe(moved);
  store.removePerson(moved);
  expect(store.personByIdentity("one", bob.email)).toBeNull();
});

test("[SIGN-3] [SIGN-5] what ends one kind of access, or one person's, leaves every other", () => {
  const people = [add("ann@example.com"), add("bob@example.com")];
  const kinds = ["session", "token"] as const;
  const all = people.flatMap(({ id: personId, email }) =>
    kinds.map((kind) => ({ personId, kind, id: `${kind} of ${email}` })),
  );
  for (const one of all) {
    store.addAccess({ ...one, name: "", createdAt: 2, usedAt: 2, expiresAt: null }, `hash of ${one.id}`);
  }
  const standing = () => all.filter(({ id }) => store.access(`hash of ${id}`) !== null).map(({ id }) => id);
  for (const one of all) {
    for (const other of all) {
      if (one === other) continue;
      const isEnded = store.removeAccess(other.personId, one.id, other.kind);
      expect(isEnded).toBe(other.personId === one.personId && other.kind === one.kind);
    }
    expect(store.accessesOf(one.personId, one.kind).map(({ id }) => id)).toContain(one.id);
  }
  const [ann, bob] = people;
  store.removeSessions(ann?.id ?? ("" as AccountId), null);
  expect(standing()).toEqual(["token of ann@example.com", "session of bob@example.com", "token of bob@example.com"]);
  expect(store.removeAccess(bob?.id ?? ("" as AccountId), "token of bob@example.com", "token")).toBe(true);
  expect(standing()).toEqual(["token of ann@example.com", "session of bob@example.com"]);
});

test("[SIGN-3] [SIGN-9] nothing lets in whoever is gone, or leaving", () => {
  const { id: personId } = add("ann@example.com");
  const access = { kind: "session", personId, name: "", createdAt: 1, usedAt: 1, expiresAt: null } as const;
  const keep = (id: string) => store.addAccess({ ...access, id }, `hash of ${id}`);
  const kept = [keep("before")];
  store.beginLeaving(personId);
  kept.push(keep("leaving"));
  store.removePerson(personId);
  kept.push(keep("gone"));
  expect([kept, ["before", "leaving", "gone"].map((id) => store.access(`hash of ${id}`))]).toEqual([
    [true, false, false],
    [null, null, null],
  ]);
});

test("[SIGN-3] what another process has changed is said once, and what this one changes never", () => {
  const other = openAccountStore(join(folder, "accounts.sqlite"));
  // Whoever opens the file may have.
  store.hasChangedElsewhere();
  add("ann@example.com");
  expect(store.hasChangedElsewhere()).toBe(false);
  other.invite("bob@example.com", 1);
  expect([store.hasChangedElsewhere(), store.hasChangedElsewhere()]).toEqual([true, false]);
  other.close();
});

test("[SAFE-3] a file that somebody holds is no damaged one: nobody is told to put a backup in its place", () => {
  const holder = new Database(join(folder, "accounts.sqlite"));
  holder.exec("BEGIN IMMEDIATE");
  expect(() => openAccountStore(join(folder, "accounts.sqlite"))).toThrow(/^database is locked$/);
  holder.close();
  writeFileSync(join(folder, "noise.sqlite"), Buffer.alloc(9000, "noise"));
  expect(() => openAccountStore(join(folder, "noise.sqlite"))).toThrow(WrongSetting);
});
