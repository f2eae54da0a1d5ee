/** Passwords over a real store, with the time in a test's hands. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAttemptLimiter } from "./attempt-limiter.ts";
import { createTokenBuckets } from "../limits/token-buckets.ts";
import { createPasswordHasher, type PasswordHasher } from "./password-hash.ts";
import { createPasswords, type Passwords } from "./passwords.ts";
import { createSessionCookie } from "./session-cookie.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import type { AccountStore } from "./storage/account-store.ts";
import { openAccountStore } from "./storage/sqlite-account-store.ts";

const MINUTES = 60_000;

let folder: string;
let store: AccountStore;
let sessions: Sessions;
let passwords: Passwords;
let at: number;
let afterHash: (call: keyof PasswordHasher) => void;

beforeEach(() => {
  at = 1_800_000_000_000;
  folder = mkdtempSync(join(tmpdir(), "instep-passwords-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
  const now = () => at;
  const cookie = createSessionCookie({ isSecure: false });
  sessions = createSessions({ store, cookie, secret: "secret", isAllowed: () => true, now });
  const bare = createPasswordHasher({ costLog2: 6 });
  afterHash = () => undefined;
  const hasher: PasswordHasher = {
    hash: (password) => bare.hash(password).finally(() => afterHash("hash")),
    verify: (password, stored) => bare.verify(password, stored).finally(() => afterHash("verify")),
  };
  passwords = createPasswords({ store, sessions, hasher, limiter: createAttemptLimiter(createTokenBuckets(now)), now });
});

afterEach(() => {
  sessions.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(email: string, password: string | null) {
  const id = randomUUID() as AccountId;
  store.addPerson({ id, email, password, createdAt: at });
  const opened = sessions.open({ kind: "session", personId: id, name: "", lifeMs: 90 * MINUTES });
  if (opened === null) throw new Error("nobody is there");
  return opened.access;
}

test("[SIGN-10] a fresh sign-in stands in the place of a password that there is none of, for ten minutes", async () => {
  const session = add("ann@example.com", null);
  const check = async () => (await passwords.check(session, "", "1.2.3.4"))?.refused ?? null;
  at += 10 * MINUTES - 1;
  expect(await check()).toBeNull();
  at += 1;
  expect(await check()).toBe("sign_in_again");
});

test("[SIGN-10] [SIGN-11] a clock that is put back makes no sign-in fresh again", async () => {
  const session = add("ann@example.com", null);
  at -= 24 * 60 * MINUTES;
  const refusals = [
    await passwords.check(session, "", "1.2.3.4"),
    await passwords.confirm(session, undefined, "1.2.3.4"),
  ];
  expect(refusals.map((refusal) => refusal?.refused)).toEqual(["sign_in_again", "sign_in_again"]);
});

test("[SIGN-10] it never stands in the place of a password that there is", async () => {
  const session = add("ann@example.com", null);
  const asked = { current_password: "", new_password: "battery staple" };
  expect(await passwords.change(session, asked, "1.2.3.4")).toBeNull();
  expect((await passwords.check(session, "", "1.2.3.4"))?.refused).toBe("sign_in_refused");
  expect(await passwords.check(session, "battery staple", "1.2.3.4")).toBeNull();
});

test("[SIGN-8] [SIGN-10] a link sets a password once and in time, and shows that it has reached its person", async () => {
  add("first@example.com", null);
  const { personId } = add("second@example.com", null);
  expect(store.person(personId)?.isProven).toBe(false);
  store.addReset(sessions.hashOf("late"), personId, at);
  const reset = async (token: string) =>
    (await passwords.reset({ token, password: "battery staple" }, "1.2.3.4"))?.refused ?? null;
  expect(await reset("late")).toBe("reset_refused");
  store.addReset(sessions.hashOf("good"), personId, at + 1);
  expect([await reset("good"), await reset("good")]).toEqual([null, "reset_refused"]);
  expect(store.person(personId)?.isProven).toBe(true);
});

test("[SIGN-11] who signed in less than ten minutes ago need not say the password, later only it will do, and a wrong one never", async () => {
  const access = add("ann@example.com", null);
  const asked = { current_password: "", new_password: "right password" };
  expect(await passwords.change(access, asked, "1.2.3.4")).toBeNull();
  const codes = async (...tried: (string | undefined)[]) => {
    const refusals = [];
    for (const password of tried) refusals.push(await passwords.confirm(access, password, "1.2.3.4"));
    return refusals.map((refusal) => refusal?.refused ?? null);
  };
  at += 10 * MINUTES - 1;
  expect(await codes(undefined, "right password", "wrong password", "")).toEqual([
    null,
    null,
    "sign_in_refused",
    "sign_in_refused",
  ]);
  at += 1;
  expect(await codes(undefined, "right password", "wrong password")).toEqual([
    "sign_in_again",
    null,
    "sign_in_refused",
  ]);
});

test("[SIGN-6] passwords that are right are no attempts: who knows his own changes it as often as he likes", async () => {
  const session = add("ann@example.com", null);
  await passwords.change(session, { current_password: "", new_password: "battery staple" }, "1.2.3.4");
  for (let round = 0; round < 30; round++) {
    expect(await passwords.check(session, "battery staple", "1.2.3.4")).toBeNull();
  }
});

test.each(["verify", "hash"] as const)(
  "[SIGN-3] [SIGN-10] a session that is ended during the %s changes no password and erases nothing",
  async (during) => {
    const owned = "correct horse";
    const hash = await createPasswordHasher({ costLog2: 6 }).hash(owned);
    const thief = add("ann@example.com", hash);
    const asked = { current_password: owned, new_password: "the thief's own" };
    afterHash = (call) => {
      if (call === during) store.removeSessions(thief.personId, null);
    };
    expect(await passwords.change(thief, asked, "1.2.3.4")).toEqual({ refused: "unauthorized" });
    expect(store.person(thief.personId)?.password).toBe(hash);
    expect(await passwords.check(thief, owned, "1.2.3.4")).toEqual({ refused: "unauthorized" });
  },
);

test("[SIGN-10] a password that is changed while it is being checked is not the present one any more", async () => {
  const hash = await createPasswordHasher({ costLog2: 6 }).hash("correct horse");
  const session = add("ann@example.com", hash);
  afterHash = () => store.changePassword(session.personId, "another", session.id);
  expect(await passwords.check(session, "correct horse", "1.2.3.4")).toMatchObject({ refused: "sign_in_refused" });
});
