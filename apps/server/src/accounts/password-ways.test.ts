/** Every way in which a password is asked for or set: what it is told, what it costs and counts, and what of the person's it ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountId } from "@instep/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { attemptOf, type Attempt } from "./attempt-limiter.ts";
import { createPasswords, type Passwords } from "./passwords.ts";
import { createSessionCookie } from "./session-cookie.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import type { Access, AccountStore } from "./storage/account-store.ts";
import { openAccountStore } from "./storage/sqlite-account-store.ts";

const ANN = "ann" as AccountId;
const EMAIL = "ann@example.com";
const SOURCE = "192.0.2.1";
const NOW = 1_800_000_000_000;
const [RIGHT, WRONG, NEW] = ["correct horse", "wrong horse", "battery staple"];
const TOO_LONG = "x".repeat(10_001);

let folder: string;
let store: AccountStore;
let sessions: Sessions;
let passwords: Passwords;
let own: Access;
let headers: Readonly<Record<"own" | "other" | "token", { readonly cookie?: string; readonly authorization?: string }>>;
/** Long answers that were ended. */
let ended: string[];
let taken: Attempt[];
let forgiven: Attempt[];
let waitS: number;
/** How many hashes are still computed before too many wait. */
let room: number;
let hashes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "instep-ways-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
  [taken, forgiven, ended, waitS, room, hashes] = [[], [], [], 0, Infinity, 0];
  const now = () => NOW;
  const cookie = createSessionCookie({ isSecure: false });
  sessions = createSessions({ store, cookie, secret: "secret", isAllowed: () => true, now });
  const inTurn = <T>(answer: T): T | null => (hashes < room ? (hashes++, answer) : null);
  passwords = createPasswords({
    store,
    sessions,
    now,
    hasher: {
      hash: async (password) => inTurn(`hash of ${password}`),
      verify: async (password, stored) => inTurn(stored === `hash of ${password}`),
    },
    limiter: { take: (attempt) => (taken.push(attempt), waitS), forgive: (attempt) => void forgiven.push(attempt) },
  });
  // The first person is taken at his word; she is not.
  store.addPerson({ id: "first" as AccountId, email: "first@example.com", password: null, createdAt: 1 });
  store.addPerson({ id: ANN, email: EMAIL, password: `hash of ${RIGHT}`, createdAt: 1 });
  store.addReset(sessions.hashOf("the link"), ANN, NOW + 1);
  own = letIn();
});

afterEach(() => {
  sessions.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two sessions and a token, all of which were used just now and have a long answer open. */
function letIn(): Access {
  const made = (["session", "session", "token"] as const).map((kind) =>
    sessions.open({ kind, personId: ANN, name: "", lifeMs: 1000 }),
  );
  const [first, other, token] = made;
  headers = {
    own: { cookie: `instep_session=${first?.token}` },
    other: { cookie: `instep_session=${other?.token}` },
    token: { authorization: `Bearer ${token?.token}` },
  };
  for (const [name, shown] of Object.entries(headers)) sessions.watch(shown, () => void ended.push(name));
  if (!first) throw new Error("there is no session");
  return first.access;
}

/** What lets in, asked as a request does, and what still could. */
function standing(): readonly string[] {
  const lets = Object.entries(headers).filter(([, shown]) => sessions.find(shown) !== null);
  return [...lets.map(([name]) => name), ...(holdsLink() ? ["link"] : []), store.person(ANN)?.password ?? "none"];
}

function holdsLink(): boolean {
  const holds = store.takeReset(sessions.hashOf("the link"), NOW) !== null;
  if (holds) store.addReset(sessions.hashOf("the link"), ANN, NOW + 1);
  return holds;
}

const ALL = ["own", "other", "token", "link", `hash of ${RIGHT}`];
const CALLS = ["check", "confirm", "change", "reset"] as const;
type Call = (typeof CALLS)[number];

async function ask(call: Call, shown: string, chosen: string = NEW): Promise<string> {
  const token = shown === RIGHT ? "the link" : shown;
  const refusal = await {
    check: () => passwords.check(own, shown, SOURCE),
    confirm: () => passwords.confirm(own, shown, SOURCE),
    change: () => passwords.change(own, { current_password: shown, new_password: chosen }, SOURCE),
    reset: () => passwords.reset({ token, password: chosen }, SOURCE),
  }[call]();
  return refusal?.refused ?? "done";
}

/** A link names no address: who tries one uses up nobody's attempts but his source's. */
const attemptWith = (call: Call): Attempt =>
  call === "reset" ? attemptOf(SOURCE) : { address: EMAIL, source: SOURCE };

const AFTER: Readonly<Record<Call, readonly string[]>> = {
  check: ALL,
  confirm: ALL,
  change: ["own", `hash of ${NEW}`],
  reset: [`hash of ${NEW}`],
};

test.each(CALLS)(
  "[SIGN-4] [SIGN-6] %s with what is right does what it says, is no attempt, and what it ends is out at once",
  async (call) => {
    expect(standing()).toEqual(ALL);
    expect(await ask(call, RIGHT)).toBe("done");
    expect(standing()).toEqual(AFTER[call]);
    const isOut = (name: string) => !AFTER[call].includes(name);
    expect(ended.toSorted()).toEqual(["other", "own", "token"].filter(isOut));
    expect([taken, forgiven]).toEqual([[attemptWith(call)], [attemptWith(call)]]);
    expect(store.person(ANN)?.isProven, "only what an administrator hands out shows whose the address is").toBe(
      call === "reset",
    );
  },
);

test.each(CALLS)("[SIGN-4] [SIGN-6] %s with what is wrong changes nothing, and counts", async (call) => {
  const told = call === "reset" ? "reset_refused" : "sign_in_refused";
  for (const shown of [WRONG, "", TOO_LONG]) {
    taken = [];
    expect([shown.length, await ask(call, shown)]).toEqual([shown.length, told]);
    expect([taken, forgiven]).toEqual([[attemptWith(call)], []]);
  }
  expect([standing(), ended]).toEqual([ALL, []]);
});

test.each(CALLS)("[SIGN-4] %s waits where there were too many, right or wrong, and costs nothing", async (call) => {
  waitS = 7;
  for (const shown of [RIGHT, WRONG]) expect(await ask(call, shown)).toBe("too_many_attempts");
  expect([standing(), ended, hashes, forgiven]).toEqual([ALL, [], 0, []]);
});

test.each(CALLS)(
  "[SAFE-2] %s uses nothing up where too many hashes wait, and does it when it is asked again",
  async (call) => {
    // A change takes two: of the present password, and of the new one.
    for (const before of call === "change" ? [0, 1] : [0]) {
      room = hashes + before;
      expect(await ask(call, RIGHT)).toBe("unavailable");
      expect([standing(), ended]).toEqual([ALL, []]);
    }
    room = Infinity;
    expect(await ask(call, RIGHT)).toBe("done");
  },
);

test.each([
  ["check", "hasAccess"],
  ["confirm", "hasAccess"],
  ["change", "hasAccess"],
  ["reset", "takeReset"],
  ["reset", "changePassword"],
  ["reset", "noteProven"],
] as const)("[SIGN-4] [SAFE-3] %s doesn't count where the accounts fail at %s", async (call, failing) => {
  store[failing] = () => {
    throw Object.assign(new Error("out of order"), { code: "SQLITE_IOERR" });
  };
  await expect(ask(call, RIGHT)).rejects.toThrow("out of order");
  expect([taken, forgiven]).toEqual([[attemptWith(call)], [attemptWith(call)]]);
});

test("[SIGN-4] [SAFE-3] a check doesn't count where the person can't be looked up once the hash is there", async () => {
  const person = store.person(ANN);
  let looks = 0;
  store.person = () => {
    if (++looks > 1) throw Object.assign(new Error("out of order"), { code: "SQLITE_IOERR" });
    return person;
  };
  await expect(ask("check", RIGHT)).rejects.toThrow("out of order");
  expect([taken, forgiven]).toEqual([[attemptWith("check")], [attemptWith("check")]]);
});

test.each(["change", "reset"] as const)(
  "[SIGN-2] %s takes no password that is none, and counts nothing",
  async (call) => {
    for (const chosen of ["", "x".repeat(7), TOO_LONG]) expect(await ask(call, RIGHT, chosen)).toBe("invalid_body");
    expect([standing(), ended, hashes, taken]).toEqual([ALL, [], 0, []]);
    expect([await ask(call, RIGHT, "x".repeat(8))]).toEqual(["done"]);
  },
);

test("[SAFE-2] what is no password is not compared with one", async () => {
  for (const call of ["check", "confirm", "change"] as const) await ask(call, TOO_LONG);
  expect(hashes).toBe(0);
});

test.each(["change", "reset"] as const)(
  "[SIGN-8] a link that was handed out before a %s sets no password after it",
  async (call) => {
    await ask(call, RIGHT);
    expect(await ask("reset", RIGHT, "another password")).toBe("reset_refused");
    expect(store.person(ANN)?.password).toBe(`hash of ${NEW}`);
  },
);
