/** Links between tabs against their contract: the real BroadcastChannel and Web Locks of this runtime, and where a browser lacks them. */
import { afterEach, describe, expect, it } from "vitest";
import { describeTabs, holding } from "../../test/tabs-contract.ts";
import { broadcastTabs, type BroadcastTabsOptions } from "./broadcast-tabs.ts";
import type { Channel } from "./storage-channel.ts";
import { memoryTabs } from "./memory-tabs.ts";
import type { Tabs } from "./tabs.ts";

let opened: Tabs[] = [];

afterEach(() => {
  for (const tabs of opened) tabs.close();
  opened = [];
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
});
