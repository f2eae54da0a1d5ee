/** Changes to conversations: shown at once, kept while there is no network, taken back where they are refused. */
import { describe, expect, it } from "vitest";
import { explainUnread } from "../src/explain-unread.ts";
import { failure, isFailure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { NO_NETWORK, summary, turn, detail } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");

describe("a change", () => {
  it("shows before the server has answered", async () => {
    const { device, transport } = await openDevice();
    let answer: (value: unknown) => void = () => {};
    transport.answers.patch = () => new Promise((resolve) => (answer = resolve));
    const pinned = device.actions.setPinned(A, true);
    expect(device.conversations.list()[0]).toBe(A);
    await settle();
    answer(summary("a", 10, { pinned: true }));
    expect(await pinned).toBeUndefined();
    device.stop();
  });

  it("that the server refuses is taken back, and says why", async () => {
    const { device, transport } = await openDevice();
    transport.answers.patch = () => ({ ...failure("invalid_body", "The title is too long."), status: 400 });
    const renamed = await device.actions.rename(A, "x".repeat(501));
    expect(isFailure(renamed) && renamed.detail).toBe("The title is too long.");
    expect(device.conversations.get(A)?.title).toBe("Conversation a");
    device.stop();
  });

  it("[DEV-10] a deletion that was taken back leaves the conversation on screen when a sync tells of it", async () => {
    const { device, transport, environment, told } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    transport.answers.remove = () => ({ status: "trashed", purge_at: "" });
    transport.answers.restore = () => NO_NETWORK;
    await device.actions.remove(A);
    void device.actions.restore(A);
    await device.views.openConversation(A);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer({ ...increment(111), deleted_ids: [A] });
    transport.answers.restore = () => summary("a", 12, { server_time: tick(112), epoch: "e1" });
    await environment.emit("online");
    expect(told).toEqual([]);
    expect(device.conversations.get(A)).toMatchObject({ message_count: 12, unread: 0 });
    expect(device.views.get(A)).toMatchObject({ phase: "ready" });
    device.stop();
  });

  it("[DEV-12] made offline shows, goes out when the network is back, and of several the last one wins", async () => {
    const localStore = memoryLocalStore();
    const { device, transport, environment } = await openDevice({ localStore });
    await device.actions.rename(A, "one");
    await device.actions.rename(A, "two");
    await device.actions.setPinned(A, true);
    await settle();
    expect(device.conversations.get(A)).toMatchObject({ title: "two", pinned: true });
    expect(await localStore.loadOutbox()).toHaveLength(2);
    const tried = transport.named("patch").length;
    transport.answers.patch = () => summary("a", 10, { title: "two", pinned: true });
    await environment.emit("online");
    const sent = transport.named("patch").slice(tried);
    expect(sent).toEqual(
      expect.arrayContaining([
        [A, { title: "two" }],
        [A, { pinned: true }],
      ]),
    );
    expect(sent).toHaveLength(2);
    expect(await localStore.loadOutbox()).toEqual([]);
    device.stop();
  });

  it("[DEV-12] made offline is there after a reload", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    await first.device.actions.rename(A, "Offline title");
    await first.device.actions.remove(idOf("b"));
    first.device.stop();
    const second = wholeDevice({ localStore });
    await second.device.start();
    expect(second.device.conversations.get(A)?.title).toBe("Offline title");
    expect(second.device.conversations.get(idOf("b"))).toBeUndefined();
    second.device.stop();
  });

  it("[DEV-12] deleted and taken back offline never reaches the server as a deletion", async () => {
    const { device, transport, environment } = await openDevice();
    await device.actions.remove(A);
    await environment.advance(0);
    const tried = transport.named("remove").length;
    await device.actions.restore(A);
    expect(device.conversations.get(A)).toBeDefined();
    transport.answers.restore = () => summary("a", 10);
    await environment.emit("online");
    expect(transport.named("remove")).toHaveLength(tried);
    expect(transport.named("restore").length).toBeGreaterThan(0);
    device.stop();
  });

  it("deletes with no toast of its own, and a restore brings it back as it was", async () => {
    const { device, transport, environment, told } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    transport.answers.remove = () => ({ status: "trashed", purge_at: "" });
    transport.answers.restore = () => summary("a", 10, { server_time: tick(102), epoch: "e1" });
    await device.views.openConversation(A);
    await device.actions.remove(A);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(101, [], [A]));
    expect(told).toEqual([]);
    await device.actions.restore(A);
    expect(device.conversations.get(A)).toMatchObject({ message_count: 10, unread: 0 });
    device.stop();
  });

  it("deleting one that is gone already is as good as done", async () => {
    const { device, transport } = await openDevice();
    transport.answers.remove = () => ({ ...failure("conversation_not_found", "None."), status: 404 });
    expect(await device.actions.remove(A)).toBeUndefined();
    expect(device.conversations.get(A)).toBeUndefined();
    device.stop();
  });

  it("[DEV-8] [SYNC-11] one that is gone already stays gone until the server's moment of that is known", async () => {
    const { device, transport, environment } = await openDevice();
    const problem = { server_time: tick(150), epoch: "e1" };
    transport.answers.remove = () => ({ ...failure("conversation_trashed", "Gone."), status: 404, problem });
    await device.actions.remove(A);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(140, [row("a", 11, { at: 130 })]));
    expect(device.conversations.get(A)).toBeUndefined();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(160, [row("a", 12, { at: 155 })]));
    expect(device.conversations.get(A)).toMatchObject({ message_count: 12 });
    device.stop();
  });
});

describe("reading", () => {
  it("[DEV-3] marking as unread and as read shows at once and travels", async () => {
    const { device, transport } = await openDevice();
    transport.answers.markRead = () => summary("a", 10);
    await device.actions.markUnread(A);
    expect(device.conversations.get(A)?.unread).toBe(1);
    await device.actions.markRead(A);
    expect(device.conversations.get(A)?.unread).toBe(0);
    expect(transport.named("markRead")).toEqual([
      [A, { unread: true }],
      [A, { seq: 10 }],
    ]);
    device.stop();
  });

  it("[DEV-3] everything is read with one call, which can be taken back", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.markRead = () => summary("a", 10);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(140, [row("a", 12, { at: 112 }), row("b", 21, { at: 140 })]));
    expect(device.conversations.unreadConversations()).toBe(2);
    const { ids, answer, undo } = device.actions.markAllRead();
    expect(ids).toHaveLength(2);
    await answer;
    expect(device.conversations.unreadConversations()).toBe(0);
    await undo();
    expect(device.conversations.unreadConversations()).toBe(2);
    device.stop();
  });

  it("[DEV-3] the undo of a mark as unread leaves unread what came in after it", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.markRead = () => summary("a", 10);
    const { undo } = device.actions.changeMany([A], { key: "unread", value: true });
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(140, [row("a", 12, { at: 140 })]));
    await undo();
    expect(device.conversations.get(A)?.unread).toBe(2);
    device.stop();
  });

  it("[DEV-3] nor does it read what the open conversation's banner tells of, and nobody has seen", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    transport.answers.markRead = () => summary("a", 12);
    await device.views.openConversation(A);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(140, [row("a", 12, { at: 140 })]));
    expect(device.views.get(A)?.newMessages).toBe(2);
    const { undo } = device.actions.changeMany([A], { key: "unread", value: true });
    await undo();
    expect(transport.named("markRead").at(-1)).toEqual([A, { seq: 10 }]);
    device.views.closeConversation();
    expect(device.conversations.get(A)?.unread).toBe(2);
    device.stop();
  });

  it("marks very many as read a few at a time", async () => {
    const { device, transport, environment } = await openDevice();
    const names = Array.from({ length: 30 }, (_, index) => String.fromCodePoint(0x21 + index));
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(
      increment(
        140,
        names.map((name, index) => row(name, 2, { at: 110 + index })),
      ),
    );
    let atOnce = 0;
    let most = 0;
    transport.answers.markRead = async () => {
      most = Math.max(most, ++atOnce);
      await settle();
      atOnce--;
      return summary("a", 2);
    };
    await device.actions.markAllRead().answer;
    expect(transport.named("markRead")).toHaveLength(30);
    expect(most).toBe(4);
    expect(device.conversations.unreadConversations()).toBe(0);
    device.stop();
  });

  it("[DEV-3] in account scope a turn of one's own that ends on screen moves the read position, and only there", async () => {
    const { device, transport } = await openDevice({ unreadScope: "account" });
    transport.answers.open = () => ({ ...detail("a", 10), read_seq: 10, unread_count: 0 });
    transport.answers.markRead = () => summary("a", 10);
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    await settle();
    // The first is the badge's, which opening cleared.
    expect(transport.named("markRead")).toEqual([
      [A, { seq: 10 }],
      [A, { seq: 12 }],
    ]);
    device.views.closeConversation();
    expect(device.conversations.get(A)?.unread).toBe(0);
    await device.turns.send(A, "message 13");
    await settle();
    await transport.stream.feed(...turn("a", 13, ["Hi"]));
    await settle();
    expect(transport.named("markRead")).toHaveLength(2);
    device.stop();
  });

  it("[DEV-3] in device scope a turn of one's own moves no read position", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    await settle();
    expect(transport.named("markRead")).toEqual([]);
    device.stop();
  });
});

describe("status", () => {
  it("is in step only once the first answer of this visit is there, on a cold start and on a warm one", async () => {
    const cold = wholeDevice();
    await cold.device.start();
    await settle();
    expect(cold.device.status().state).toBe("syncing");
    await cold.transport.last.answer(full(100, [row("a", 10)]));
    expect(cold.device.status().state).toBe("synced");
    cold.device.stop();
    const warm = wholeDevice({ localStore: cold.localStore });
    await warm.device.start();
    await settle();
    expect(warm.device.status().state).toBe("syncing");
    await warm.transport.last.answer(increment(100));
    expect(warm.device.status().state).toBe("synced");
    warm.device.stop();
  });

  it("is quiet while all is well, and says nothing of trouble that is over within two seconds", async () => {
    const { device, transport, environment } = await openDevice();
    const states: string[] = [];
    device.subscribeStatus(() => states.push(device.status().state));
    await environment.advance(INTERVAL_MS);
    await transport.last.fail();
    await environment.advance(1000);
    await transport.last.answer(increment(100));
    expect(new Set(states)).toEqual(new Set(["synced"]));
    expect(device.status().lastSyncedAt).toBe(environment.now());
    device.stop();
  });

  it("says so after two seconds of trouble, with the retry's time, until the list has caught up", async () => {
    const { device, transport, environment } = await openDevice();
    await environment.advance(INTERVAL_MS);
    environment.randomValue = 0.999;
    await transport.last.fail();
    await environment.advance(999);
    await transport.last.fail();
    await environment.advance(1001);
    expect(device.status()).toMatchObject({ state: "waiting", problem: NO_NETWORK });
    expect(device.status().retryAt).toBeGreaterThan(environment.now());
    device.syncNow();
    await settle();
    expect(device.status().state).toBe("waiting");
    await transport.last.answer(increment(100));
    expect(device.status()).toMatchObject({ state: "synced", problem: null, retryAt: null });
    device.stop();
  });

  it("[SYNC-4] keeps saying so until the last page has come, and asks for one that fails no faster than for any", async () => {
    const { device, transport, environment } = await openDevice();
    const page = (at: number) => ({ ...increment(at, [row("a", 10, { at })]), has_more: true });
    environment.randomValue = 0.999;
    await environment.advance(INTERVAL_MS);
    await transport.last.fail();
    await environment.advance(999);
    await transport.last.fail();
    await environment.advance(1998);
    const syncedAt = device.status().lastSyncedAt;
    await transport.last.answer(page(101));
    expect(device.status()).toMatchObject({ state: "waiting", problem: NO_NETWORK, lastSyncedAt: syncedAt });
    await transport.last.answer(page(102));
    const asked = transport.asked.length;
    for (let delayMs = 999; delayMs < 30_000; delayMs *= 2) {
      await transport.last.fail();
      expect(device.status()).toMatchObject({ state: "waiting", problem: NO_NETWORK });
      await environment.advance(delayMs - 1);
      const before = transport.asked.length;
      await environment.advance(1);
      expect(transport.asked).toHaveLength(before + 1);
    }
    expect(transport.asked).toHaveLength(asked + 5);
    expect(transport.last.question.since).toBe(tick(102));
    await transport.last.answer(increment(103));
    expect(device.status()).toMatchObject({ state: "synced", problem: null, lastSyncedAt: environment.now() });
    device.stop();
  });

  it("[SYNC-4] is syncing where the pages of an answer take long together", async () => {
    const { device, transport, environment } = await openDevice();
    await environment.advance(INTERVAL_MS);
    for (const at of [101, 102, 103]) {
      await environment.advance(900);
      await transport.last.answer({ ...increment(at, [row("a", 10, { at })]), has_more: true });
    }
    expect(device.status().state).toBe("syncing");
    await transport.last.answer(increment(104));
    expect(device.status().state).toBe("synced");
    expect(environment.timerCount).toBe(1);
    device.stop();
  });

  it("keeps saying so where the device's clock steps back meanwhile", async () => {
    const { device, transport, environment } = await openDevice();
    environment.randomValue = 0.999;
    await environment.advance(INTERVAL_MS);
    await transport.last.fail();
    await environment.advance(999);
    await transport.last.fail();
    await environment.advance(1001);
    environment.clockErrorMs = -3_600_000;
    await environment.advance(1000);
    await transport.last.fail();
    expect(device.status()).toMatchObject({ state: "waiting", problem: NO_NETWORK });
    device.stop();
  });

  it("is offline where the browser says so too, syncing while an answer is slow, and asks for attention where nobody is signed in", async () => {
    const { device, transport, environment } = await openDevice();
    await environment.emit("offline");
    await transport.last.fail();
    await environment.advance(2000);
    expect(device.status().state).toBe("offline");
    await environment.emit("online");
    await transport.last.answer(increment(100));
    await transport.last.answer(increment(100));
    await environment.advance(INTERVAL_MS + 2000);
    expect(device.status().state).toBe("syncing");
    await transport.last.fail({ failed: "unauthorized", status: 401 });
    expect(device.status()).toMatchObject({ state: "attention", problem: { failed: "unauthorized" } });
    device.signedIn();
    await transport.last.answer(increment(100));
    expect(device.status().state).toBe("synced");
    device.stop();
  });

  it("explains a badge from baseline, read position and counts", async () => {
    const { device, transport, environment } = await openDevice();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(explainUnread(device.sync.store, A)).toEqual({
      unread: 2,
      scope: "device",
      reason: "new-messages",
      baselineCount: 10,
      baselineSeq: 10,
      messageCount: 12,
      lastSeq: 12,
      readSeq: 0,
      serverUnreadCount: 12,
    });
    expect(explainUnread(device.sync.store, "nobody")).toBeNull();
    device.stop();
  });
});
