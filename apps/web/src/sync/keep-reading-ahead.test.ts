/** When conversations are fetched that nobody has opened. */
import { expect, test, vi } from "vitest";
import { testEnvironment } from "../../test/test-environment.ts";
import { keepReadingAhead } from "./keep-reading-ahead.ts";

function reading(options: Parameters<typeof testEnvironment>[0] = {}) {
  const environment = testEnvironment(options);
  const signals: AbortSignal[] = [];
  const device = {
    state: "synced" as const,
    readAhead: async (signal: AbortSignal) => void signals.push(signal),
    status: () => ({ state: device.state, lastSyncedAt: 0, retryAt: null, waitingCount: 0, problem: null }),
  } as { state: "synced" | "offline"; readAhead: (signal: AbortSignal) => Promise<void> } & Parameters<
    typeof keepReadingAhead
  >[0];
  const end = keepReadingAhead(device, environment);
  const advance = async (ms: number) => {
    environment.advance(ms);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { device, signals, end, advance };
}

test("the newest conversations are fetched a while after the page was opened, and now and then", async () => {
  const { signals, advance, end } = reading();
  await advance(4999);
  expect(signals).toHaveLength(0);
  await advance(1);
  expect(signals).toHaveLength(1);
  await advance(299_999);
  expect(signals).toHaveLength(1);
  await advance(1);
  expect(signals).toHaveLength(2);
  end();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  await advance(600_000);
  expect(signals).toHaveLength(2);
});

test("nothing is fetched while the page is hidden or out of step, and soon after it is neither", async () => {
  const { device, signals, advance, end } = reading();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  await advance(5000);
  hidden.mockReturnValue(false);
  device.state = "offline";
  await advance(5000);
  expect(signals).toHaveLength(0);
  device.state = "synced";
  await advance(5000);
  expect(signals).toHaveLength(1);
  end();
  hidden.mockRestore();
});

test("what could not be fetched once is fetched the next time", async () => {
  const { device, advance, end } = reading();
  let asked = 0;
  device.readAhead = async () => {
    asked++;
    throw new TypeError("A part of the page could not be loaded");
  };
  await advance(5000);
  await advance(300_000);
  expect(asked).toBe(2);
  end();
});

test("nothing is fetched where the person saves data", async () => {
  const { signals, advance, end } = reading({ isDataDear: true });
  await advance(5000);
  expect(signals).toHaveLength(0);
  end();
});

test("nothing is planned any more where the page goes while they are fetched", async () => {
  const environment = testEnvironment();
  const fetching = Promise.withResolvers<void>();
  const status = () => ({ state: "synced" as const, lastSyncedAt: 0, retryAt: null, waitingCount: 0, problem: null });
  const end = keepReadingAhead({ readAhead: () => fetching.promise, status }, environment);
  environment.advance(5000);
  end();
  fetching.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(environment.waiting()).toBe(0);
});
