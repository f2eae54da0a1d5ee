import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTokenBuckets, type BucketRule } from "./token-buckets.ts";

/** In no stretch that begins there did more pass than the rule lets. */
function expectWithin(passed: readonly number[], from: number, { burst, refillMs }: BucketRule): void {
  for (const [last, to] of passed.entries()) {
    expect(last + 1).toBeLessThanOrEqual(burst + (to - from) / refillMs + 1e-6);
  }
}

describe("buckets of tokens", () => {
  it("let no more pass in any stretch of time than the burst and what comes back in it, and never less", () => {
    const steps = fc.array(fc.record({ pauseMs: fc.nat(5000), key: fc.constantFrom("a", "b") }), { maxLength: 200 });
    const rules = fc.record({ burst: fc.integer({ min: 1, max: 20 }), refillMs: fc.integer({ min: 1, max: 3000 }) });
    fc.assert(
      fc.property(steps, rules, (taken, rule) => {
        let now = 1000;
        const buckets = createTokenBuckets(() => now);
        const passedAt: Record<string, number[]> = { a: [], b: [] };
        for (const { pauseMs, key } of taken) {
          now += pauseMs;
          const waitS = buckets.take([{ key, rule }]);
          const passed = passedAt[key] ?? [];
          if (waitS === 0) {
            passed.push(now);
            continue;
          }
          // Whoever is refused has used his burst up within the time that it takes to come back.
          const recent = passed.filter((at) => at > now - rule.burst * rule.refillMs);
          expect(recent.length).toBeGreaterThan(0);
          expect(waitS).toBe(Math.ceil(waitS));
          expect(waitS * 1000).toBeLessThan(rule.refillMs + 1000);
        }
        for (const passed of Object.values(passedAt)) {
          for (const [first, from] of passed.entries()) expectWithin(passed.slice(first), from, rule);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("pass again after the time that they named", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 10_000 }), (burst, refillMs) => {
        let now = 0;
        const buckets = createTokenBuckets(() => now);
        const asked = [{ key: "a", rule: { burst, refillMs } }];
        for (let taken = 0; taken < burst; taken += 1) expect(buckets.take(asked)).toBe(0);
        const waitS = buckets.take(asked);
        expect(waitS).toBeGreaterThan(0);
        now += waitS * 1000;
        expect(buckets.take(asked)).toBe(0);
      }),
    );
  });

  it("take from all or from none, and give back no more than there was", () => {
    const buckets = createTokenBuckets(() => 0);
    const wide = { key: "wide", rule: { burst: 3, refillMs: 1000 } };
    const narrow = { key: "narrow", rule: { burst: 1, refillMs: 60_000 } };
    expect(buckets.take([wide, narrow])).toBe(0);
    for (let again = 0; again < 5; again += 1) expect(buckets.take([wide, narrow])).toBe(60);
    expect([buckets.take([wide]), buckets.take([wide]), buckets.take([wide])]).toEqual([0, 0, 1]);
    for (let again = 0; again < 5; again += 1) buckets.giveBack([narrow]);
    expect([buckets.take([narrow]), buckets.take([narrow])]).toEqual([0, 60]);
  });

  it("forget who has not come for long, however many there are, and nobody who comes often", () => {
    const buckets = createTokenBuckets(() => 0, 10);
    const often = { key: "often", rule: { burst: 1, refillMs: 1000 } };
    const rule = { burst: 1, refillMs: 1000 };
    expect(buckets.take([often])).toBe(0);
    for (let other = 0; other < 1000; other += 1) {
      expect(buckets.take([{ key: `other ${other}`, rule }])).toBe(0);
      expect(buckets.take([often])).toBe(1);
    }
    expect(buckets.take([{ key: "other 0", rule }])).toBe(0);
  });

  it("forget nobody who comes back before as many others as one half holds have come", () => {
    const half = 5;
    const gaps = fc.array(fc.integer({ min: 0, max: half - 1 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(gaps, (othersBetween) => {
        const buckets = createTokenBuckets(() => 0, half);
        const rule = { burst: 1, refillMs: 1000 };
        const often = [{ key: "often", rule }];
        expect(buckets.take(often)).toBe(0);
        let others = 0;
        for (const count of othersBetween) {
          for (let other = 0; other < count; other += 1) buckets.take([{ key: `other ${others++}`, rule }]);
          expect(buckets.take(often)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("lose nothing by a clock that steps back", () => {
    let now = 100_000;
    const buckets = createTokenBuckets(() => now);
    const asked = [{ key: "a", rule: { burst: 1, refillMs: 1000 } }];
    expect(buckets.take(asked)).toBe(0);
    now -= 90_000;
    expect(buckets.take(asked)).toBe(1);
    now += 1000;
    expect(buckets.take(asked)).toBe(0);
  });
});
