/** What answers do to the list: DEV-3 to DEV-10 through the coordinator and the store, against a scripted server. */
import { type ConversationId, expandRow } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { applyFound, applyOwn } from "../src/apply-local.ts";
import { explainUnread } from "../src/explain-unread.ts";
import { INTERVAL_MS, makeDevice, makeSyncedDevice, type Fixture } from "./device-fixture.ts";
import { at, full, idOf, increment, row, tick } from "./scripted-server.ts";

/** The next poll brings this. */
async function poll(device: Fixture, response: Parameters<Fixture["server"]["last"]["answer"]>[0]): Promise<void> {
  await device.environment.advance(INTERVAL_MS);
  await device.server.last.answer(response);
}

describe("unread", () => {
  it("[DEV-3] counts what came after this tab's baseline, and never below zero", async () => {
    const device = await makeSyncedDevice();
    await poll(device, increment(110, [row("a", 13, { at: 110 })]));
    expect(device.unread("a")).toBe(3);
    device.manager.incrementLocalMessageCount(idOf("a"), 10);
    expect(device.unread("a")).toBe(0);
    device.manager.stop();
  });

  it("[DEV-3] shows none for the conversation on screen, and what came meanwhile once it is left", async () => {
    const device = await makeSyncedDevice();
    device.manager.setCurrentConversation(idOf("a"));
    await poll(device, increment(110, [row("a", 12, { at: 110 })]));
    expect(device.unread("a")).toBe(0);
    device.manager.setCurrentConversation(null);
    expect(device.unread("a")).toBe(2);
    device.manager.stop();
  });

  it("[DEV-3] moves the baseline to a shared read position that is ahead of it, and never back to one behind", async () => {
    const device = await makeSyncedDevice();
    await poll(device, increment(110, [row("a", 15, { at: 110 })]));
    expect(device.unread("a")).toBe(5);
    await poll(device, increment(111, [row("a", 15, { at: 110, read_seq: 13, unread_count: 2 })]));
    expect(device.unread("a")).toBe(2);
    await poll(device, increment(112, [row("b", 20, { read_seq: 3, unread_count: 17 })]));
    expect(device.unread("b")).toBe(0);
    device.manager.stop();
  });

  it("[DEV-3] asks the server where messages were deleted, and shows no false badge meanwhile", async () => {
    const device = await makeSyncedDevice();
    device.server.unreadCount = 2;
    await poll(device, increment(110, [row("a", 10, { at: 110, last_seq: 12 })]));
    expect(device.server.unreadAsked).toEqual([{ id: idOf("a"), afterSeq: 10 }]);
    expect(device.unread("a")).toBe(0);
    await device.server.last.answer(increment(110));
    expect(device.unread("a")).toBe(2);
    await poll(device, increment(111, [row("a", 11, { at: 111, last_seq: 13 })]));
    expect(device.server.unreadAsked).toHaveLength(1);
    expect(device.unread("a")).toBe(3);
    device.manager.stop();
  });

  it("[DEV-3] asks anew with the next sync where the count could not be had", async () => {
    const device = await makeSyncedDevice();
    device.server.isFailing = true;
    await poll(device, increment(110, [row("a", 10, { at: 110, last_seq: 12 })]));
    expect(device.unread("a")).toBe(0);
    device.server.isFailing = false;
    device.server.unreadCount = 2;
    await poll(device, increment(110));
    await device.server.last.answer(increment(110));
    expect(device.unread("a")).toBe(2);
    device.manager.stop();
  });

  it("[DEV-3] takes no count for a row that it may not belong to", async () => {
    const device = await makeSyncedDevice();
    device.server.unreadCount = 3;
    await poll(device, increment(110, [row("a", 10, { at: 110, last_seq: 12 })]));
    await device.server.last.answer(increment(111, [row("a", 11, { at: 111, last_seq: 13 })]));
    expect(device.unread("a")).toBe(1);
    expect(device.server.unreadAsked).toHaveLength(2);
    await device.server.last.answer(increment(111));
    expect(device.unread("a")).toBe(3);
    device.manager.stop();
  });

  it("[DEV-3] reading clears the badge here at once and tells the server up to where", async () => {
    const reads: unknown[] = [];
    const device = await makeSyncedDevice({ hooks: { onRead: (id, count) => reads.push([id, count]) } });
    await poll(device, increment(110, [row("a", 13, { at: 110 })]));
    device.manager.markConversationRead(idOf("a"), 13);
    expect(device.unread("a")).toBe(0);
    expect(reads).toEqual([[idOf("a"), 13]]);
    device.manager.stop();
  });

  it("[DEV-3] shows the server's count where the account shares what is read", async () => {
    const device = await makeSyncedDevice({ unreadScope: "account" });
    expect(device.unread("a")).toBe(10);
    await poll(device, increment(110, [row("a", 12, { at: 110, read_seq: 10, unread_count: 2 })]));
    expect(device.unread("a")).toBe(2);
    await poll(device, increment(111, [row("a", 12, { at: 110, read_seq: 12 })]));
    expect(device.unread("a")).toBe(0);
    device.manager.stop();
  });

  it("[DEV-3] shows one that was marked as unread, with nothing new in it", async () => {
    const device = await makeSyncedDevice();
    await poll(device, increment(110, [row("a", 10, { marked_unread: true })]));
    expect(device.unread("a")).toBe(1);
    expect(explainUnread(device.store, idOf("a"))).toMatchObject({
      reason: "marked-unread",
      unread: 1,
    });
    device.manager.stop();
  });
});

it("[DEV-5] what is open on a hidden page is not on screen, whoever asks why it has a badge", async () => {
  const device = await makeSyncedDevice();
  device.manager.setCurrentConversation(idOf("a"));
  await poll(device, increment(110, [row("a", 12, { at: 110 })]));
  expect(explainUnread(device.store, idOf("a"))).toMatchObject({ reason: "on-screen", unread: 0 });
  await device.environment.emit("hide");
  expect(explainUnread(device.store, idOf("a"))).toMatchObject({ reason: "new-messages", unread: 2 });
  device.manager.stop();
});

describe("a turn of this tab's own", () => {
  it.each(["turn", "unsure", "taken-over", "version"] as const)(
    "[DEV-3] a conversation that is held for %s says so where one asks why it has no badge",
    async (holder) => {
      const device = await makeSyncedDevice();
      const why = (): unknown => explainUnread(device.store, idOf("a"))?.reason;
      device.manager.hold(idOf("a"), holder, true);
      expect(why()).toBe("held");
      device.manager.hold(idOf("a"), holder, false);
      expect(why()).toBe("all-read");
      device.manager.stop();
    },
  );

  it("[DEV-4] keeps what a sync brings for it, and applies that at the turn's end", async () => {
    const device = await makeSyncedDevice();
    const id = idOf("a");
    device.manager.setConversationStreaming(id, true);
    await poll(device, increment(110, [row("a", 11, { at: 110, title: "Renamed elsewhere" })]));
    expect(device.store.conversations.get(id)).toMatchObject({ title: "Conversation a", message_count: 10, unread: 0 });
    device.manager.setLocalMessageCount(id, 12);
    device.manager.setConversationStreaming(id, false);
    expect(device.store.conversations.get(id)).toMatchObject({ title: "Renamed elsewhere", unread: 0 });
    await poll(device, increment(112, [row("a", 12, { at: 112, title: "Renamed elsewhere" })]));
    expect(device.unread("a")).toBe(0);
    device.manager.stop();
  });

  it("[DEV-4] a deletion is applied at once", async () => {
    const device = await makeSyncedDevice();
    device.manager.setConversationStreaming(idOf("a"), true);
    await poll(device, increment(110, [], [idOf("a")]));
    expect(device.store.conversations.get(idOf("a"))).toBeUndefined();
    device.manager.stop();
  });

  it("[DEV-5] a turn's exact counts are seen, and a row from before does not take them back", async () => {
    const device = await makeSyncedDevice();
    const id = idOf("a");
    device.manager.setConversationStreaming(id, true);
    await poll(device, increment(110, [row("a", 11, { at: 110 })]));
    const counts = { message_count: 12, last_seq: 12, title: "T", updated_at: tick(111) };
    device.manager.takeTurnWord(id, { counts, row: null, asOf: at(111) });
    device.manager.setConversationStreaming(id, false);
    expect(device.store.conversations.get(id)).toMatchObject({
      message_count: 12,
      last_seq: 12,
      title: "T",
      unread: 0,
    });
    await poll(device, increment(115, [row("a", 13, { at: 115, title: "T" })]));
    expect(device.unread("a")).toBe(1);
    device.manager.stop();
  });

  it("[DEV-5] asking again, which ends messages, drifts nothing", async () => {
    const device = await makeSyncedDevice();
    const id = idOf("a");
    device.manager.setConversationStreaming(id, true);
    device.manager.takeTurnWord(id, { counts: { message_count: 10, last_seq: 11 }, row: null, asOf: at(111) });
    device.manager.setConversationStreaming(id, false);
    await poll(device, increment(111, [row("a", 10, { at: 111, last_seq: 11 })]));
    expect(device.unread("a")).toBe(0);
    expect(device.server.unreadAsked).toHaveLength(0);
    await poll(device, increment(112, [row("a", 11, { at: 112, last_seq: 12 })]));
    expect(device.unread("a")).toBe(1);
    device.manager.stop();
  });
});

describe("what is found, and what is gone", () => {
  it("[DEV-7] what a full sync finds is not unread and stands where it sorts", async () => {
    const device = await makeSyncedDevice();
    expect(device.store.conversations.list()).toEqual([idOf("c"), idOf("b"), idOf("a")]);
    const found = device.manager.fullSync();
    await device.server.last.answer(
      full(120, [
        row("a", 10),
        row("b", 20),
        row("c", 30),
        row("d", 7, { at: 25 }),
        row("e", 1, { at: 1, pinned: true }),
      ]),
    );
    await found;
    expect(device.store.conversations.list()).toEqual(["e", "c", "d", "b", "a"].map(idOf));
    expect(["d", "e"].map(device.unread)).toEqual([0, 0]);
    device.manager.stop();
  });

  it("[DEV-7] what paging finds is not unread, and a list that is older replaces nothing", async () => {
    const device = await makeSyncedDevice();
    const { store } = device;
    await poll(device, increment(110, [row("a", 12, { at: 110 })], [idOf("c")]));
    const rows = [row("a", 10), row("c", 30), row("d", 5)].map((each) => expandRow(each, "demo"));
    device.manager.commit(applyFound(store.state, rows.slice(0, 2), at(105)));
    device.manager.commit(applyFound(store.state, rows.slice(2), at(111)));
    expect(store.conversations.list()).toEqual(["a", "b", "d"].map(idOf));
    expect(["a", "d"].map(device.unread)).toEqual([2, 0]);
    device.manager.stop();
  });

  it("[DEV-7] a conversation made elsewhere after the start is unread", async () => {
    const device = await makeSyncedDevice();
    await poll(device, increment(110, [row("d", 2, { at: 110 })]));
    expect(device.unread("d")).toBe(2);
    expect(device.store.conversations.unreadConversations()).toBe(1);
    device.manager.stop();
  });

  it("[DEV-7] one that is restored or imported brings nothing new, so it is not unread", async () => {
    const device = await makeSyncedDevice();
    await poll(device, increment(110, [], [idOf("a")]));
    await poll(device, increment(111, [row("a", 11, { at: 105 }), row("f", 40, { at: 3 })]));
    expect(device.unread("a")).toBe(1);
    expect(device.unread("f")).toBe(0);
    device.manager.stop();
  });

  it("[DEV-8] a full sync removes what is not in it, and an increment what it names", async () => {
    const device = await makeSyncedDevice();
    await poll(device, increment(110, [], [idOf("a")]));
    expect(device.store.conversations.list()).toEqual([idOf("c"), idOf("b")]);
    void device.manager.fullSync();
    await device.server.last.answer(full(111, [row("c", 30)]));
    expect(device.store.conversations.list()).toEqual([idOf("c")]);
    device.manager.stop();
  });

  it("[SYNC-4] judges missing only after the last page", async () => {
    const device = await makeSyncedDevice();
    void device.manager.fullSync();
    await device.server.last.answer({ ...full(110, [row("a", 10)]), has_more: true, next_page: "p2" });
    expect(device.server.last.question).toMatchObject({ page: "p2" });
    expect(device.store.conversations.list()).toHaveLength(3);
    await device.server.last.answer(full(110, [row("b", 20)]));
    expect(device.store.conversations.list()).toEqual([idOf("b"), idOf("a")]);
    device.manager.stop();
  });

  it("[ID-1] what lives on this device only is neither synced nor missing", async () => {
    const device = await makeSyncedDevice();
    const draft = `temp-${idOf("z")}` as ConversationId;
    const own = expandRow({ ...row("z", 0), id: draft }, "demo");
    device.manager.commit(applyOwn(device.store.state, own, null));
    void device.manager.fullSync();
    await device.server.last.answer(full(110, [row("a", 10)]));
    expect(device.store.conversations.list()).toEqual([idOf("a"), draft]);
    device.manager.stop();
  });
});

describe("the conversation on screen", () => {
  it("[DEV-9] changed elsewhere: the page is told how many, and a rename is no news", async () => {
    const device = await makeSyncedDevice();
    device.manager.setCurrentConversation(idOf("a"));
    await poll(device, increment(110, [row("a", 12, { at: 110 })]));
    await poll(device, increment(111, [row("b", 20, { title: "x" })]));
    expect(device.told).toEqual(["updated 1", "banner 2", "updated 1"]);
    device.manager.stop();
  });

  it("[DEV-9] a read position moved elsewhere does not hide what is not shown here", async () => {
    const device = await makeSyncedDevice();
    device.manager.setCurrentConversation(idOf("a"));
    await poll(device, increment(110, [row("a", 12, { at: 110, read_seq: 12, unread_count: 0 })]));
    expect(device.store.newOnScreen(idOf("a"))).toBe(2);
    device.manager.stop();
  });

  it("[DEV-10] deleted elsewhere: told once, by tombstone or by its absence", async () => {
    const device = await makeSyncedDevice();
    device.manager.setCurrentConversation(idOf("a"));
    await poll(device, increment(110, [], [idOf("a")]));
    await poll(device, increment(111, [], [idOf("a")]));
    device.manager.setCurrentConversation(idOf("b"));
    void device.manager.fullSync();
    await device.server.last.answer(full(112, [row("c", 30)]));
    expect(device.told.filter((line) => line.startsWith("deleted"))).toEqual([
      "deleted Conversation a",
      "deleted Conversation b",
    ]);
    device.manager.stop();
  });
});

describe("history that was rewound", () => {
  it("[SYNC-6] a server time that goes backwards makes a full sync, which replaces what is known", async () => {
    const device = await makeSyncedDevice();
    await poll(device, increment(90, [row("a", 8, { at: 90 })]));
    expect(device.store.conversations.get(idOf("a"))?.message_count).toBe(10);
    expect(device.server.last.question.since).toBeNull();
    await device.server.last.answer(full(90, [row("a", 8)]));
    expect(device.store.conversations.list()).toEqual([idOf("a")]);
    expect(device.store.conversations.get(idOf("a"))).toMatchObject({ message_count: 8, unread: 0 });
    expect(device.store.state.watermark.serverTime).toBe(tick(90));
    device.manager.stop();
  });

  it("[EPOCH-1] another epoch's full answer replaces counts, and what comes after it is counted from there", async () => {
    const device = await makeSyncedDevice();
    await poll(device, { ...full(95, [row("a", 6), row("b", 20)]), epoch: "e2" });
    expect(["a", "b"].map(device.unread)).toEqual([0, 0]);
    await poll(device, { ...increment(111, [row("a", 8, { at: 111 })]), epoch: "e2" });
    expect(device.unread("a")).toBe(2);
    device.manager.stop();
  });

  it("[SYNC-8] a full sync asks whether anything changed only while its answer is exactly what is known", async () => {
    const device = makeDevice();
    device.manager.start();
    await device.server.last.answer(full(100, [row("a", 1)]), { etag: '"e1-100"' });
    void device.manager.fullSync();
    expect(device.server.last.question.etag).toBe('"e1-100"');
    await device.server.last.notModified();
    await poll(device, increment(100));
    void device.manager.fullSync();
    expect(device.server.last.question.etag).toBe('"e1-100"');
    await device.server.last.notModified();
    expect(device.store.conversations.list()).toEqual([idOf("a")]);
    await poll(device, increment(101, [row("a", 2, { at: 101 })]));
    void device.manager.fullSync();
    expect(device.server.last.question.etag).toBeNull();
    device.manager.stop();
  });
});
