/** BroadcastChannel and Web Locks of a simulated browser, behind the device's port to the other tabs. */
import type { TabMessage, Tabs } from "../packages/sync-client/src/tabs/tabs.ts";
import type { PageModel } from "./page-model.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How long a message to the other tabs is under way. */
export const CHANNEL_MS = 2;
const HOLD = "hold";

interface Claimant {
  readonly page: PageModel;
  readonly granted: () => void;
}

/** What the tabs of one browser share. */
export class BrowserChannel {
  readonly #time: VirtualTime;
  readonly #members = new Map<PageModel, (message: TabMessage) => void>();
  /** The first one of each has the lock, the others wait. */
  readonly #locks = new Map<string, Claimant[]>();

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  join(page: PageModel, listener: (message: TabMessage) => void): void {
    this.#members.set(page, listener);
  }

  leave(page: PageModel): void {
    this.#members.delete(page);
  }

  /** What is under way to a channel that is closed meanwhile is lost, also where another one is opened in its place. */
  broadcast(from: PageModel, message: TabMessage): void {
    // Nothing goes over a channel that was closed.
    if (!this.#members.has(from)) return;
    const copy = structuredClone(message);
    for (const [page, listener] of this.#members) {
      if (page === from) continue;
      this.#time.after(CHANNEL_MS, () => page.deliver(() => this.#members.get(page) === listener && listener(copy)));
    }
  }

  /** Whether the lock was free. */
  take(name: string, claimant: Claimant): boolean {
    const queue = this.#locks.get(name) ?? [];
    this.#locks.set(name, queue);
    queue.push(claimant);
    return queue.length === 1;
  }

  isTaken(name: string): boolean {
    return (this.#locks.get(name)?.length ?? 0) > 0;
  }

  release(name: string, claimant: Claimant): void {
    const queue = this.#locks.get(name) ?? [];
    const wasFirst = queue[0] === claimant;
    const left = queue.filter((other) => other !== claimant);
    this.#locks.set(name, left);
    const next = left[0];
    if (wasFirst && next) this.#time.after(0, () => next.page.deliver(next.granted));
  }

  /** The page is closed: the browser frees what it held. */
  bury(page: PageModel): void {
    this.leave(page);
    for (const [name, queue] of this.#locks) {
      for (const claimant of queue) if (claimant.page === page) this.release(name, claimant);
    }
  }
}

/** The port of one tab; with `hasLocks` false it is a browser without Web Locks. */
export function simulatedTabs(channel: BrowserChannel, page: PageModel, hasLocks: boolean): Tabs {
  const listeners = new Set<(message: TabMessage) => void>();
  const held = new Map<string, Claimant>();
  const join = (): void => channel.join(page, (message) => listeners.forEach((listener) => listener(message)));
  const release = (name: string, claimant: Claimant): void => {
    held.delete(name);
    channel.release(name, claimant);
  };
  join();
  return {
    hasOthers: true,
    tell: (message) => channel.broadcast(page, message),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    holdForAll(onChange) {
      if (!hasLocks) {
        onChange(false);
        return () => {};
      }
      const claimant = { page, granted: () => onChange(false) };
      held.set(HOLD, claimant);
      onChange(!channel.take(HOLD, claimant));
      return () => release(HOLD, claimant);
    },
    async exclusively(name, run) {
      // Nothing runs in a page that is gone, and nobody would free what it took.
      if (page.isGone) return new Promise(() => {});
      if (hasLocks && channel.isTaken(name)) return false;
      const claimant = { page, granted: () => {} };
      if (hasLocks) {
        channel.take(name, claimant);
        held.set(name, claimant);
      }
      await run();
      if (hasLocks && held.get(name) === claimant) release(name, claimant);
      return true;
    },
    close() {
      channel.leave(page);
      for (const [name, claimant] of held) release(name, claimant);
    },
    open: join,
  };
}
