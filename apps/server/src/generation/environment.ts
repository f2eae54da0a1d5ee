/** The ports of generation to the outside: network, time and chance; and the real ones. */

export interface GenerationEnvironment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds of the wall clock. */
  now(): number;
  /** A number from 0 to below 1. */
  random(): number;
  /** Calls back once after `delayMs`; the function returned cancels. */
  startTimer(delayMs: number, callback: () => void): () => void;
}

export const generationEnvironment: GenerationEnvironment = {
  fetch: async (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  startTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as it aborts. */
export async function sleep(environment: GenerationEnvironment, delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = environment.startTimer(delayMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
