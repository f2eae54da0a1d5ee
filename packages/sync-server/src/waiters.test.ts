/** Whom a commit wakes, and how many of them in one turn of the event loop. */
import type { AccountId, Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import type { EngineEnvironment } from "./environment.ts";
import { Waiters } from "./waiters.ts";

/** An environment whose next turns come when the test says so; deadlines never do. */
function byTurns() {
  const turns: (() => void)[] = [];
  const environment: EngineEnvironment = {
    now: () => 0 as Micros,
    uuid: () => crypto.randomUUID(),
    random: () => 0,
    after(delayMs, run) {
      if (delayMs === 0) turns.push(run);
      return () => undefined;
    },
  };
  return { environment, next: () => turns.shift()?.(), left: () => turns.length };
}

function waitersOf(environment: EngineEnvironment) {
  const waiters = new Waiters(environment, { perAccount: 32, perProcess: 10_000 });
  const hold = (n: number) => {
    const held = waiters.hold({ accountId: `a${n}` as AccountId, waitMs: 20_000, signal: undefined });
    if (held === null) throw new Error("The limits forbid it");
    return held.ended;
  };
  return { waiters, hold };
}

test("[SAFE-2] a commit that may concern everybody wakes all who wait, 200 in each turn, and none who came since", async () => {
  const { environment, next, left } = byTurns();
  const { waiters, hold } = waitersOf(environment);
  const ends = Array.from({ length: 500 }, (_, n) => hold(n % 50));
  waiters.apply({ kind: "unknown" });
  expect(waiters.count).toBe(300);
  void hold(0);
  next();
  expect(waiters.count).toBe(101);
  next();
  expect([waiters.count, left()]).toEqual([1, 0]);
  expect(new Set(await Promise.all(ends))).toEqual(new Set(["woken"]));
});

test("[WAIT-2] whoever still is to be woken when the server stops is told so", async () => {
  const { environment, next } = byTurns();
  const { waiters, hold } = waitersOf(environment);
  const ends = Array.from({ length: 250 }, (_, n) => hold(n));
  waiters.apply({ kind: "unknown" });
  waiters.stop();
  next();
  expect(waiters.count).toBe(0);
  expect(await ends[0]).toBe("woken");
  expect(await ends[249]).toBe("stopping");
});

test("[WAIT-1] a commit wakes those whom it concerns at once", () => {
  const { environment, left } = byTurns();
  const { waiters, hold } = waitersOf(environment);
  for (let n = 0; n < 300; n += 1) void hold(n);
  waiters.apply({ kind: "moved", clocks: new Map([["a7" as AccountId, 1 as Micros]]) });
  expect([waiters.count, left()]).toEqual([299, 0]);
});
