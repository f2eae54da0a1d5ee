/** Whom sessions and tokens let in, for how long, and what asks the store. */
import type { AccountId } from "@instep/protocol";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSessionCookie } from "./session-cookie.ts";
import { createSessions, SESSION_LIFE_MS, type Sessions } from "./sessions.ts";
import type { AccountStore } from "./storage/account-store.ts";
import { openAccountStore } from "./storage/sqlite-account-store.ts";

const ANN = "ann" as AccountId;
const HOUR_MS = 3_600_000;
const START = 1_000_000_000_000;

let folder: string;
let store: AccountStore;
let sessions: Sessions;
let asked: number;
let at: number;
let isListed: boolean;
let isFull: boolean;

beforeEach(() => {
  // The watch looks every few seconds: by this time, and not by the machine's.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  folder = mkdtempSync(join(tmpdir(), "instep-sessions-"));
  const opened = openAccountStore(join(folder, "accounts.sqlite"));
  opened.addPerson({ id: ANN, email: "ann@example.com", password: "hash", createdAt: 1 });
  asked = 0;
  isFull = false;
  store = {
    ...opened,
    access: (hash) => (asked++, opened.access(hash)),
    useAccess(...use) {
      if (isFull) throw Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
      opened.useAccess(...use);
    },
  };
  at = START;
  isListed = true;
  const cookie = createSessionCookie({ isSecure: false });
  sessions = createSessions({ store, cookie, secret: "secret", isAllowed: () => isListed, now: () => at });
});

afterEach(() => {
  sessions.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
  vi.useRealTimers();
});

function open(kind: "session" | "token", lifeMs: number | null = SESSION_LIFE_MS) {
  const opened = sessions.open({ kind, personId: ANN, name: kind, lifeMs });
  if (opened === null) throw new Error("nobody is there");
  const { access, token } = opened;
  return { id: access.id, token, headers: kind === "session" ? byCookie(token) : byBearer(token) };
}

const byCookie = (token: string, more = ""): IncomingHttpHeaders => ({ cookie: `${more}instep_session=${token}` });
const byBearer = (token: string): IncomingHttpHeaders => ({ authorization: `Bearer ${token}` });
const isIn = (headers: IncomingHttpHeaders): boolean => sessions.find(headers)?.personId === ANN;

test("[SIGN-3] a session holds as long as it is used within its life, a token to its end and not a moment longer, however they are asked", () => {
  const pauses = fc.array(
    fc.constantFrom(0, 1, 1999, 2000, HOUR_MS - 1, HOUR_MS, SESSION_LIFE_MS - HOUR_MS, SESSION_LIFE_MS),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(pauses, fc.constantFrom("session" as const, "token" as const), (waits, kind) => {
      at = START;
      sessions.recheck(ANN);
      const { headers } = open(kind);
      let endsAt = at + SESSION_LIFE_MS;
      let notedAt = at;
      for (const wait of waits) {
        at += wait;
        const isHolding = at < endsAt;
        expect(isIn(headers)).toBe(isHolding);
        if (!isHolding) return;
        if (kind !== "session" || at - notedAt < HOUR_MS) continue;
        // Memory may spare the note for as long as it lets in.
        const usedAt = sessions.find(headers)?.usedAt ?? 0;
        expect(at - usedAt).toBeLessThan(HOUR_MS + 2000);
        if (usedAt === at) [notedAt, endsAt] = [at, at + SESSION_LIFE_MS];
      }
    }),
    { numRuns: 200 },
  );
});

test.each(["session", "token"] as const)(
  "[SIGN-3] a %s that was let in a moment ago is out with the millisecond in which its time is over",
  (kind) => {
    const { headers } = open(kind, 1500);
    expect(isIn(headers)).toBe(true);
    at += 1499;
    expect(isIn(headers)).toBe(true);
    at += 1;
    expect(isIn(headers)).toBe(false);
  },
);

test("[SIGN-3] [SIGN-5] what was made with one secret lets nobody in with another: whoever writes the store can make nothing", () => {
  const made = [open("session"), open("token")];
  const cookie = createSessionCookie({ isSecure: false });
  const others = createSessions({ store, cookie, secret: "another", isAllowed: () => true, now: () => at });
  expect(made.map(({ headers }) => others.find(headers))).toEqual([null, null]);
  expect(made.every(({ headers }) => isIn(headers))).toBe(true);
  others.stop();
});

test("[SIGN-3] what another process ended, or the list, lets in for less than two seconds more; a clock that steps back adds nothing", () => {
  const ends: readonly ((id: string) => void)[] = [
    (id) => void store.removeAccess(ANN, id, "session"),
    () => void (isListed = false),
  ];
  for (const end of ends) {
    isListed = true;
    const { id, headers } = open("session");
    expect(isIn(headers)).toBe(true);
    end(id);
    at += 1999;
    isIn(headers);
    at += 1;
    expect(isIn(headers)).toBe(false);
    isListed = true;
    const other = open("session");
    expect(isIn(other.headers)).toBe(true);
    end(other.id);
    at -= HOUR_MS;
    expect(isIn(other.headers)).toBe(false);
    at += HOUR_MS;
  }
});

test("[SIGN-3] what this process ended lets in no more, at once", () => {
  const { id, headers } = open("session");
  expect(isIn(headers)).toBe(true);
  store.removeAccess(ANN, id, "session");
  sessions.recheck(ANN);
  expect(isIn(headers)).toBe(false);
});

test("[SIGN-5] a token is no cookie and a session is no bearer's, also right after each was let in as what it is", () => {
  const [session, token] = [open("session"), open("token")];
  for (let round = 0; round < 2; round += 1) {
    expect([isIn(session.headers), isIn(token.headers)]).toEqual([true, true]);
    expect([isIn(byBearer(session.token)), isIn(byCookie(token.token))]).toEqual([false, false]);
    // The same text under the other header's name.
    expect(isIn({ cookie: token.headers.authorization ?? "" })).toBe(false);
    expect(isIn({ authorization: session.headers.cookie ?? "" })).toBe(false);
    // The header counts alone, right or wrong.
    expect(isIn({ ...session.headers, authorization: "Bearer wrong" })).toBe(false);
    expect(isIn({ cookie: "instep_session=wrong", ...token.headers })).toBe(true);
  }
});

test("[SIGN-3] a tab that shows another account is refused, also where its browser's cookie was let in a moment ago", () => {
  const { headers } = open("session");
  expect(isIn(headers)).toBe(true);
  expect([isIn({ ...headers, "instep-account": ANN }), isIn({ ...headers, "instep-account": "bob" })]).toEqual([
    true,
    false,
  ]);
});

test("requests ask the store once in two seconds, whatever else stands in the cookie, and what is remembered is bounded", () => {
  const { token } = open("session");
  const times = (headers: IncomingHttpHeaders): number => {
    const before = asked;
    expect([isIn(headers), isIn(headers), isIn(headers)]).toEqual([true, true, true]);
    return asked - before;
  };
  expect([times(byCookie(token)), times(byCookie(token, "theme=dark; "))]).toEqual([1, 1]);
  at += 2000;
  expect(times(byCookie(token))).toBe(1);
  expect(times(byCookie(token, `long=${"x".repeat(1024)}; `))).toBe(3);
  for (let other = 0; other < 20_000; other += 1) isIn(byCookie(token, `n=${other}; `));
  expect(times(byCookie(token))).toBe(1);
});

test("what has ended is removed where something new begins", () => {
  open("token", 1000);
  at += 1000;
  open("token", null);
  expect(store.accessesOf(ANN, "token").map(({ expiresAt }) => expiresAt)).toEqual([null]);
});

test("[SIGN-3] long answers end with their session, all of them, by time alone too; not those that are over, and not the one that ends it", async () => {
  const ended: string[] = [];
  const watch = (name: string, headers: IncomingHttpHeaders) => sessions.watch(headers, () => void ended.push(name));
  const brief = open("session", 5000);
  for (let number = 0; number < 1200; number += 1) watch("brief", brief.headers);
  watch("over", brief.headers)();
  const lasting = open("session");
  watch("lasting", lasting.headers);
  at += 5000;
  vi.advanceTimersByTime(2000);
  await vi.waitFor(() => expect(ended.length).toBe(1200), { timeout: 15_000 });
  expect(new Set(ended)).toEqual(new Set(["brief"]));
  const asking = lasting.headers;
  const others = { ...asking };
  watch("other", others);
  store.removeSessions(ANN, null);
  sessions.recheck(ANN, asking);
  expect(ended.slice(1200)).toEqual(["other"]);
});

test("[SAFE-3] a use that can't be written down, as on a full disk, keeps nobody out, and is written down later", () => {
  const { headers } = open("session");
  at += HOUR_MS;
  isFull = true;
  expect([isIn(headers), sessions.find(headers)?.usedAt]).toEqual([true, START]);
  isFull = false;
  at += 2000;
  expect([isIn(headers), sessions.find(headers)?.usedAt]).toEqual([true, at]);
});

test("[SIGN-3] [SIGN-6] what was used by a clock that was ahead is used anew by the right one, and else ends first", () => {
  at += 10 * SESSION_LIFE_MS;
  const [used, unused] = [open("session"), open("session")];
  at = START;
  expect([isIn(used.headers), sessions.find(used.headers)?.usedAt]).toEqual([true, START]);
  expect(sessions.find(used.headers)?.expiresAt).toBe(START + SESSION_LIFE_MS);
  for (let count = 0; count < 199; count += 1) open("session");
  expect([isIn(unused.headers), isIn(used.headers)]).toEqual([false, true]);
});

test("[SIGN-6] a person has 200 sessions at most: the one that was not used for longest ends with the next, and what waits for it at once", () => {
  store.addPerson({ id: "bob" as AccountId, email: "bob@example.com", password: "hash", createdAt: 1 });
  const bobs = sessions.open({ kind: "session", personId: "bob" as AccountId, name: "", lifeMs: SESSION_LIFE_MS });
  const token = open("token");
  const opened = Array.from({ length: 200 }, () => ((at += 1), open("session")));
  const [first, second, third] = opened;
  if (first === undefined || second === undefined || third === undefined) throw new Error("there are 200");
  const ended: string[] = [];
  for (const [name, { headers }] of Object.entries({ first, second, third, token })) {
    sessions.watch(headers, () => ended.push(name));
  }
  at += HOUR_MS;
  for (const { headers } of [first, ...opened.slice(2)]) expect(isIn(headers)).toBe(true);
  open("session");
  expect([ended, isIn(second.headers)]).toEqual([["second"], false]);
  // A clock that was put back takes nothing from the one that is made.
  at = START;
  const late = open("session");
  expect([isIn(first.headers), isIn(third.headers), isIn(late.headers), isIn(token.headers)]).toEqual([
    false,
    true,
    true,
    true,
  ]);
  expect(store.accessesOf(ANN, "session")).toHaveLength(200);
  expect(sessions.find(byCookie(bobs?.token ?? ""))).not.toBeNull();
});
