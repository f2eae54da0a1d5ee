/** What one account, or one source, may ask of one process. */
import type { AccountId } from "@instep/protocol";
import { isRefusal } from "@instep/sync-server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRequestLimits, type RequestLimitSettings } from "./request-limits.ts";

const [ANN, BEA] = ["ann" as AccountId, "bea" as AccountId];
const MOST = 1000;

function limits(more: Partial<RequestLimitSettings> = {}) {
  const settings = { callsPerMinute: null, sendsPerMinute: null, bodyBytesPerAccount: MOST, ...more };
  return createRequestLimits(settings, () => 0);
}

test("[LIMIT-1] the bodies of one account that are on their way in never exceed its limit, but for one alone; each frees exactly what it took", () => {
  const step = fc.record({
    who: fc.constantFrom(ANN, BEA),
    bytes: fc.integer({ min: 1, max: MOST + 200 }),
    /** Which of those that are under way is over before, and how often its end is told. */
    ends: fc.integer({ min: -2, max: 5 }),
    times: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const account = limits();
      let underWay: { readonly who: AccountId; readonly bytes: number; readonly end: () => void }[] = [];
      for (const { who, bytes, ends, times } of steps) {
        const over = underWay[ends];
        if (over) Array.from({ length: times }, () => over.end());
        underWay = underWay.filter((one) => one !== over);
        const standing = underWay.filter((one) => one.who === who).reduce((sum, one) => sum + one.bytes, 0);
        const taken = account.takeBody(who, bytes);
        expect(isRefusal(taken)).toBe(standing > 0 && standing + bytes > MOST);
        if (isRefusal(taken)) expect(taken.members?.["retry_after_s"]).toBeGreaterThan(0);
        else underWay.push({ who, bytes, end: taken });
      }
    }),
  );
});

test("[LIMIT-1] whoever is signed out is counted by his network: all of a /64, and each address of IPv4", () => {
  const process = limits({ callsPerMinute: 2 });
  const passes = (source: string) => process.refuseSource(source) === null;
  expect(["2001:db8::1", "2001:db8::2", "2001:db8:0:0:9::3", "::ffff:192.0.2.1"].map(passes)).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(["2001:db8:0:1::1", "192.0.2.1", "192.0.2.1", "192.0.2.2"].map(passes)).toEqual([true, true, false, true]);
});

test("[LIMIT-1] a send counts as a call and as a send, a call as a call only, and a refused one as neither", () => {
  const process = limits({ callsPerMinute: 4, sendsPerMinute: 2 });
  const passes = (kind: "call" | "send") => process.refuseCall(ANN, kind) === null;
  expect((["send", "send", "send", "call", "call", "call"] as const).map(passes)).toEqual([
    true,
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(process.refuseCall(BEA, "send")).toBeNull();
});
