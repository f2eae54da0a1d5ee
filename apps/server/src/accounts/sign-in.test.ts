/** Every way in which somebody may try to get in: what it is told, and that neither its cost nor its counting tells more. */
import type { AccountId } from "@instep/protocol";
import { isRefusal } from "@instep/sync-server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Attempt } from "./attempt-limiter.ts";
import { createSessionCookie } from "./session-cookie.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSignIn, type SignInCalls } from "./sign-in.ts";
import type { AccountStore } from "./storage/account-store.ts";
import { openAccountStore } from "./storage/sqlite-account-store.ts";

const CALLER = { source: "192.0.2.1", device: "a browser" };
const RIGHT = "correct horse";

let folder: string;
let store: AccountStore;
let sessions: Sessions;
let signIn: SignInCalls;
let hashes: number;
let isBusy: boolean;
let isListAway: boolean;
let taken: Attempt[];
let forgiven: Attempt[];
let waitS: number;
/** Happens while a hash is being made, or the account. */
let meanwhile: Readonly<Partial<Record<"hashing" | "making the account", () => void>>>;
let erased: AccountId[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-sign-in-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
  [hashes, isBusy, taken, forgiven, waitS] = [0, false, [], [], 0];
  [meanwhile, erased] = [{}, []];
  isListAway = false;
  const isAllowed = (email: string) => {
    if (isListAway) throw new Error("the list is away");
    return email.endsWith("@listed.example");
  };
  const now = () => 1000;
  sessions = createSessions({ store, cookie: createSessionCookie({ isSecure: false }), secret: "s", isAllowed, now });
  signIn = createSignIn({
    store,
    sessions,
    isAllowed,
    now,
    hasher: {
      hash: async (password) => (hashes++, isBusy ? null : `hash of ${password}`),
      async verify(password, stored) {
        hashes++;
        await Promise.resolve();
        meanwhile["hashing"]?.();
        return isBusy ? null : stored === `hash of ${password}`;
      },
    },
    limiter: { take: (attempt) => (taken.push(attempt), waitS), forgive: (attempt) => void forgiven.push(attempt) },
    engine: {
      async ensureAccount(account) {
        await Promise.resolve();
        meanwhile["making the account"]?.();
        return account;
      },
      eraseAccount: async (id) => void erased.push(id),
    },
  });
  for (const name of ["ann@listed.example", "bob@elsewhere.example"]) {
    store.addPerson({ id: name as AccountId, email: name, password: `hash of ${RIGHT}`, createdAt: 1 });
  }
});

afterEach(() => {
  sessions.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const WAYS = (["signUp", "signIn"] as const).flatMap((call) =>
  ["ann@listed.example", "new@listed.example", "bob@elsewhere.example", "new@elsewhere.example"].flatMap((email) =>
    [RIGHT, "wrong horse"].map((password) => ({ call, email, password })),
  ),
);

function toldFor({ call, email, password }: (typeof WAYS)[number]): string {
  if (email.endsWith("@elsewhere.example")) return "address_refused";
  if (email.startsWith("new")) return call === "signUp" ? "in" : "sign_in_refused";
  if (password === RIGHT) return "in";
  return call === "signUp" ? "address_refused" : "sign_in_refused";
}

test.each(WAYS)(
  "[SIGN-1] [SIGN-2] [SIGN-4] $call of $email with $password is told no more than it may be",
  async (way) => {
    const { call, email, password } = way;
    const outcome = await signIn[call]({ email: ` ${email.toUpperCase()} `, password }, CALLER);
    expect(isRefusal(outcome) ? outcome.refused : "in").toBe(toldFor(way));
    const attempt = { address: email, source: CALLER.source };
    expect(taken, "counted once, whatever comes of it").toEqual([attempt]);
    expect(forgiven, "given back to whoever is in, and to nobody else").toEqual(isRefusal(outcome) ? [] : [attempt]);
    // Signing in tells of an address that is not on the list at once: that is no secret of the accounts.
    expect(hashes).toBe(call === "signIn" && email.endsWith("@elsewhere.example") ? 0 : 1);
    expect(store.people().length).toBe(call === "signUp" && email === "new@listed.example" ? 3 : 2);
    const opened = store.people().flatMap(({ id }) => store.accessesOf(id, "session"));
    expect(opened.length).toBe(isRefusal(outcome) ? 0 : 1);
  },
);

test.each(WAYS)(
  "[SIGN-4] $call of $email with $password waits where there were too many, and costs nothing",
  async (way) => {
    waitS = 7;
    const outcome = await signIn[way.call]({ email: way.email, password: way.password }, CALLER);
    expect(outcome).toMatchObject({ refused: "too_many_attempts", members: { retry_after_s: 7 } });
    expect([hashes, forgiven.length, store.people().length]).toEqual([0, 0, 2]);
  },
);

test("[SAFE-2] what is no password is not compared with one, and what is kept of a browser's words is short", async () => {
  for (const password of ["", "short", "x".repeat(10_001)]) {
    const outcome = await signIn.signIn({ email: "ann@listed.example", password }, CALLER);
    expect([isRefusal(outcome) && outcome.refused, hashes]).toEqual(["sign_in_refused", 0]);
  }
  await signIn.signIn({ email: "ann@listed.example", password: RIGHT }, { ...CALLER, device: "d".repeat(5000) });
  expect(store.accessesOf("ann@listed.example" as AccountId, "session").map(({ name }) => name)).toEqual([
    "d".repeat(200),
  ]);
});

test.each([
  [undefined, "new"],
  ["", "new"],
  ["   ", "new"],
  [" New Person ", "New Person"],
])("[SIGN-1] whoever signs up with the name %j is called %j", async (name, called) => {
  const asked = { email: "new@listed.example", password: RIGHT, ...(name !== undefined && { name }) };
  expect(await signIn.signUp(asked, CALLER)).toMatchObject({ user: { email: "new@listed.example", name: called } });
});

test.each(WAYS)("[SAFE-2] $call of $email with $password lets nobody in where too many hashes wait", async (way) => {
  isBusy = true;
  const outcome = await signIn[way.call]({ email: way.email, password: way.password }, CALLER);
  expect(["unavailable", "address_refused"]).toContain(isRefusal(outcome) ? outcome.refused : "in");
  expect([forgiven.length, store.people().length]).toEqual([0, 2]);
});

const ANN = "ann@listed.example" as AccountId;

test.each(
  (["hashing", "making the account"] as const).flatMap((when) =>
    (["signUp", "signIn"] as const).map((call) => ({ when, call })),
  ),
)("[SIGN-3] a password that is changed while $when lets nobody in any more by $call", async ({ when, call }) => {
  meanwhile = { [when]: () => store.changePassword(ANN, "hash of another", null) };
  const outcome = await signIn[call]({ email: ANN, password: RIGHT }, CALLER);
  expect(isRefusal(outcome)).toBe(true);
  expect(store.accessesOf(ANN, "session")).toEqual([]);
  expect([forgiven, erased]).toEqual([[], []]);
});

test.each([
  [RIGHT, "in"],
  ["wrong horse", "address_refused"],
])(
  "[SIGN-2] one who signs up while somebody else does with the same address and %s is told %s",
  async (theirs, told) => {
    const [email, id] = ["new@listed.example", "first" as AccountId];
    const addPerson = store.addPerson.bind(store);
    store.addPerson = (person) => {
      addPerson({ id, email, password: `hash of ${theirs}`, createdAt: 1 });
      return addPerson(person);
    };
    const outcome = await signIn.signUp({ email, password: RIGHT }, CALLER);
    expect(isRefusal(outcome) ? outcome.refused : "in").toBe(told);
    expect(store.accessesOf(id, "session").length).toBe(told === "in" ? 1 : 0);
  },
);

test("[SIGN-9] whoever leaves while he signs in is not let in, and nothing of the account is made anew", async () => {
  meanwhile = { hashing: () => store.removePerson(ANN) };
  expect(isRefusal(await signIn.signIn({ email: ANN, password: RIGHT }, CALLER))).toBe(true);
  store.addPerson({ id: ANN, email: ANN, password: `hash of ${RIGHT}`, createdAt: 1 });
  meanwhile = { "making the account": () => store.removePerson(ANN) };
  expect(isRefusal(await signIn.signIn({ email: ANN, password: RIGHT }, CALLER))).toBe(true);
  expect(erased).toEqual([ANN]);
});

test("[SIGN-9] whoever is leaving when his account has been made anew may have been erased before: it is erased again", async () => {
  meanwhile = { "making the account": () => store.beginLeaving(ANN) };
  const outcome = await signIn.signIn({ email: ANN, password: RIGHT }, CALLER);
  expect([isRefusal(outcome), erased, store.accessesOf(ANN, "session")]).toEqual([true, [ANN], []]);
});

test.each([
  ["signIn", ANN, "personByEmail"],
  ["signIn", ANN, "person"],
  ["signIn", ANN, "leaving"],
  ["signIn", ANN, "addAccess"],
  ["signUp", ANN, "personByEmail"],
  ["signUp", "new@listed.example", "addPerson"],
  ["signUp", "new@listed.example", "addAccess"],
] as const)(
  "[SIGN-4] [SAFE-3] a %s of %s doesn't count where the accounts fail at %s",
  async (call, email, failing) => {
    store[failing] = () => {
      throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    };
    const attempt = { address: email, source: CALLER.source };
    await expect(signIn[call]({ email, password: RIGHT }, CALLER)).rejects.toThrow("disk is full");
    expect([taken, forgiven]).toEqual([[attempt], [attempt]]);
  },
);

test.each(["signIn", "signUp"] as const)(
  "[SIGN-4] [SAFE-3] a %s doesn't count where the list can't be asked",
  async (call) => {
    isListAway = true;
    await expect(signIn[call]({ email: "new@listed.example", password: RIGHT }, CALLER)).rejects.toThrow(
      "list is away",
    );
    expect([taken.length, forgiven.length]).toEqual([1, 1]);
  },
);
