/** Long answers over a store in a test's hands: what is looked at when, what ends them, and that nothing of the watch is left. */
import type { AccountId } from "@instep/protocol";
import type { IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSessionWatch, type SessionWatch } from "./session-watch.ts";
import type { KnownAccess } from "./storage/account-store.ts";

const LOOK_MS = 2000;

let watch: SessionWatch;
let at: number;
/** What lets in, by its cookie. */
let lets: Map<string, KnownAccess>;
let hasChanged: boolean;
let hasTrouble: boolean;
/** Once: what is asked for next fails, as where another process holds the store for too long. */
let failsAt: string | null;
let asked: string[];
let forgot: number;
let ended: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  [at, hasChanged, hasTrouble, asked, forgot, ended, lets] = [0, false, false, [], 0, [], new Map()];
  failsAt = null;
  const find = ({ cookie = "" }: IncomingHttpHeaders) => {
    if (hasTrouble) throw new Error("the store can't be asked");
    failOnce(cookie);
    asked.push(cookie);
    return lets.get(cookie) ?? null;
  };
  const store = {
    hasTrouble: () => hasTrouble,
    hasChangedElsewhere() {
      failOnce("the change");
      return hasChanged;
    },
  };
  watch = createSessionWatch({ store, find, forgetAll: () => void (forgot += 1), now: () => at });
});

afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

function failOnce(what: string): void {
  if (failsAt !== what) return;
  failsAt = null;
  throw new Error("the database is locked");
}

function letIn(name: string, expiresAt: number | null = null): IncomingHttpHeaders {
  const personId = (name.split(" ")[0] ?? "") as AccountId;
  const access = { id: name, kind: "session", personId, name, createdAt: 0, usedAt: 0, expiresAt } as const;
  lets.set(name, { ...access, email: `${personId}@example.com` });
  return { cookie: name };
}

function add(name: string, expiresAt: number | null = null): IncomingHttpHeaders {
  const headers = letIn(name, expiresAt);
  watch.add(headers, () => void ended.push(name));
  return headers;
}

/** A look of the watch; what it asked the store. */
function look(): readonly string[] {
  asked = [];
  vi.advanceTimersByTime(LOOK_MS);
  return asked;
}

test("[SIGN-3] while nothing has changed and nobody's time is over, nobody is asked about", () => {
  add("ann one");
  add("ann two", 5000);
  at = 4999;
  expect([look(), ended, forgot]).toEqual([[], [], 0]);
  at = 5000;
  expect(look()).toEqual(["ann two"]);
  expect(ended, "its use may have made its time longer").toEqual([]);
  lets.delete("ann two");
  expect([look(), ended]).toEqual([["ann two"], ["ann two"]]);
  expect([look(), ended], "once").toEqual([[], ["ann two"]]);
});

test("[SIGN-3] where another process has changed anything, memory forgets, and everybody is asked about and ended who is let in no more", () => {
  for (const name of ["ann one", "ann two", "bob one"]) add(name);
  lets.delete("ann two");
  hasChanged = true;
  expect([look(), ended, forgot]).toEqual([["ann one", "ann two", "bob one"], ["ann two"], 1]);
});

test("[SIGN-3] whoever was let in no more when the watch began is ended with the next look", () => {
  watch.add({ cookie: "nobody" }, () => void ended.push("nobody"));
  look();
  expect(ended).toEqual(["nobody"]);
});

test("[SAFE-3] while the store can't be asked nobody is ended for it, and afterwards everybody who has to be", () => {
  add("ann one", 1000);
  at = 1000;
  lets.delete("ann one");
  [hasTrouble, hasChanged] = [true, true];
  look();
  expect([ended, forgot]).toEqual([[], 0]);
  hasTrouble = false;
  look();
  expect(ended).toEqual(["ann one"]);
});

test.each(["the change", "ann one", "ann two"])(
  "[SAFE-3] a store that fails at %s ends no program, and who has to be ended is so with the next look",
  (what) => {
    for (const name of ["ann one", "ann two"]) add(name);
    lets.clear();
    [hasChanged, failsAt] = [true, what];
    look();
    expect(failsAt, "it has failed").toBeNull();
    // It tells a change once only.
    hasChanged = what === "the change";
    look();
    expect(ended.toSorted()).toEqual(["ann one", "ann two"]);
  },
);

test("[SAFE-3] and so does one that fails at one of thousands", async () => {
  for (let number = 0; number < 1200; number += 1) add(`ann ${number}`);
  lets.clear();
  [hasChanged, failsAt] = [true, "ann 700"];
  look();
  hasChanged = false;
  await vi.waitFor(() => expect(failsAt).toBeNull(), { timeout: 15_000 });
  await vi.waitFor(
    () => {
      look();
      expect(ended).toHaveLength(1200);
    },
    { timeout: 15_000 },
  );
});

test("[SIGN-6] what a person ends is ended at once, without another person being asked about, and the one that asks is left to be answered", () => {
  const asking = add("ann one");
  for (const name of ["ann two", "ann three", "bob one"]) add(name);
  for (const name of ["ann one", "ann two", "bob one"]) lets.delete(name);
  asked = [];
  watch.recheck("ann" as AccountId, asking);
  expect([asked, ended]).toEqual([["ann two", "ann three"], ["ann two"]]);
  watch.recheck("ann" as AccountId);
  expect(ended).toEqual(["ann two", "ann one"]);
});

test("what has been answered is watched no more, and a watch that is stopped looks no more and keeps no timer", () => {
  const end = watch.add(letIn("ann one"), () => void ended.push("ann one"));
  hasChanged = true;
  end();
  lets.clear();
  expect(look()).toEqual([]);
  add("ann two");
  lets.clear();
  watch.stop();
  expect([look(), ended, vi.getTimerCount()]).toEqual([[], [], 0]);
});

test("[SAFE-2] of thousands all are ended, some hundreds at a time", async () => {
  for (let number = 0; number < 1200; number += 1) add(`ann ${number}`);
  lets.clear();
  hasChanged = true;
  look();
  expect(ended).toHaveLength(500);
  hasChanged = false;
  await vi.waitFor(() => expect(ended).toHaveLength(1200), { timeout: 15_000 });
  expect(new Set(ended).size).toBe(1200);
});
