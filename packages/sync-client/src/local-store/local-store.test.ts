/** The local stores against their contract, and IndexedDB where it fails. */
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { describe, expect, it, vi } from "vitest";
import { describeLocalStore, send, stored } from "../../test/local-store-contract.ts";
import { idOf, tick } from "../../test/scripted-server.ts";
import { MAX_CONVERSATIONS } from "./continuity.ts";
import { settled } from "./indexeddb.ts";
import { indexedDbLocalStore } from "./indexeddb-local-store.ts";
import type { StoredConversation } from "./local-store.ts";
import { memoryLocalStore } from "./memory-local-store.ts";

/** Each reading is later than the one before. */
const TIME = {
  now: (
    (time) => () =>
      (time += 1)
  )(0),
};

describe("in memory", () => {
  const store = memoryLocalStore();
  describeLocalStore(() => store);
});

describe("in IndexedDB", () => {
  const factory = new IDBFactory();
  describeLocalStore(() => indexedDbLocalStore(factory, "me", TIME));

  it("keeps accounts apart", async () => {
    const list = { serverTime: tick(1), epoch: "e1", conversations: [] };
    await indexedDbLocalStore(factory, "me", TIME).saveList(list);
    expect(await indexedDbLocalStore(factory, "you", TIME).loadList()).toBeNull();
  });

  it("[DEV-12] goes on where the browser closes the database under it, or wouldn't open it at first", async () => {
    let opened: IDBDatabase | null = null;
    let refusals = 1;
    const watched = {
      open(name: string, version: number) {
        if (refusals-- > 0) throw new Error("not now");
        const opening = factory.open(name, version);
        opening.addEventListener("success", () => (opened = opening.result));
        return opening;
      },
    };
    const store = indexedDbLocalStore(watched as unknown as IDBFactory, "closed", TIME);
    expect(await store.saveOutgoing([send("z", 1)], [])).toBe(true);
    (opened as IDBDatabase | null)?.close();
    expect(await store.loadOutbox()).toHaveLength(1);
    expect(await store.saveOutgoing([send("y", 2)], [])).toBe(true);
    expect(await store.loadOutbox()).toHaveLength(2);
    store.close();
  });

  it("[DEV-12] says that something is stored only once its transaction is on disk, and not where that fails at the last", async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, "put");
    // After everything that the transaction was asked for, and before it has ended.
    const watched = {
      open(name: string, version: number) {
        const opening = factory.open(name, version);
        opening.addEventListener("success", () => {
          const database = opening.result;
          const begin = database.transaction.bind(database);
          vi.spyOn(database, "transaction").mockImplementation((names, mode) => {
            const transaction = begin(names, mode);
            const outbox = transaction.objectStore("outbox");
            const last = (): void => {
              if (put.mock.calls.length === 0) outbox.count().addEventListener("success", last);
              else transaction.abort();
            };
            if (isFailing) last();
            return transaction;
          });
        });
        return opening;
      },
    };
    let isFailing = true;
    const store = indexedDbLocalStore(watched as unknown as IDBFactory, "aborted", TIME);
    expect(await store.saveOutgoing([send("z", 1)], [])).toBe(false);
    put.mockRestore();
    isFailing = false;
    expect(await store.loadOutbox()).toEqual([]);
    expect(await store.saveOutgoing([send("z", 1)], [])).toBe(true);
    expect(await store.loadOutbox()).toHaveLength(1);
    store.close();
  });

  it("[DEV-12] says that nobody knows what waits where the browser has emptied it under an open page", async () => {
    let opened: IDBDatabase | null = null;
    const watched = {
      open(name: string, version: number) {
        const opening = factory.open(name, version);
        opening.addEventListener("success", () => (opened = opening.result));
        return opening;
      },
    };
    const store = indexedDbLocalStore(watched as unknown as IDBFactory, "emptied", TIME);
    await store.saveOutgoing([send("z", 1)], []);
    (opened as IDBDatabase | null)?.close();
    await settled(factory.deleteDatabase("instep-1-emptied"));
    expect(await store.loadOutgoing(idOf("z"))).toBe("emptied");
    expect(await store.loadOutbox()).toEqual([]);
    store.close();
  });

  it("forgets the messages that were stored first by the clock that it is given, whatever the machine's says", async () => {
    let now = 1000;
    const store = indexedDbLocalStore(factory, "dated", { now: () => now });
    const last = MAX_CONVERSATIONS;
    for (let number = 0; number <= last; number++) {
      now -= 1;
      await store.saveMessages(`c${number}`, []);
    }
    // The clock went backwards: the one before the last is the oldest of those that were there.
    expect(await store.loadMessages(`c${last - 1}`)).toBeNull();
    expect(await store.loadMessages("c0")).toEqual([]);
    store.close();
  });

  it("writes only what differs where a whole list takes the place of another", async () => {
    const store = indexedDbLocalStore(factory, "full", TIME);
    const saveAt = (time: number, conversations: readonly StoredConversation[]) =>
      store.saveList({ serverTime: tick(time), epoch: "e1", conversations });
    await saveAt(1, [stored("a", 1), stored("b", 2), stored("c", 3)]);
    const put = vi.spyOn(IDBObjectStore.prototype, "put");
    const remove = vi.spyOn(IDBObjectStore.prototype, "delete");
    await saveAt(2, [stored("a", 1), stored("b", 4)]);
    const rows = (await store.loadList())?.conversations.map(({ row }) => [row.id, row.message_count]);
    expect(rows).toEqual([
      [idOf("a"), 1],
      [idOf("b"), 4],
    ]);
    // One row, and the watermark.
    expect([put.mock.calls.length, remove.mock.calls.length]).toEqual([2, 1]);
    vi.restoreAllMocks();
    store.close();
  });

  it("[DEV-2] stays closed once it is closed", async () => {
    let opens = 0;
    const watched = {
      open(name: string, version: number) {
        opens += 1;
        return factory.open(name, version);
      },
    };
    const store = indexedDbLocalStore(watched as unknown as IDBFactory, "stopped", TIME);
    const saved = store.saveOutgoing([send("z", 1)], []);
    store.close();
    expect(await saved).toBe(true);
    expect(await store.saveOutgoing([send("y", 2)], [])).toBe(false);
    expect(await store.loadOutbox()).toBeNull();
    expect(opens).toBe(1);
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
      const store = indexedDbLocalStore(each, "me", TIME);
      await store.saveList({ serverTime: tick(1), epoch: "e1", conversations: [] });
      expect(await store.saveOutgoing([], ["x"])).toBe(false);
      expect(await store.loadList()).toBeNull();
      expect(await store.loadOutbox()).toBeNull();
      expect(await store.loadOutgoing("x")).toBeNull();
      expect(await store.saveChange({ from: tick(1), serverTime: tick(2), epoch: "e1", put: [], removed: [] })).toBe(
        false,
      );
      store.close();
    }
  });
});
