import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createAttemptLimiter, type AttemptLimiter } from "./attempt-limiter.ts";

let now = 0;
let limiter: AttemptLimiter;

beforeEach(() => {
  now = 1_000_000;
  limiter = createAttemptLimiter(() => now);
});

/** How many of `count` attempts pass. */
function passed(count: number, attemptOf: (index: number) => { address: string; source: string }): number {
  return Array.from({ length: count }, (_, index) => limiter.take(attemptOf(index))).filter((wait) => wait === 0)
    .length;
}

describe("the limit on attempts to sign in", () => {
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
    const step = fc.integer({ min: -60_000, max: 120_000 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        now = 1_000_000;
        limiter = createAttemptLimiter(() => now);
        let forward = 0;
        let count = 0;
        for (const ms of steps) {
          now += ms;
          forward += Math.max(0, ms);
          count += passed(3, () => ({ address: "ann@a.example", source: "10.0.0.1" }));
        }
        expect(count).toBeLessThanOrEqual(10 + forward / 30_000 + 1e-9);
      }),
    );
  });

  it("[SAFE-2] remembers a bounded number of strangers", () => {
    for (let index = 0; index < 60_000; index += 1) {
      limiter.take({
        address: `p${index}@a.example`,
        source: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      });
    }
    expect(limiter.take({ address: "p0@a.example", source: "10.0.0.0" })).toBe(0);
  });
});
