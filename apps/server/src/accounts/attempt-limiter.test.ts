import Database from "better-sqlite3";
import fc from "fast-check";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTokenBuckets, type TokenBuckets } from "../limits/token-buckets.ts";
import { createAttemptLimiter, type AttemptLimiter } from "./attempt-limiter.ts";
import { hashToken } from "./sessions.ts";
import { openStoredBuckets, type StoredBuckets } from "./storage/stored-buckets.ts";

let now = 0;
let limiter: AttemptLimiter;
let folder: string;
let opened: StoredBuckets[];

beforeEach(() => {
  now = 1_000_000;
  folder = mkdtempSync(join(tmpdir(), "instep-attempts-"));
  opened = [];
});

afterEach(() => {
  for (const buckets of opened) buckets.close();
  rmSync(folder, { recursive: true, force: true });
});

function stored(most?: number): TokenBuckets {
  const path = join(folder, "attempts.sqlite");
  const hashOf = (key: string) => hashToken("secret", key);
  const buckets = openStoredBuckets({ path, hashOf, now: () => now, ...(most !== undefined && { most }) });
  opened.push(buckets);
  return buckets;
}

const PLACES = [
  ["in memory", () => createTokenBuckets(() => now)],
  ["in a file", () => stored()],
] as const;

/** How many of `count` attempts pass. */
function passed(count: number, attemptOf: (index: number) => { address: string; source: string }): number {
  return Array.from({ length: count }, (_, index) => limiter.take(attemptOf(index))).filter((wait) => wait === 0)
    .length;
}

describe.each(PLACES)("the limit on attempts to sign in, kept %s", (_, make) => {
  beforeEach(() => {
    limiter = createAttemptLimiter(make());
  });

  it("[SIGN-4] lets ten of one address from one source pass, then one every 30 seconds, and says how long", () => {
    const ann = { address: "ann@a.example", source: "10.0.0.1" };
    expect(passed(20, () => ann)).toBe(10);
    expect(limiter.take(ann)).toBe(30);
    now += 29_999;
    expect(limiter.take(ann)).toBe(1);
    now += 1;
    expect(limiter.take(ann)).toBe(0);
    expect(limiter.take(ann)).toBe(30);
  });

  it("[SIGN-4] keeps nobody out whom another source guesses at", () => {
    expect(passed(50, () => ({ address: "ann@a.example", source: "10.0.0.1" }))).toBe(10);
    expect(limiter.take({ address: "ann@a.example", source: "10.0.0.2" })).toBe(0);
  });

  it("[SIGN-4] lets 60 of one source pass, whatever the addresses, and its whole IPv6 network is one source", () => {
    expect(passed(100, (index) => ({ address: `p${index}@a.example`, source: "10.0.0.1" }))).toBe(60);
    const sourceOf = (index: number) => `2001:db8:0:7::${index.toString(16)}`;
    expect(passed(100, (index) => ({ address: `p${index}@a.example`, source: sourceOf(index) }))).toBe(60);
    expect(limiter.take({ address: "q@a.example", source: "2001:db8:0:8::1" })).toBe(0);
    expect(limiter.take({ address: "q@a.example", source: "::ffff:10.0.0.1" })).toBeGreaterThan(0);
  });

  it("[SIGN-4] one source is the same from every port, as some proxies write it behind its address", () => {
    const sourceOf = (index: number) => (index % 2 === 0 ? `10.0.0.1:${40_000 + index}` : "10.0.0.1");
    expect(passed(100, (index) => ({ address: `p${index}@a.example`, source: sourceOf(index) }))).toBe(60);
    const sixthOf = (index: number) => (index % 2 === 0 ? `[2001:db8:0:7::1]:${40_000 + index}` : "2001:db8:0:7::2");
    expect(passed(100, (index) => ({ address: `p${index}@a.example`, source: sixthOf(index) }))).toBe(60);
  });

  it("[SIGN-4] lets 100 of one address pass from however many sources", () => {
    expect(passed(200, (index) => ({ address: "ann@a.example", source: `10.0.${index}.1` }))).toBe(100);
  });

  it("[SIGN-4] counts no good attempt, and gives no more than there was", () => {
    const ann = { address: "ann@a.example", source: "10.0.0.1" };
    for (let index = 0; index < 500; index += 1) {
      expect(limiter.take(ann)).toBe(0);
      limiter.forgive(ann);
    }
    limiter.forgive(ann);
    expect(passed(20, () => ann)).toBe(10);
  });

  it("[SIGN-4] an attempt that is refused uses up nothing", () => {
    const ann = { address: "ann@a.example", source: "10.0.0.1" };
    passed(1000, () => ann);
    expect(passed(100, (index) => ({ address: `p${index}@a.example`, source: "10.0.0.1" }))).toBe(50);
  });

  it("[SIGN-4] never lets more pass than the burst and the refill, however time goes by", () => {
    let run = 0;
    const step = fc.integer({ min: -60_000, max: 120_000 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        now = 1_000_000;
        run += 1;
        const somebody = { address: `p${run}@a.example`, source: `10.9.${run >> 8}.${run & 255}` };
        let forward = 0;
        let count = 0;
        for (const ms of steps) {
          now += ms;
          forward += Math.max(0, ms);
          count += passed(3, () => somebody);
        }
        expect(count).toBeLessThanOrEqual(10 + forward / 30_000 + 1e-9);
      }),
    );
  });
});

describe("attempts in memory", () => {
  it("[SAFE-2] are remembered of a bounded number of strangers", () => {
    limiter = createAttemptLimiter(createTokenBuckets(() => now));
    for (let index = 0; index < 60_000; index += 1) {
      limiter.take({
        address: `p${index}@a.example`,
        source: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      });
    }
    expect(limiter.take({ address: "p0@a.example", source: "10.0.0.0" })).toBe(0);
  });
});

describe("attempts in a file", () => {
  const ann = { address: "ann@a.example", source: "10.0.0.1" };

  it("[SIGN-4] are counted together by all processes on it, and by the one that is started next", () => {
    const limiters = [createAttemptLimiter(stored()), createAttemptLimiter(stored())];
    const passing = Array.from({ length: 20 }, (_, index) => limiters[index % 2]?.take(ann)).filter(
      (wait) => wait === 0,
    );
    expect(passing.length).toBe(10);
    for (const buckets of opened.splice(0)) buckets.close();
    const next = createAttemptLimiter(stored());
    expect(next.take(ann)).toBe(30);
    now += 30_000;
    expect([next.take(ann), next.take(ann)]).toEqual([0, 30]);
  });

  it("[SAFE-3] tell nobody who reads it who has tried", () => {
    createAttemptLimiter(stored()).take(ann);
    for (const buckets of opened.splice(0)) buckets.close();
    const file = readFileSync(join(folder, "attempts.sqlite"), "latin1");
    expect([file.includes("ann"), file.includes("10.0.0.1")]).toEqual([false, false]);
  });

  it("[SAFE-2] are forgotten once they count no more, and where there are too many the ones that would soonest", () => {
    const buckets = stored(10);
    const rule = { burst: 2, refillMs: 1000 };
    const slow = [{ key: "slow", rule: { burst: 1, refillMs: 3_600_000 } }];
    buckets.take(slow);
    for (let index = 0; index < 2000; index += 1) buckets.take([{ key: `p${index}`, rule }]);
    const db = new Database(join(folder, "attempts.sqlite"));
    const count = () => Number(db.prepare("SELECT count(*) FROM bucket").pluck().get());
    expect(count()).toBeLessThan(1011);
    expect(buckets.take(slow)).toBeGreaterThan(0);
    now += 2000;
    for (let index = 0; index < 1000; index += 1) buckets.take([{ key: `q${index}`, rule }]);
    now += 2000;
    for (let index = 0; index < 1000; index += 1) buckets.giveBack([{ key: "one", rule }]);
    expect(count()).toBeLessThan(20);
    db.close();
  });
});
