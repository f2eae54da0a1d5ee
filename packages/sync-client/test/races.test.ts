/** The sixteen races that a public project of this kind found in itself, each in virtual time against a scripted server. */
import { type ConversationId, expandRow } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { applyFound, applyOwn } from "../src/apply-local.ts";
import { INTERVAL_MS, makeSyncedDevice } from "./device-fixture.ts";
import { openDevice } from "./whole-device.ts";
import { at, full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";

describe("races", () => {
  it("1: [DEV-8] a full sync judges only what was known before its request left", async () => {
    const { manager, server, store } = await makeSyncedDevice();
    void manager.fullSync();
    const made = expandRow(row("n", 0, { at: 105 }), "demo");
    manager.commit(applyOwn(store.state, made, at(105)));
    await server.last.answer(full(104, [row("a", 10), row("b", 20), row("c", 30)]));
    expect(store.conversations.get(idOf("n"))).toBeDefined();
    void manager.fullSync();
    await server.last.answer(full(106, [row("a", 10)]));
    expect(store.conversations.get(idOf("n"))).toBeUndefined();
    manager.stop();
  });

  it("8: [DEV-2] a full sync that another tab's news overtakes is asked again in full", async () => {
    const { manager, server } = await makeSyncedDevice();
    void manager.fullSync();
    const asked = server.last;
    const rest = { deleted_ids: [], is_full_sync: false, epoch: "e1", has_more: false, next_page: null };
    const response = { ...rest, conversations: [row("a", 12)], server_time: tick(120) };
    const news = { response, etag: null, since: tick(100) };
    manager.applyFromOtherTab(news);
    await asked.answer(full(110, [row("a", 10)]));
    expect(server.last.question.since).toBeNull();
    expect(server.last).not.toBe(asked);
    manager.stop();
  });

  it("1: [DEV-8] [SYNC-11] and one made here that is gone by the time of its answer is gone", async () => {
    const { manager, server, store } = await makeSyncedDevice();
    void manager.fullSync();
    const made = expandRow(row("n", 0, { at: 105 }), "demo");
    manager.commit(applyOwn(store.state, made, at(105)));
    await server.last.answer(full(107, [row("a", 10)]));
    expect(store.conversations.get(idOf("n"))).toBeUndefined();
    expect(server.asked).toHaveLength(2);
    manager.stop();
  });

  it.each(["increment", "full sync"])(
    "1: [DEV-8] one that was deleted elsewhere before its making was confirmed here is not brought back, after an %s",
    async (kind) => {
      const { device, transport } = await openDevice();
      let created: (value: unknown) => void = () => {};
      transport.answers.create = () => new Promise((resolve) => (created = resolve));
      const id = await device.turns.send(device.actions.createDraft(), "Hello");
      await settle();
      const rows = [row("a", 10), row("b", 20), row("c", 30)];
      if (kind === "increment") device.syncNow();
      else void device.sync.fullSync();
      await transport.last.answer(kind === "increment" ? increment(105, [], [id]) : full(105, rows));
      transport.refusals = [{ ...failure("conversation_trashed", "In the trash."), status: 404 }];
      created(summary("n", 0, { id }));
      await settle();
      await transport.last.answer(full(105, rows));
      expect(device.conversations.get(id)).toBeUndefined();
      device.stop();
    },
  );

  it("2: [DEV-8] a poll that left before a local change does not undo it", async () => {
    const { device, transport, environment } = await openDevice();
    const id = idOf("a");
    await environment.advance(INTERVAL_MS);
    const poll = transport.last;
    transport.answers.patch = () => summary("a", 10, { title: "Mine", server_time: tick(104), epoch: "e1" });
    await device.actions.rename(id, "Mine");
    expect(device.conversations.get(id)?.title).toBe("Mine");
    await poll.answer(increment(103, [row("a", 10, { title: "Old", pinned: true })]));
    expect(device.conversations.get(id)).toMatchObject({ title: "Mine", pinned: true });
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(105, [row("a", 10, { title: "Theirs, later", pinned: true })]));
    expect(device.conversations.get(id)?.title).toBe("Theirs, later");
    device.stop();
  });

  it("2: [DEV-8] nor does a poll that left before a restore take the conversation away again", async () => {
    const { device, transport, environment } = await openDevice();
    const id = idOf("a");
    transport.answers.remove = () => ({ status: "trashed", purge_at: tick(0) });
    transport.answers.restore = () => summary("a", 10, { server_time: tick(105), epoch: "e1" });
    await device.actions.remove(id);
    expect(device.conversations.list()).not.toContain(id);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(103, [], [id]));
    await environment.advance(INTERVAL_MS);
    const poll = transport.last;
    await device.actions.restore(id);
    await poll.answer(increment(104, [], [id]));
    expect(device.conversations.get(id)).toMatchObject({ unread: 0 });
    await transport.last.answer(increment(105, [row("a", 10)]));
    expect(device.conversations.get(id)).toMatchObject({ unread: 0 });
    device.stop();
  });

  it("3: one's own message can neither appear twice nor count as unread", async () => {
    const { device, transport, environment } = await openDevice();
    const id = idOf("a");
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(id);
    await device.turns.send(id, "message 11");
    await settle();
    const events = turn("a", 11, ["Hi"]);
    await transport.stream.feed(events[0] ?? null);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(111, [row("a", 11, { at: 111 })]));
    await transport.stream.feed(...events.slice(1));
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    const view = device.views.get(id);
    expect(view?.messages.slice(-2).map(({ seq }) => seq)).toEqual([11, 12]);
    expect(view?.newMessages).toBe(0);
    device.views.closeConversation();
    expect(device.conversations.get(id)?.unread).toBe(0);
    device.stop();
  });

  it("4: [DEV-5] the exact count is set before the flag is cleared, at no instant with a badge", async () => {
    const { device, transport, environment } = await openDevice();
    const id = idOf("a");
    const badges: (number | undefined)[] = [];
    await device.views.openConversation(id);
    device.conversations.subscribe(id, () => badges.push(device.conversations.get(id)?.unread));
    await device.turns.send(id, "message 11");
    await settle();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    expect(device.conversations.get(id)).toMatchObject({ message_count: 12, isGenerating: false });
    expect(new Set(badges)).toEqual(new Set([0]));
    device.stop();
  });

  it("4: [DEV-5] the exact count is of the turn's own messages, also where it is as many as before: asked again [MSG-3]", async () => {
    const { manager, server, environment, unread } = await makeSyncedDevice();
    server.unreadCount = 2;
    manager.setConversationStreaming(idOf("a"), true);
    manager.setLocalMessageCount(idOf("a"), 10);
    manager.setConversationStreaming(idOf("a"), false);
    await environment.advance(INTERVAL_MS);
    await server.last.answer(increment(112, [row("a", 10, { last_seq: 12, at: 112 })]));
    expect([unread("a"), server.unreadAsked]).toEqual([0, []]);
    await environment.advance(INTERVAL_MS);
    await server.last.answer(increment(113, [row("a", 11, { last_seq: 13, at: 113 })]));
    expect(unread("a")).toBe(1);
    manager.stop();
  });

  it("4: [DEV-5] nor is it fewer than are known: what an edit ended is no news until the echo comes", async () => {
    const { manager, server, environment, unread } = await makeSyncedDevice();
    manager.setConversationStreaming(idOf("a"), true);
    manager.setLocalMessageCount(idOf("a"), 4);
    manager.setConversationStreaming(idOf("a"), false);
    expect(unread("a")).toBe(0);
    await environment.advance(INTERVAL_MS);
    await server.last.answer(increment(112, [row("a", 4, { last_seq: 12, at: 112 })]));
    expect(unread("a")).toBe(0);
    manager.stop();
  });

  it("5: [SYNC-3] asks from the watermark of the answer that was applied, whatever came while it was on its way", async () => {
    const { manager, server, environment, store } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    const counts = { message_count: 12, last_seq: 12, updated_at: tick(120) };
    manager.takeTurnWord(idOf("a"), { counts, row: null, asOf: at(120) });
    await server.last.answer(increment(110));
    expect(store.state.watermark.serverTime).toBe(tick(110));
    await environment.advance(INTERVAL_MS);
    expect(server.last.question.since).toBe(tick(110));
    manager.stop();
  });

  it("6: [DEV-6] opening sets the baseline from the total, not from how many messages were loaded", async () => {
    const { device, transport, environment } = await openDevice();
    const id = idOf("c");
    transport.answers.open = () => detail("c", 80, { loaded: 50 });
    await device.views.openConversation(id);
    device.views.closeConversation();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(110, [row("c", 81, { at: 110 })]));
    expect(device.conversations.get(id)?.unread).toBe(1);
    device.stop();
  });

  it("7: [DEV-7] what a full sync discovers is not unread", async () => {
    const { manager, server, unread } = await makeSyncedDevice();
    void manager.fullSync();
    await server.last.answer(full(110, [row("a", 10), row("d", 5, { at: 109 })]));
    expect(unread("d")).toBe(0);
    manager.stop();
  });

  it("7: [DEV-3] what comes back from a deletion with other messages is counted by the server", async () => {
    const { manager, server, environment, unread } = await makeSyncedDevice();
    server.unreadCount = 2;
    await environment.advance(INTERVAL_MS);
    await server.last.answer(increment(110, [], [idOf("a")]));
    await environment.advance(INTERVAL_MS);
    await server.last.answer(increment(112, [row("a", 10, { last_seq: 12, at: 112 })]));
    expect(server.unreadAsked).toEqual([{ id: idOf("a"), afterSeq: 10 }]);
    await server.last.answer(increment(112));
    expect(unread("a")).toBe(2);
    manager.stop();
  });

  it("8: [DEV-2] a full sync asked for while one runs is queued, not dropped", async () => {
    const { manager, server, environment } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    void manager.fullSync();
    void manager.fullSync();
    await server.last.answer(increment(101));
    expect(server.last.question.since).toBeNull();
    await server.last.answer(full(101, [row("a", 10)]));
    expect(server.asked).toHaveLength(3);
    manager.stop();
  });

  it("9: [DEV-1] return from the back/forward cache syncs", async () => {
    const { manager, server, environment } = await makeSyncedDevice({ live: true });
    const held = server.last;
    await environment.emit("suspend");
    expect(held.signal.aborted).toBe(true);
    await environment.advance(10_000);
    const count = server.asked.length;
    await environment.emit("resume");
    expect(server.asked).toHaveLength(count + 1);
    manager.stop();
  });

  it("10: [DEV-2] stop during a poll leaves no timer, even when its answer still comes", async () => {
    const { manager, server, environment } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    manager.stop();
    await server.last.answer(increment(150));
    await environment.advance(10 * INTERVAL_MS);
    expect(environment.timerCount).toBe(0);
    expect(server.asked).toHaveLength(2);
  });

  it("11: an answer is applied to the state as it is when it comes, not as it was when it was asked for", async () => {
    const { manager, server, environment, store } = await makeSyncedDevice();
    await environment.advance(INTERVAL_MS);
    manager.setCurrentConversation(idOf("b"));
    manager.setConversationStreaming(idOf("a"), true);
    await server.last.answer(increment(110, [row("a", 11, { at: 110 }), row("b", 21, { at: 109 })]));
    expect(store.conversations.get(idOf("a"))?.message_count).toBe(10);
    expect(store.newOnScreen(idOf("b"))).toBe(1);
    manager.stop();
  });

  it("12: a conversation made elsewhere while the tab was hidden for long is shown", async () => {
    const { manager, server, environment, store } = await makeSyncedDevice();
    await environment.emit("hide");
    await environment.advance(400_000);
    await environment.emit("show");
    await server.last.answer(full(120, [row("a", 10), row("b", 20), row("c", 30), row("d", 2, { at: 119 })]));
    expect(store.conversations.list()[0]).toBe(idOf("d"));
    manager.stop();
  });

  it("13: a list fetch that is older than a running conversation does not take it away", async () => {
    const { manager, store } = await makeSyncedDevice();
    const made = expandRow(row("n", 1, { at: 111 }), "demo");
    manager.commit(applyOwn(store.state, made, at(111)));
    manager.setConversationStreaming(idOf("n"), true);
    const page = ["a", "b"].map((name) => expandRow(row(name, 1), "demo"));
    manager.commit(applyFound(store.state, page, at(110)));
    expect(store.conversations.get(idOf("n"))).toMatchObject({ isGenerating: true });
    expect(store.conversations.get(idOf("a"))?.message_count).toBe(10);
    manager.stop();
  });

  it("14: a rename reaches everybody who looks, since there is one store and no copy", async () => {
    const { device, transport, environment } = await openDevice();
    const titles: (string | undefined)[] = [];
    const id = idOf("a");
    for (const place of ["sidebar", "header"]) {
      device.conversations.subscribe(id, () => titles.push(`${place} ${device.conversations.get(id)?.title}`));
    }
    let others = 0;
    device.conversations.subscribe(idOf("b"), () => others++);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(101, [row("a", 10, { title: "New" })]));
    expect(titles).toEqual(["sidebar New", "header New"]);
    expect(others).toBe(0);
    device.stop();
  });

  it("15: a stream's text stays with its own conversation, whatever is open", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = (id: ConversationId) => (id === idOf("a") ? detail("a", 10) : detail("b", 20));
    await device.views.openConversation(idOf("a"));
    await device.turns.send(idOf("a"), "message 11");
    await settle();
    const events = turn("a", 11, ["one ", "two"]);
    await transport.stream.feed(...events.slice(0, 2));
    await device.views.openConversation(idOf("b"));
    await transport.stream.feed(events[2] ?? null);
    expect(device.views.get(idOf("b"))).toMatchObject({ reply: null });
    expect(device.views.get(idOf("a"))?.reply).toMatchObject({ text: "one two", phase: "streaming" });
    await transport.stream.feed(...events.slice(3));
    expect(device.views.get(idOf("b"))?.messages).toHaveLength(20);
    expect(device.views.get(idOf("a"))?.messages.at(-1)?.content).toBe("one two");
    device.stop();
  });

  it("16: [TURN-5] a stopped reply doesn't grow back: its stored text replaces what was streamed", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    transport.answers.stopReply = () => ({ status: "stopped" });
    await device.views.openConversation(idOf("a"));
    await device.turns.send(idOf("a"), "message 11");
    await settle();
    const events = turn("a", 11, ["one ", "two "]);
    await transport.stream.feed(...events.slice(0, 3));
    await device.turns.stop(idOf("a"));
    expect(device.views.get(idOf("a"))?.reply?.phase).toBe("stopping");
    const stopped = message("a", 12, { role: "assistant", content: "one ", status: "stopped" });
    const done = { message: stopped, message_count: 12, last_seq: 12, title: "t", updated_at: tick(12) };
    await transport.stream.feed(
      { id: 4, event: "done", data: done },
      { id: 5, event: "token", data: { text: "late" } },
    );
    expect(device.views.get(idOf("a"))).toMatchObject({ reply: null });
    expect(device.views.get(idOf("a"))?.messages.at(-1)).toMatchObject({ content: "one ", status: "stopped" });
    device.stop();
  });
});
