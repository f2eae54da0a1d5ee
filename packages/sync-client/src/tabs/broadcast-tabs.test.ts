/** Links between tabs against their contract: the real BroadcastChannel and Web Locks of this runtime, and where a browser lacks them. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { describeTabs, holding } from "../../test/tabs-contract.ts";
import { broadcastTabs, type BroadcastTabsOptions, browserTabs } from "./broadcast-tabs.ts";
import { type Channel, storageChannel } from "./storage-channel.ts";
import { memoryTabs } from "./memory-tabs.ts";
import type { Tabs } from "./tabs.ts";

let opened: Tabs[] = [];

afterEach(() => {
  for (const tabs of opened) tabs.close();
  opened = [];
  vi.unstubAllGlobals();
});

function open(options: Partial<BroadcastTabsOptions> = {}): Tabs {
  const { locks } = globalThis.navigator;
  const openChannel = (name: string): Channel => new BroadcastChannel(name);
  const tabs = broadcastTabs({ accountId: "me", openChannel, locks, ...options });
  opened.push(tabs);
  return tabs;
}

describe("over BroadcastChannel", () => {
  describeTabs((name) => open({ accountId: name }));
});

/** What the tabs of one browser store together. A change of it is told to every page but the one that made it. */
class SharedStorage {
  readonly items = new Map<string, string>();
  readonly #pages = new Set<EventTarget>();

  /** Opens a channel of a page of its own. */
  open = (name: string): Channel | null => {
    this.openPage();
    return storageChannel(name);
  };

  /** Makes what runs next a page of its own. */
  openPage(): void {
    const page = new EventTarget();
    this.#pages.add(page);
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("localStorage", {
      setItem: (key: string, value: string) => {
        if (this.items.get(key) === value) return;
        this.items.set(key, value);
        this.#tell(page, { key, newValue: value });
      },
      removeItem: (key: string) => void (this.items.delete(key) && this.#tell(page, { key, newValue: null })),
    });
  }

  #tell(from: EventTarget, change: Pick<StorageEvent, "key" | "newValue">): void {
    for (const page of this.#pages) {
      if (page !== from) queueMicrotask(() => page.dispatchEvent(Object.assign(new Event("storage"), change)));
    }
  }
}

describe("over what a browser stores, where it has no BroadcastChannel", () => {
  const storage = new SharedStorage();
  describeTabs((name) => open({ accountId: name, openChannel: storage.open }));

  it("[SYNC-9] leave nothing of what they told", async () => {
    const [one, other] = [open({ openChannel: storage.open }), open({ openChannel: storage.open })];
    const heard = new Promise((resolve) => other.subscribe(resolve));
    one.tell({ kind: "change", operationId: "o", id: "a", change: { key: "title", value: "Secret" } });
    await heard;
    expect([...storage.items]).toEqual([]);
  });
});

describe("within one program", () => {
  const browsers = new Map<string, () => Tabs>();
  describeTabs((name) => {
    const browser = browsers.get(name) ?? memoryTabs();
    browsers.set(name, browser);
    return browser();
  });
});

describe("a browser that lacks something", () => {
  it("[DEV-11] without locks each holds by itself; without a channel each is alone", async () => {
    for (const lacking of [open({ locks: undefined }), open({ openChannel: () => null })]) {
      const holder = holding(lacking);
      expect(await holder.next()).toBe(false);
      let runs = 0;
      expect(await lacking.exclusively("x", async () => void runs++)).toBe(true);
      expect(runs).toBe(1);
      lacking.tell({ kind: "outbox" });
    }
  });

  it("[DEV-11] where locks are refused, each holds by itself", async () => {
    const locks = { request: () => Promise.reject(new Error("denied")) } as unknown as LockManager;
    const tabs = open({ locks });
    expect(await holding(tabs).next()).toBe(false);
    let runs = 0;
    expect(await tabs.exclusively("x", async () => void runs++)).toBe(true);
    expect(runs).toBe(1);
  });

  it("[DEV-14] where a channel is forbidden, tabs speak over what they store, and where that is too, each is alone", async () => {
    const forbidden = function (): never {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
    vi.stubGlobal("BroadcastChannel", forbidden);
    expect(browserTabs("me").hasOthers).toBe(false);
    const storage = new SharedStorage();
    const [one, other] = [0, 1].map(() => {
      storage.openPage();
      const tabs = browserTabs("me");
      opened.push(tabs);
      return tabs;
    });
    const heard = new Promise((resolve) => other?.subscribe(resolve));
    one?.tell({ kind: "outbox" });
    expect(await heard).toEqual({ kind: "outbox" });
  });
});
