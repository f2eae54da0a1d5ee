/** What every local store does: one suite that each adapter passes. */
import { afterEach, expect, it } from "vitest";
import type { LocalStore, StoredConversation } from "../src/local-store/local-store.ts";
import type { OutgoingSend } from "../src/outbox/outgoing-send.ts";
import { allSeen } from "../src/unread.ts";
import { expandRow } from "@instep/protocol";
import { idOf, row, tick } from "./scripted-server.ts";
import { message } from "./scripted-transport.ts";
import { waitingIn } from "./waiting-in.ts";

export function stored(name: string, count: number): StoredConversation {
  const whole = expandRow(row(name, count), "demo");
  return { row: whole, baseline: allSeen(whole) };
}

export function send(name: string, order: number): OutgoingSend {
  const options = { model: null, replaceFromSeq: null, expectedLastSeq: null, mode: "stream", isFirst: false } as const;
  const state = { state: "waiting", problem: null } as const;
  return { kind: "send", id: idOf(name), order, conversationId: idOf("a"), text: name, ...options, ...state };
}

/** Titles and counts of what is stored, in the order of ids. */
async function shape(store: LocalStore) {
  const list = await store.loadList();
  const rows = list?.conversations.map(({ row: { id, message_count }, baseline }) => [
    id,
    message_count,
    baseline.count,
  ]);
  return (
    list && { at: list.serverTime, rows: rows?.sort((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)) }
  );
}

/** `open` gives a handle on the same store each time, as another tab or a later page has it. */
export function describeLocalStore(open: () => LocalStore): void {
  let handles: LocalStore[] = [];
  const use = (): LocalStore => {
    const handle = open();
    handles.push(handle);
    return handle;
  };
  afterEach(async () => {
    await handles[0]?.clear();
    for (const handle of handles) handle.close();
    handles = [];
  });
  const change = (from: number, to: number, put: StoredConversation[]) => {
    const removed: string[] = [];
    return { from: tick(from), serverTime: tick(to), epoch: "e1", put, removed };
  };

  it("is empty at first", async () => {
    const store = use();
    expect(await store.loadList()).toBeNull();
    expect(await store.loadMessages(idOf("a"))).toBeNull();
    expect(await store.loadOutbox()).toEqual([]);
  });

  it("gives the list back to a later page, with its watermark and how much was seen", async () => {
    await use().saveList({ serverTime: tick(5), epoch: "e1", conversations: [stored("a", 1), stored("b", 2)] });
    expect(await shape(use())).toEqual({
      at: tick(5),
      rows: [
        [idOf("a"), 1, 1],
        [idOf("b"), 2, 2],
      ],
    });
  });

  it("applies a change that continues what is stored", async () => {
    const store = use();
    await store.saveList({ serverTime: tick(5), epoch: "e1", conversations: [stored("a", 1), stored("b", 2)] });
    expect(await store.saveChange({ ...change(5, 7, [stored("b", 4)]), removed: [idOf("a")] })).toBe(true);
    expect(await shape(use())).toEqual({ at: tick(7), rows: [[idOf("b"), 4, 4]] });
  });

  it("refuses a change with a gap before it, and one of another epoch, so that rows never lack what their watermark promises", async () => {
    const store = use();
    expect(await store.saveChange(change(5, 7, [stored("b", 4)]))).toBe(false);
    await store.saveList({ serverTime: tick(5), epoch: "e1", conversations: [stored("a", 1)] });
    expect(await store.saveChange(change(6, 7, [stored("b", 4)]))).toBe(false);
    expect(await store.saveChange({ ...change(5, 7, [stored("b", 4)]), epoch: "e2" })).toBe(false);
    expect(await shape(store)).toEqual({ at: tick(5), rows: [[idOf("a"), 1, 1]] });
  });

  it("leaves what a tab that is ahead has stored", async () => {
    const [ahead, behind] = [use(), use()];
    await ahead.saveList({ serverTime: tick(9), epoch: "e1", conversations: [stored("a", 3)] });
    expect(await behind.saveChange(change(5, 7, [stored("a", 2)]))).toBe(true);
    await behind.saveList({ serverTime: tick(8), epoch: "e1", conversations: [stored("a", 2)] });
    expect(await shape(behind)).toEqual({ at: tick(9), rows: [[idOf("a"), 3, 3]] });
  });

  it("takes another epoch's list in the place of everything", async () => {
    const store = use();
    await store.saveList({ serverTime: tick(9), epoch: "e1", conversations: [stored("a", 3), stored("b", 3)] });
    await store.saveList({ serverTime: tick(4), epoch: "e2", conversations: [stored("a", 1)] });
    expect(await shape(store)).toEqual({ at: tick(4), rows: [[idOf("a"), 1, 1]] });
  });

  it("[EPOCH-1] keeps messages through a list of the same epoch, and through the first one, but not through another epoch's", async () => {
    const store = use();
    await store.saveMessages(idOf("a"), [message("a", 1)]);
    await store.saveList({ serverTime: tick(4), epoch: "e1", conversations: [stored("a", 1)] });
    await store.saveList({ serverTime: tick(9), epoch: "e1", conversations: [stored("a", 1)] });
    expect(await use().loadMessages(idOf("a"))).toHaveLength(1);
    await store.saveList({ serverTime: tick(4), epoch: "e2", conversations: [stored("a", 1)] });
    expect(await use().loadMessages(idOf("a"))).toBeNull();
  });

  it("never forgets that something was seen", async () => {
    const store = use();
    await store.saveList({ serverTime: tick(5), epoch: "e1", conversations: [stored("a", 1)] });
    await store.saveSeen([stored("a", 4)], { serverTime: tick(5), epoch: "e1" });
    await store.saveChange(change(5, 7, [{ ...stored("a", 4), baseline: allSeen({ message_count: 1, last_seq: 1 }) }]));
    expect(await shape(store)).toEqual({ at: tick(7), rows: [[idOf("a"), 4, 4]] });
  });

  it("adds what was seen of a new conversation, unless a tab that is ahead may know of its end", async () => {
    const store = use();
    await store.saveSeen([stored("b", 4)], { serverTime: tick(5), epoch: "e1" });
    expect(await shape(store)).toBeNull();
    await store.saveList({ serverTime: tick(5), epoch: "e1", conversations: [stored("a", 1)] });
    await store.saveSeen([stored("b", 4)], { serverTime: tick(4), epoch: "e1" });
    await store.saveSeen([stored("c", 4)], { serverTime: tick(5), epoch: "e1" });
    expect((await shape(store))?.rows).toEqual([
      [idOf("a"), 1, 1],
      [idOf("c"), 4, 4],
    ]);
  });

  it("[EPOCH-1] changes nothing of a list by what a tab has seen in another history", async () => {
    const store = use();
    await store.saveList({ serverTime: tick(5), epoch: "e2", conversations: [stored("a", 4)] });
    await store.saveSeen([stored("a", 10)], { serverTime: tick(9), epoch: "e1" });
    expect((await shape(store))?.rows).toEqual([[idOf("a"), 4, 4]]);
  });

  it("keeps the messages of the conversations that were read last", async () => {
    const store = use();
    await store.saveMessages(idOf("a"), [message("a", 1)]);
    await store.saveMessages(idOf("a"), [message("a", 1), message("a", 2)]);
    await store.saveMessages(idOf("b"), [message("b", 1)]);
    await store.removeMessages([idOf("b")]);
    expect(await use().loadMessages(idOf("a"))).toHaveLength(2);
    expect(await store.loadMessages(idOf("b"))).toBeNull();
    for (let index = 0; index < 40; index++) await store.saveMessages(`c${index}`, [message("c", 1)]);
    expect(await store.loadMessages("c39")).toHaveLength(1);
    expect(await store.loadMessages("c0")).toBeNull();
  });

  it("[DEV-12] keeps what waits to be sent, in its order, until it is taken out", async () => {
    const store = use();
    expect(await store.saveOutgoing([send("z", 1), send("y", 2)], [])).toBe(true);
    await store.saveOutgoing([send("x", 3), { ...send("z", 1), state: "sending" }], [idOf("y")]);
    expect(await use().loadOutgoing(idOf("x"))).toEqual(send("x", 3));
    expect(await use().loadOutgoing(idOf("y"))).toBeUndefined();
    const entries = await waitingIn(use());
    expect(entries?.map(({ id, state }) => [id, state])).toEqual([
      [idOf("z"), "sending"],
      [idOf("x"), "waiting"],
    ]);
  });

  it("[DEV-12] gives what waits in the order of its writing, whatever the order of its storing", async () => {
    const store = use();
    for (const [name, order] of [
      ["c", 30],
      ["a", 10],
      ["d", 40],
      ["b", 20],
    ] as const) {
      await store.saveOutgoing([send(name, order)], []);
    }
    expect((await waitingIn(use())).map(({ id }) => id)).toEqual(["a", "b", "c", "d"].map(idOf));
  });

  it("[DEV-12] keeps what one tab found out about an entry, whichever tab stores it next", async () => {
    const [one, other] = [use(), use()];
    await one.saveOutgoing([{ ...send("z", 1), isFirst: true, expectedLastSeq: 4 }], []);
    await other.saveOutgoing([{ ...send("z", 1), isFirst: false, isUnsure: true }], []);
    await one.saveOutgoing([{ ...send("z", 1), isFirst: true, expectedLastSeq: 4, state: "sending" }], []);
    const expected = { isFirst: false, isUnsure: true, expectedLastSeq: null, state: "sending" };
    expect(await other.loadOutgoing(idOf("z"))).toMatchObject(expected);
  });
}
