/** Waiting: what ends it leaves neither a timer nor a listener behind. */
import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { VirtualEnvironment } from "../test/virtual-environment.ts";
import { isDoneWithin, pause } from "./pause.ts";

test("a pause ends with its time or with its signal, whichever comes first, and nothing of it is left", async () => {
  const environment = new VirtualEnvironment();
  const left = (signal: AbortSignal) => [environment.timerCount, getEventListeners(signal, "abort").length];
  const going = new AbortController();
  const aborted = pause(environment, 1000, going.signal);
  expect(left(going.signal)).toEqual([1, 1]);
  going.abort();
  await aborted;
  expect(left(going.signal)).toEqual([0, 0]);
  await pause(environment, 1000, going.signal);
  expect(left(going.signal)).toEqual([0, 0]);
  const { signal } = new AbortController();
  const over = pause(environment, 1000, signal);
  await environment.advance(1000);
  await over;
  expect(left(signal)).toEqual([0, 0]);
});

test("work is waited for as long as said, and no timer waits on once it is done, or has failed", async () => {
  const environment = new VirtualEnvironment();
  expect(await isDoneWithin(environment, 1000, Promise.resolve())).toBe(true);
  await expect(isDoneWithin(environment, 1000, Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(environment.timerCount).toBe(0);
  const late = isDoneWithin(environment, 1000, new Promise(() => undefined));
  await environment.advance(1000);
  expect(await late).toBe(false);
  expect(environment.timerCount).toBe(0);
});
