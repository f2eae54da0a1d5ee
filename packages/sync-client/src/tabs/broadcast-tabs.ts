/** Tabs over BroadcastChannel, or what stands in for it, and Web Locks, each only where the browser has it. */
import { type Channel, storageChannel } from "./storage-channel.ts";
import { noTabs, type TabMessage, type Tabs } from "./tabs.ts";

export interface BroadcastTabsOptions {
  /** Tabs of one account speak with each other, and with no others. */
  readonly accountId: string;
  /** Opens what tabs of one name speak over; null where the browser has nothing of the kind. */
  readonly openChannel: (name: string) => Channel | null;
  readonly locks?: LockManager | undefined;
}

/** Without a channel a tab is alone; without locks tabs agree by what they tell. */
export function broadcastTabs({ accountId, openChannel, locks }: BroadcastTabsOptions): Tabs {
  const name = `instep-${accountId}`;
  const first = openChannel(name);
  if (!first) return noTabs();
  first.close();
  const listeners = new Set<(message: TabMessage) => void>();
  const holders = new Set<Holder>();
  let channel: Channel | null = null;
  let closing = Promise.withResolvers<void>();
  const open = (): void => {
    if (channel) return;
    closing = Promise.withResolvers();
    channel = openChannel(name);
    channel?.addEventListener("message", ({ data }) => {
      for (const listener of listeners) listener(data);
    });
    for (const holder of holders) holder.open();
  };
  open();
  return {
    hasOthers: true,
    tell: (message) => channel?.postMessage(message),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    holdForAll(onChange) {
      if (!locks) {
        onChange(false);
        return () => {};
      }
      const holder = new Holder(locks, name, onChange);
      holders.add(holder);
      holder.open();
      return () => {
        holders.delete(holder);
        holder.close();
      };
    },
    async exclusively(task, run) {
      const work: { begun?: Promise<void> } = {};
      const begin = (): Promise<void> => (work.begun ??= run());
      // A page that goes keeps no lock, whatever it is at: what another one sends as well is sent once [TURN-3].
      const within = (lock: Lock | null) => lock && Promise.race([begin(), closing.promise]);
      await (locks ? locks.request(`${name}-${task}`, { ifAvailable: true }, within).catch(begin) : begin());
      await work.begun;
      return work.begun !== undefined;
    },
    close() {
      channel?.close();
      channel = null;
      closing.resolve();
      for (const holder of holders) holder.close();
    },
    open,
  };
}

/** The tabs of this browser. */
export function browserTabs(accountId: string): Tabs {
  return broadcastTabs({ accountId, openChannel: browserChannel, locks: globalThis.navigator.locks });
}

function browserChannel(name: string): Channel | null {
  try {
    return new BroadcastChannel(name);
  } catch {
    // Missing here, or forbidden, as where a browser takes no cookies.
    return storageChannel(name);
  }
}

/** Takes the lock, or waits for it, and keeps it until closed. Served by another tab for as long as it waits. */
class Holder {
  readonly #locks: LockManager;
  readonly #name: string;
  readonly #onChange: (isServedByOther: boolean) => void;
  #closing: AbortController | null = null;

  constructor(locks: LockManager, name: string, onChange: (isServedByOther: boolean) => void) {
    this.#locks = locks;
    this.#name = name;
    this.#onChange = onChange;
  }

  open(): void {
    if (this.#closing) return;
    const { signal } = (this.#closing = new AbortController());
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (signal.aborted) return undefined;
      this.#onChange(lock === null);
      return lock ? new Promise((resolve) => signal.addEventListener("abort", () => resolve())) : undefined;
    };
    const queue = (): Promise<void> | undefined =>
      signal.aborted ? undefined : this.#locks.request(this.#name, { signal }, hold);
    this.#locks
      .request(this.#name, { ifAvailable: true }, hold)
      .then(queue)
      // Given up while waiting, or forbidden here: then nobody else is relied on.
      .catch(() => signal.aborted || this.#onChange(false));
  }

  close(): void {
    this.#closing?.abort();
    this.#closing = null;
  }
}
