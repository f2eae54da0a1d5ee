/** The local stores against their contract, and IndexedDB where it fails. */
import { IDBFactory } from "fake-indexeddb";
import { describe, expect, it } from "vitest";
import { describeLocalStore } from "../../test/local-store-contract.ts";
import { tick } from "../../test/scripted-server.ts";
import { indexedDbLocalStore } from "./indexeddb-local-store.ts";
import { memoryLocalStore } from "./memory-local-store.ts";

describe("in memory", () => {
  const store = memoryLocalStore();
  describeLocalStore(() => store);
});

describe("in IndexedDB", () => {
  const factory = new IDBFactory();
  describeLocalStore(() => indexedDbLocalStore(factory, "me"));

  it("keeps accounts apart", async () => {
    const list = { serverTime: tick(1), epoch: "e1", conversations: [] };
    await indexedDbLocalStore(factory, "me").saveList(list);
    expect(await indexedDbLocalStore(factory, "you").loadList()).toBeNull();
  });

  it("starts afresh, silently, where there is no IndexedDB, or it throws, or holds something else", async () => {
    const broken = {
      open: () => {
        throw new Error("forbidden");
      },
    };
    const newer = new IDBFactory();
    await new Promise((resolve) => {
      newer.open("instep-1-me", 9).addEventListener("success", resolve);
    });
    for (const each of [undefined, broken as unknown as IDBFactory, newer]) {
      const store = indexedDbLocalStore(each, "me");
      await store.saveList({ serverTime: tick(1), epoch: "e1", conversations: [] });
      await store.saveOutgoing("x", null);
      expect(await store.loadList()).toBeNull();
      expect(await store.loadOutbox()).toEqual([]);
      expect(await store.saveChange({ from: tick(1), serverTime: tick(2), epoch: "e1", put: [], removed: [] })).toBe(
        false,
      );
      store.close();
    }
  });
});
