/** Who may begin next of what only so many may do at once: accounts that wait take turns. */
import { once } from "../once.ts";

export interface FairQueue {
  /** Waits for a place; the function that it resolves to frees it. Rejects with the signal's reason as soon as it aborts. */
  enter(accountId: string, signal: AbortSignal): Promise<() => void>;
  statistics(): { readonly running: number; readonly waiting: number };
}

interface Waiter {
  readonly admit: () => void;
}

/** Makes a queue in which `places` may be at work at once. One account's hundred don't make another's first one wait for all of them. */
export function createFairQueue(places: number): FairQueue {
  // A Map keeps its order: the account at the front is next, and goes to the back once it was served.
  const waitersByAccount = new Map<string, Waiter[]>();
  let running = 0;

  function leave(): void {
    running--;
    admitNext();
  }

  function admitNext(): void {
    const [next] = waitersByAccount;
    if (!next || running >= places) return;
    const [accountId, waiters] = next;
    const waiter = waiters.shift();
    waitersByAccount.delete(accountId);
    if (waiters.length > 0) waitersByAccount.set(accountId, waiters);
    waiter?.admit();
  }

  function forget(accountId: string, waiter: Waiter): void {
    const waiters = waitersByAccount.get(accountId)?.filter((other) => other !== waiter) ?? [];
    if (waiters.length === 0) waitersByAccount.delete(accountId);
    else waitersByAccount.set(accountId, waiters);
  }

  async function wait(accountId: string, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        forget(accountId, waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        admit: () => {
          signal.removeEventListener("abort", onAbort);
          running++;
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const waiters = waitersByAccount.get(accountId);
      if (waiters) waiters.push(waiter);
      else waitersByAccount.set(accountId, [waiter]);
    });
  }

  return {
    async enter(accountId, signal) {
      signal.throwIfAborted();
      if (running < places) running++;
      else await wait(accountId, signal);
      return once(leave);
    },
    statistics: () => ({
      running,
      waiting: [...waitersByAccount.values()].reduce((sum, waiters) => sum + waiters.length, 0),
    }),
  };
}
