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
