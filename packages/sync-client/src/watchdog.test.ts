/** A limit of time for what may never answer: whatever happens when, it ends once, and leaves nothing. */
import { expect, it, vi } from "vitest";
import { settle, VirtualEnvironment } from "../test/virtual-environment.ts";
import { type Result } from "./failure.ts";
import { withWatchdog } from "./watchdog.ts";

class CountedSignal extends AbortController {
  listening = 0;

  constructor() {
    super();
    const add = this.signal.addEventListener.bind(this.signal);
    const remove = this.signal.removeEventListener.bind(this.signal);
    Object.assign(this.signal, {
      addEventListener: (type: string, listener: EventListener) => {
        this.listening++;
        add(type, listener);
      },
      removeEventListener: (type: string, listener: EventListener) => {
        this.listening--;
        remove(type, listener);
      },
    });
  }
}

it.each([
  ["answered", "answered", false],
  ["given up before it began", "aborted", true],
  ["given up meanwhile", "aborted", true],
  ["too late", "timed_out", true],
] as const)("a call that is %s", async (how, outcome, isAborted) => {
  const environment = new VirtualEnvironment();
  const abort = new CountedSignal();
  const answer = Promise.withResolvers<Result<string>>();
  const signals: AbortSignal[] = [];
  if (how === "given up before it began") abort.abort();
  const limit = { timeoutMs: 1000, signal: abort.signal };
  const ended = withWatchdog(environment, limit, (signal) => {
    signals.push(signal);
    return answer.promise;
  });
  await environment.advance(999);
  if (how === "answered") answer.resolve("answered");
  if (how === "given up meanwhile") abort.abort();
  if (how === "too late") await environment.advance(1);
  const result = await ended;
  expect(typeof result === "string" ? result : result.failed).toBe(outcome);
  answer.resolve("late");
  await settle();
  expect([environment.timerCount, Math.max(0, abort.listening)]).toEqual([0, 0]);
  expect(signals.every(({ aborted }) => aborted === isAborted)).toBe(true);
});

it("[DEV-14] a call that throws is a failure at once, and is reported", async () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  const environment = new VirtualEnvironment();
  const limit = { timeoutMs: 1000, signal: new AbortController().signal };
  const broken = new Error("AbortSignal.any is not a function");
  const ended = await withWatchdog(environment, limit, () => Promise.reject(broken));
  vi.unstubAllGlobals();
  expect([ended, reported, environment.timerCount]).toMatchObject([{ failed: "bad_answer", status: 0 }, [broken], 0]);
});
