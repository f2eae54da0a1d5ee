import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CHALLENGE_LIFE_MS, type Challenges, createChallenges } from "./challenges.ts";
import type { AccountStore } from "./storage/account-store.ts";
import { openAccountStore } from "./storage/sqlite-account-store.ts";

let folder: string;
let store: AccountStore;
let at: number;
let challenges: Challenges;

beforeEach(() => {
  at = 1_800_000_000_000;
  folder = mkdtempSync(join(tmpdir(), "instep-challenges-"));
  store = openAccountStore(join(folder, "accounts.sqlite"));
  challenges = make("secret");
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function make(secret: string): Challenges {
  return createChallenges({ store, secret, now: () => at });
}

test("[SIGN-11] a challenge is taken once, in its time, for the use that it was given for, and by whoever gave it", () => {
  const use = fc.constantFrom("sign in by browser a", "sign in by browser b", "add by session a", "");
  const wait = fc.constantFrom(
    0,
    1,
    CHALLENGE_LIFE_MS - 1,
    CHALLENGE_LIFE_MS,
    CHALLENGE_LIFE_MS + 1,
    -1,
    -CHALLENGE_LIFE_MS,
  );
  fc.assert(
    fc.property(use, use, wait, (given, tried, ms) => {
      const challenge = challenges.issue(given);
      expect(make("another secret").spend(challenge, given)).toBe(false);
      at += ms;
      const isGood = given === tried && ms >= 0 && ms < CHALLENGE_LIFE_MS;
      expect([challenges.spend(challenge, tried), challenges.spend(challenge, tried)]).toEqual([isGood, false]);
      at -= ms;
    }),
  );
});

test("[SIGN-11] a challenge of which any part is another is none, and one that is written otherwise is the same", () => {
  const challenge = challenges.issue("use");
  fc.assert(
    fc.property(fc.nat(challenge.length - 1), fc.constantFrom("A", "b", "Z", "-", "_", "9"), (place, letter) => {
      const other = challenge.slice(0, place) + letter + challenge.slice(place + 1);
      fc.pre(other !== challenge);
      expect(challenges.spend(other, "use")).toBe(false);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => !challenges.spend(text, "use")));
  expect(challenges.spend(challenge, "use")).toBe(true);
  expect(challenges.spend(`${challenge}=`, "use")).toBe(false);
});

test("[SIGN-11] a used challenge stays used for a second process, and where the clock is put back after it was forgotten", () => {
  const challenge = challenges.issue("use");
  const second = openAccountStore(join(folder, "accounts.sqlite"));
  expect(challenges.spend(challenge, "use")).toBe(true);
  expect(createChallenges({ store: second, secret: "secret", now: () => at }).spend(challenge, "use")).toBe(false);
  second.close();
  at += CHALLENGE_LIFE_MS;
  challenges.spend(challenges.issue("use"), "use");
  at -= CHALLENGE_LIFE_MS;
  expect(challenges.spend(challenge, "use")).toBe(false);
});

test("[SIGN-11] what was used is forgotten once no clock can bring it back, and what was only asked for costs no room", () => {
  const spent: string[] = [];
  const spying = {
    ...store,
    spendChallenge: (...told: Parameters<AccountStore["spendChallenge"]>) => (
      spent.push(told[0]),
      store.spendChallenge(...told)
    ),
  };
  const watched = createChallenges({ store: spying, secret: "secret", now: () => at });
  const challenge = watched.issue("use");
  expect(spent).toEqual([]);
  watched.spend(challenge, "use");
  const [hash = ""] = spent;
  expect(hash).not.toContain(challenge.slice(0, 20));
  expect(store.spendChallenge(hash, at, at + 2 * CHALLENGE_LIFE_MS - 1)).toBe(false);
  expect(store.spendChallenge(hash, at, at + 2 * CHALLENGE_LIFE_MS)).toBe(true);
});
