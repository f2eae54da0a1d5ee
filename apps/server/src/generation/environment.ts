/** The ports of generation to the outside: network, time and chance; and the real ones. */

export interface GenerationEnvironment {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds of the wall clock. */
  now(): number;
  /** Milliseconds of a clock that nobody sets: what lasts is measured by it. */
  elapsed(): number;
  /** A number from 0 to below 1. */
  random(): number;
  /** Calls back once after `delayMs`; the function returned cancels. */
  startTimer(delayMs: number, callback: () => void): () => void;
}

export const generationEnvironment: GenerationEnvironment = {
  // In this order: making a first request has Node load undici, and with it the global dispatcher.
  fetch: async (url, init) => fetch(new Request(url, init), withoutTimeouts()),
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  startTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Where Node keeps undici's global dispatcher, which sends the requests of `fetch`. */
const GLOBAL_DISPATCHER = Symbol.for("undici.globalDispatcher.1");

let dispatcher: object | null = null;

/** By itself `fetch` gives up on a server that is silent for five minutes; here the settings alone say how long a model may take. */
function withoutTimeouts(): object {
  dispatcher ??= makeDispatcher();
  return dispatcher === null ? {} : { dispatcher };
}

/** Of the global dispatcher's class, so that it goes through the environment's proxy where that one does. Null where a later Node keeps it elsewhere. */
function makeDispatcher(): object | null {
  const { [GLOBAL_DISPATCHER]: standard } = globalThis as { readonly [GLOBAL_DISPATCHER]?: object };
  const Agent = standard?.constructor as (new (options: object) => object) | undefined;
  return Agent ? new Agent({ headersTimeout: 0, bodyTimeout: 0 }) : null;
}

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
