import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSweeping } from "./sweeping.ts";

const finishLeaving = async (): Promise<void> => undefined;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("sweeping", () => {
  it("sweeps again and again, jittered around its interval, also after a failure, until it is stopped", async () => {
    const errors: unknown[] = [];
    let sweeps = 0;
    const sweep = async (): Promise<void> => {
      sweeps += 1;
      if (sweeps === 1) throw new Error("locked");
    };
    const randoms = [0, 0.999, 0.5];
    const stop = startSweeping({
      engine: { sweep },
      finishLeaving,
      intervalMs: 1000,
      random: () => randoms.shift() ?? 0.5,
      onError: (error) => errors.push(error),
    });
    await vi.advanceTimersByTimeAsync(749);
    expect(sweeps).toBe(0);
    await vi.advanceTimersByTimeAsync(2);
    expect([sweeps, errors.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(1255);
    expect(sweeps).toBe(2);
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sweeps).toBe(2);
  });

  it("begins no other round when it is stopped during one", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const sweep = () => promise;
    const stop = startSweeping({
      engine: { sweep },
      finishLeaving,
      intervalMs: 1000,
      random: () => 0.5,
      onError: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(1001);
    expect(vi.getTimerCount()).toBe(0);
    stop();
    resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
