/** What of a person's each call on the accounts' file ends: that, all of that, and nothing of anybody else's. */
import { readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AccountStore } from "./account-store.ts";
import { openAccountStore } from "./sqlite-account-store.ts";

const [ANN, BOB, MOVED] = ["ann", "bob", "moved"].map((name) => name as AccountId) as [AccountId, AccountId, AccountId];
const NOW = 1000;
const LATER = 2000;

let folder: string;
let path: string;
let store: AccountStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-ends-"));
  path = join(folder, "accounts.sqlite");
  store = openAccountStore(path);
  store.addPerson({ id: "first" as AccountId, email: "first@example.com", password: null, createdAt: 1 });
  for (const id of [ANN, BOB]) give(id);
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One of each thing that lets a person in, or that hangs on it. */
function give(personId: AccountId): void {
  store.addPerson({ id: personId, email: emailOf(personId), password: `hash of ${personId}`, createdAt: 1 });
  const made = { personId, name: "", createdAt: 1, usedAt: 1 };
  const accesses = [
    { id: "own", kind: "session", expiresAt: LATER },
    { id: "other", kind: "session", expiresAt: NOW },
    { id: "token", kind: "token", expiresAt: null },
    { id: "brief", kind: "token", expiresAt: NOW },
  ] as const;
  for (const { id, ...rest } of accesses) {
    store.addAccess({ ...made, ...rest, id: `${personId} ${id}` }, `${personId} ${id}`);
  }
  for (const id of ["own", "other"]) {
    const subscription = { endpoint: `https://push.example/${personId}/${id}`, keys: { p256dh: personId, auth: id } };
    store.push.add({ ...subscription, accountId: personId, sessionId: `${personId} ${id}` }, 1);
  }
  const key = { name: "", host: "example.com", userHandle: "", publicKey: new Uint8Array([1]), counter: 0 };
  const passkey = { ...key, id: `${personId} passkey`, personId, credential: `${personId} passkey` };
  store.addPasskey({ ...passkey, createdAt: 1, usedAt: null }, `${personId} own`);
  store.addReset(`${personId} link`, personId, LATER);
  store.invite(emailOf(personId), 1);
}

const emailOf = (id: AccountId) => `${id}@example.com`;

const EVERYTHING = ["own", "other", "token", "brief", "push of own", "push of other", "passkey", "link", "password"];

/** What a person still has. It takes the link, and puts it back. */
function standing(of: AccountId, id = of): readonly string[] {
  const accesses = ["own", "other", "token", "brief"].filter((name) => store.access(`${of} ${name}`)?.personId === id);
  const pushes = store.push.of(id, 0).map(({ endpoint }) => `push of ${endpoint.split("/").at(-1)}`);
  const passkey = store.passkeyByCredential(`${of} passkey`)?.personId === id ? ["passkey"] : [];
  const link = store.takeReset(`${of} link`, NOW) === id ? ["link"] : [];
  if (link.length > 0) store.addReset(`${of} link`, id, LATER);
  const password = store.person(id)?.password === `hash of ${of}` ? ["password"] : [];
  const invited = store.isInvited(emailOf(of)) ? [] : ["no invitation"];
  const leaving = store.leaving().includes(id) ? ["leaving"] : [];
  return [...accesses, ...pushes, ...passkey, ...link, ...password, ...invited, ...leaving];
}

const but = (...ended: readonly string[]) => EVERYTHING.filter((name) => !ended.includes(name));
const identity = { issuer: "one", subject: "ann", personId: ANN };

interface Ending {
  readonly call: (store: AccountStore) => unknown;
  readonly leaves: readonly string[];
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  "a new password from a session": {
    call: (kept) => kept.changePassword(ANN, "hash of ann", "ann own"),
    leaves: but("other", "push of other", "token", "brief", "link"),
  },
  "a new password from a link": {
    call: (kept) => kept.changePassword(ANN, "hash of ann", null),
    leaves: ["password"],
  },
  "a provider's word for an address that was not proven": {
    call: (kept) => kept.addIdentity(identity),
    leaves: [],
  },
  "a provider's word for one that was": {
    call: (kept) => (kept.noteProven(ANN), kept.addIdentity(identity)),
    leaves: EVERYTHING,
  },
  leaving: { call: (kept) => kept.beginLeaving(ANN), leaves: ["leaving"] },
  "being removed": { call: (kept) => kept.removePerson(ANN), leaves: [] },
  "signing out everywhere": {
    call: (kept) => kept.removeSessions(ANN, null),
    leaves: but("own", "other", "push of own", "push of other"),
  },
  "signing out everywhere else": {
    call: (kept) => kept.removeSessions(ANN, "ann own"),
    leaves: but("other", "push of other"),
  },
  "the end of a session": {
    call: (kept) => kept.removeAccess(ANN, "ann own", "session"),
    leaves: but("own", "push of own"),
  },
  "the end of a token": { call: (kept) => kept.removeAccess(ANN, "ann token", "token"), leaves: but("token") },
  "the end of a session as if it were a token": {
    call: (kept) => kept.removeAccess(ANN, "ann own", "token"),
    leaves: EVERYTHING,
  },
  "the end of another's session": {
    call: (kept) => kept.removeAccess(ANN, "bob own", "session"),
    leaves: EVERYTHING,
  },
  "a link that is used": { call: (kept) => kept.takeReset("ann link", NOW), leaves: but("link") },
  "a newer link": { call: (kept) => kept.addReset("ann newer link", ANN, LATER), leaves: but("link") },
  "a passkey that is removed": {
    call: (kept) => kept.removePasskey(ANN, "ann passkey"),
    leaves: but("passkey"),
  },
  "a passkey of another's that is removed": {
    call: (kept) => kept.removePasskey(ANN, "bob passkey"),
    leaves: EVERYTHING,
  },
  "a subscription that is ended": {
    call: (kept) => kept.push.remove(ANN, "https://push.example/ann/own"),
    leaves: but("push of own"),
  },
  "a subscription of another's that is ended": {
    call: (kept) => kept.push.remove(ANN, "https://push.example/bob/own"),
    leaves: EVERYTHING,
  },
  "an invitation that is withdrawn": {
    call: (kept) => kept.withdrawInvitation("ann@example.com"),
    leaves: [...EVERYTHING, "no invitation"],
  },
};

test.each(Object.entries(ENDINGS))(
  "[SIGN-3] [SIGN-6] [SIGN-7] %s ends what it says, in this process and for every other, and nothing of another person's",
  (_what, { call, leaves }) => {
    expect([standing(ANN), standing(BOB)]).toEqual([EVERYTHING, EVERYTHING]);
    call(store);
    expect([standing(ANN), standing(BOB)]).toEqual([leaves, EVERYTHING]);
    store.close();
    store = openAccountStore(path);
    expect([standing(ANN), standing(BOB)]).toEqual([leaves, EVERYTHING]);
  },
);

test("[SIGN-3] time ends what its time is over for, to the millisecond, whoever's it is", () => {
  store.removeExpired(NOW - 1);
  expect([standing(ANN), standing(BOB)]).toEqual([EVERYTHING, EVERYTHING]);
  store.removeExpired(NOW);
  const left = but("other", "brief", "push of other");
  expect([standing(ANN), standing(BOB)]).toEqual([left, left]);
});

test("[PUSH-1] a session whose time is over is told nothing, though nobody has removed it yet", () => {
  const told = (now: number) => store.push.of(ANN, now).map(({ keys }) => keys.auth);
  expect([told(NOW - 1), told(NOW), told(LATER)]).toEqual([["own", "other"], ["own"], []]);
});

test("[SIGN-8] a link holds until its time is over, once, and an account that takes over another keeps all that it has", () => {
  expect([store.takeReset("ann link", LATER), store.takeReset("ann link", LATER - 1)]).toEqual([null, ANN]);
  expect(store.takeReset("ann link", LATER - 1)).toBeNull();
  store.addReset("ann link", ANN, LATER);
  store.moveTo(ANN, MOVED);
  expect([standing(ANN, MOVED), standing(BOB)]).toEqual([EVERYTHING, EVERYTHING]);
});

test("[SIGN-7] of whoever is removed nothing is left in the file", () => {
  store.addIdentity({ ...identity, personId: BOB });
  store.withdrawInvitation("bob@example.com");
  store.beginLeaving(BOB);
  store.removePerson(BOB);
  store.close();
  expect(readFileSync(path).includes("bob")).toBe(false);
  expect(readFileSync(path).includes("ann")).toBe(true);
  store = openAccountStore(path);
});
