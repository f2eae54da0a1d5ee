/** Waiting, cut short where whoever waits has gone. */
import type { EngineEnvironment } from "./environment.ts";

/** Resolves after that many milliseconds, or as soon as the signal aborts. */
export function pause(environment: EngineEnvironment, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = environment.after(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
    function done(): void {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
}

/** Whether it is done within so many milliseconds; throws what it throws until then. */
export async function isDoneWithin(
  environment: EngineEnvironment,
  delayMs: number,
  work: Promise<unknown>,
): Promise<boolean> {
  const done = new AbortController();
  try {
    return await Promise.race([work.then(() => true), pause(environment, delayMs, done.signal).then(() => false)]);
  } finally {
    done.abort();
  }
}
