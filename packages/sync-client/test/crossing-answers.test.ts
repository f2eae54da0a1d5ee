/** Answers that cross: of two words about a conversation the later one stands, wherever each came from [SYNC-11]. */
import type { ConversationDetail } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { heldAnswer } from "./held-answer.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice } from "./whole-device.ts";

const [A, B, D] = [idOf("a"), idOf("b"), idOf("d")];
const said = (time: number) => ({ server_time: tick(time), epoch: "e1" });
const seqsOf = ({ device }: WholeDevice, id = A): number[] =>
  device.views.get(id)?.messages.map(({ seq }) => seq) ?? [];
const run = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("[DEV-8] [SYNC-11] a conversation that is there again", () => {
  it("stays in the list, though a poll that left before the undo of its deletion comes after that", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.remove = () => ({ status: "trashed", purge_at: tick(0), ...said(103) });
    transport.answers.restore = () => summary("a", 10, said(105));
    await device.actions.remove(A);
    await environment.advance(INTERVAL_MS);
    const poll = transport.last;
    await device.actions.restore(A);
    expect(device.conversations.list()).toContain(A);
    await poll.answer(increment(104, [], [A]));
    expect(device.conversations.list()).toContain(A);
    device.stop();
  });

  it("is not called deleted where it is open, either", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.answers.remove = () => ({ status: "trashed", purge_at: tick(0), ...said(103) });
    transport.answers.restore = () => summary("a", 10, said(105));
    await device.actions.remove(A);
    await environment.advance(INTERVAL_MS);
    const poll = transport.last;
    await device.actions.restore(A);
    await device.views.openConversation(A);
    await poll.answer(increment(104, [], [A]));
    expect(device.views.get(A)?.phase).toBe("ready");
    device.stop();
  });

  it("is not called deleted by a poll that is older than its opening", async () => {
    const { device, transport, environment, told } = await openDevice();
    await environment.advance(INTERVAL_MS);
    const poll = transport.last;
    // Another device has deleted it at 103 and taken it back at 105.
    transport.answers.open = () => ({ ...detail("a", 10), ...said(106) });
    await device.views.openConversation(A);
    await poll.answer(increment(104, [], [A]));
    expect(told).toEqual([]);
    expect(device.conversations.list()).toContain(A);
    expect(device.views.get(A)?.phase).toBe("ready");
    device.stop();
  });
});

describe("[DEV-7] a conversation that was made elsewhere after the start", () => {
  it("is unread, though somebody was on the way to it at its address and left before it was there", async () => {
    const { device, transport, environment } = await openDevice();
    const late = heldAnswer<ConversationDetail>();
    transport.answers.open = late.answer;
    void device.views.openConversation(D);
    await settle();
    device.views.closeConversation();
    await late.give({ ...detail("d", 4, { updated_at: tick(110) }), ...said(110) });
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(110, [row("d", 4, { at: 110 })]));
    expect(device.conversations.get(D)?.unread).toBe(4);
    device.stop();
  });
});

describe("[DEV-9] what is loaded", () => {
  it("is never of before what was loaded already, though the numbers go as far", async () => {
    const whole = await openDevice();
    const first = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = first.answer;
    void whole.device.views.openConversation(A);
    await settle();
    whole.transport.answers.open = () => ({ ...detail("b", 20), ...said(105) });
    await whole.device.views.openConversation(B);
    // Another device asks the last reply again: it is ended, and the new one runs.
    const active_reply = { reply_id: message("a", 11).id, text: "", last_event_id: 1 };
    const later = {
      ...detail("a", 9),
      ...said(111),
      last_seq: 10,
      active_reply,
      active_reply_id: active_reply.reply_id,
    };
    whole.transport.answers.open = () => later;
    await whole.device.views.openConversation(A);
    expect(seqsOf(whole).at(-1)).toBe(9);
    await first.give({ ...detail("a", 10), ...said(105) });
    expect(seqsOf(whole).at(-1)).toBe(9);
    whole.device.stop();
  });

  it("has nothing of what a turn of one's own has replaced since it was asked for", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    first.transport.answers.open = () => detail("a", 10);
    await first.device.views.openConversation(A);
    first.device.stop();
    const whole = wholeDevice({ localStore });
    await whole.device.start();
    await whole.transport.last.answer(increment(100));
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = late.answer;
    void whole.device.views.openConversation(A);
    await settle();
    expect(seqsOf(whole).at(-1)).toBe(10);
    await whole.device.turns.askAgain(A, 10);
    await settle();
    const replyId = message("a", 11).id;
    const conversation = row("a", 9, { at: 10, last_seq: 10, active_reply_id: replyId });
    const data = { user_message: message("a", 9), reply_id: replyId, message_count: 9, conversation, ...said(111) };
    await whole.transport.stream.feed({ id: 1, event: "start", data });
    expect(seqsOf(whole).at(-1)).toBe(9);
    whole.transport.answers.open = () => ({ ...detail("a", 9), ...said(111), last_seq: 10 });
    await late.give({ ...detail("a", 10), ...said(101) });
    expect(seqsOf(whole).at(-1)).toBe(9);
    whole.device.stop();
  });

  it("never lacks a turn of one's own that was shown already, however often an answer is late", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    const [one, two] = [heldAnswer<ConversationDetail>(), heldAnswer<ConversationDetail>()];
    transport.answers.open = one.answer;
    void device.views.openConversation(A);
    await settle();
    transport.answers.open = () => ({ ...detail("a", 12), ...said(112) });
    await device.turns.send(A, "message 11");
    await settle();
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    expect(seqsOf(whole).at(-1)).toBe(12);
    transport.answers.open = two.answer;
    await one.give({ ...detail("a", 10), ...said(101) });
    await device.turns.send(A, "message 13");
    await settle();
    await transport.stream.feed(...turn("a", 13, ["Hi"]));
    expect(seqsOf(whole).at(-1)).toBe(14);
    transport.answers.open = () => ({ ...detail("a", 14), ...said(114) });
    await two.give({ ...detail("a", 12), ...said(112) });
    expect(seqsOf(whole).at(-1)).toBe(14);
    expect(device.views.get(A)?.newMessages).toBe(0);
    device.stop();
  });

  it("says of no reply that its turn has failed, once another device has had one", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    const [start] = turn("a", 11, []);
    const counts = { message_count: 11, last_seq: 11, title: "Conversation a", updated_at: tick(111) };
    const error = {
      code: "model_failed" as const,
      detail: "",
      retryable: true,
      message: null,
      ...counts,
      ...said(112),
    };
    await transport.stream.feed(start ?? null, { id: 2, event: "error", data: error });
    expect(device.views.get(A)?.turnFailure).toMatchObject({ askAgainFromSeq: 11 });
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(120, [row("a", 12, { at: 120 })]));
    transport.answers.messages = () => ({
      messages: [message("a", 12)],
      message_pagination: { ...detail("a", 12).message_pagination, last_seq: 12 },
    });
    await device.views.loadNewer(A);
    expect(seqsOf(whole).at(-1)).toBe(12);
    expect(device.views.get(A)?.turnFailure).toBeNull();
    device.stop();
  });
});

describe("[DEV-9] [DEV-12] a turn's failure", () => {
  it("stands under no reply of the next one, which was written before it failed", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    await device.turns.send(A, "message 12");
    const [start] = turn("a", 11, []);
    const counts = { message_count: 11, last_seq: 11, title: "Conversation a", updated_at: tick(111) };
    const error = {
      code: "model_failed" as const,
      detail: "",
      retryable: true,
      message: null,
      ...counts,
      ...said(112),
    };
    await transport.stream.feed(start ?? null, { id: 2, event: "error", data: error });
    await settle();
    const user_message = message("a", 12, { role: "user" });
    const reply = message("a", 13, { role: "assistant" });
    const conversation = row("a", 13, { at: 114 });
    await transport.stream.feed(
      { id: 1, event: "start", data: { user_message, reply_id: reply.id, message_count: 12, ...said(113) } },
      {
        id: 2,
        event: "done",
        data: { ...counts, message: reply, message_count: 13, last_seq: 13, conversation, ...said(114) },
      },
    );
    expect(seqsOf(whole).slice(-3)).toEqual([11, 12, 13]);
    expect(device.views.get(A)?.turnFailure).toBeNull();
    device.stop();
  });
});

describe("[MSG-5] [DEV-9] around what a search found", () => {
  it("nothing stays on screen that a long version has replaced, once that was brought back", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    transport.answers.open = () => ({ ...detail("a", 70, { loaded: 10 }), ...said(100) });
    transport.answers.messages = () => ({
      messages: run(5, 14).map((seq) => message("a", seq)),
      message_pagination: {
        ...detail("a", 70).message_pagination,
        last_seq: 70,
        has_newer: true,
        has_older: true,
        older_cursor: "5",
      },
    });
    await device.views.openConversation(A, 10);
    expect(seqsOf(whole)).toEqual(run(5, 14));
    // A version of 90 messages that stood where message 10 stands: 10 to 70 are ended, and 71 to 160 are what came back.
    const after = { ...summary("a", 99, { last_seq: 160 }), ...said(120) };
    const newest = { ...detail("a", 160, { loaded: 50 }), ...after };
    const pagination = { ...newest.message_pagination, total_count: 99, last_seq: 160 };
    transport.answers.open = () => ({ ...newest, message_pagination: pagination });
    transport.answers.restoreVersion = () => ({ messages: [], message_pagination: pagination, ...said(120) });
    await device.versions.bringBack(A, "7c7c7c7c-0000-4000-8000-000000000001");
    await settle();
    expect(seqsOf(whole).filter((seq) => seq >= 10 && seq <= 70)).toEqual([]);
    device.stop();
  });

  it("what stands there is never joined on to newest messages that were ended since", async () => {
    const whole = await openDevice();
    const { device, transport } = whole;
    transport.answers.open = () => ({ ...detail("a", 100, { loaded: 20 }), ...said(100) });
    await device.views.openConversation(A);
    expect(seqsOf(whole)).toEqual(run(81, 100));
    // Another device has edited message 60, which no sync has told of: 1 to 59 are left, and 101 and 102 came.
    transport.answers.messages = () => ({
      messages: [...run(50, 59), 101, 102].map((seq) => message("a", seq)),
      message_pagination: {
        ...detail("a", 61).message_pagination,
        last_seq: 102,
        has_older: true,
        older_cursor: "50",
        has_newer: false,
      },
      ...said(110),
    });
    await device.views.openConversation(A, 55);
    const seqs = seqsOf(whole);
    const at = seqs.indexOf(59);
    expect(seqs.slice(at, at + 2)).toEqual([59, 101]);
    device.stop();
  });
});

describe("[DEV-5] the reply of a turn that ends on a hidden page", () => {
  it("is unread, also where the conversation has to be loaded anew for it", async () => {
    const whole = await openDevice();
    const { device, transport, environment } = whole;
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    transport.answers.markRead = () => summary("a", 14, said(200));
    await device.views.openConversation(A);
    // Two messages have come from elsewhere, and wait in the banner; what is written now is appended to them.
    const late = heldAnswer<unknown>();
    transport.answers.sendBatch = late.answer;
    await device.turns.send(A, "message 13", { mode: "batch" });
    await settle();
    await environment.emit("hide");
    transport.answers.open = () => ({ ...detail("a", 14), ...said(114) });
    await late.give({
      user_message: message("a", 13),
      message: message("a", 14),
      message_count: 14,
      last_seq: 14,
      title: "Conversation a",
      updated_at: tick(114),
      conversation: row("a", 14, { at: 114 }),
      ...said(114),
    });
    expect(device.conversations.get(A)?.unread).toBe(1);
    expect(device.conversations.unreadConversations()).toBe(1);
    device.stop();
  });
});

describe("[DEV-3] [DEV-5] what is loaded on a hidden page", () => {
  it("is neither seen nor read by the account, when another tab has reached the server", async () => {
    const browser = memoryTabs();
    const whole = await openDevice({ tabs: browser() });
    const { device, transport, environment } = whole;
    transport.answers.open = () => NO_NETWORK;
    transport.answers.markRead = () => summary("a", 12, said(200));
    await device.views.openConversation(A);
    await environment.emit("hide");
    const other = browser();
    const rest = { deleted_ids: [], is_full_sync: false, epoch: "e1", has_more: false, next_page: null };
    const response = { ...rest, conversations: [row("a", 12, { at: 110 })], server_time: tick(110) };
    transport.answers.open = () => ({ ...detail("a", 12), ...said(110) });
    other.tell({ kind: "answered", answered: { response, etag: null, since: tick(100) } });
    await settle();
    expect(transport.named("markRead")).toEqual([]);
    expect(device.conversations.get(A)?.unread).toBe(2);
    await environment.emit("show");
    await transport.last.answer(increment(110));
    expect(device.conversations.get(A)?.unread).toBe(0);
    expect(device.views.get(A)?.messages).toHaveLength(12);
    expect(transport.named("markRead").at(-1)).toMatchObject([A, { seq: 12 }]);
    device.stop();
  });
});

describe("[DEV-4] what comes while a conversation is held", () => {
  it("is unread afterwards, though its badge of before was marked as read meanwhile", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.markRead = () => NO_NETWORK;
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(110, [row("a", 11, { at: 110 })]));
    device.sync.hold(A, "unsure", true);
    expect(device.conversations.get(A)?.unread).toBe(1);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(120, [row("a", 13, { at: 120 })]));
    expect(device.conversations.get(A)?.unread).toBe(1);
    void device.actions.markRead(A);
    await settle();
    device.sync.hold(A, "unsure", false);
    expect(device.conversations.get(A)?.unread).toBe(2);
    device.stop();
  });
});

describe("[DEV-5] a toast", () => {
  it("tells of no reply that its person has read on another device", async () => {
    const unseen: string[] = [];
    const whole = await openDevice({ callbacks: { onReplyUnseen: (id) => void unseen.push(id) } });
    const { device, transport, environment } = whole;
    transport.answers.open = (id: string) => ({ ...detail(id === A ? "a" : "b", id === A ? 10 : 20), ...said(100) });
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    const [start, token, done] = turn("a", 11, ["Hi"]);
    await transport.stream.feed(start ?? null, token ?? null);
    await device.views.openConversation(B);
    await environment.advance(1000);
    device.syncNow();
    await transport.last.answer(increment(113, [row("a", 12, { at: 112, read_seq: 12, unread_count: 0 })]));
    if (done?.event !== "done") throw new Error("A turn has no end");
    const conversation = row("a", 12, { at: 112 });
    await transport.stream.feed({ ...done, data: { ...done.data, conversation, ...said(112) } });
    expect(device.conversations.get(A)?.unread).toBe(0);
    expect(unseen).toEqual([]);
    device.stop();
  });
});

describe("[DEV-3] a badge", () => {
  it("is exact while a read position waits to be sent", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.markRead = () => NO_NETWORK;
    transport.answers.open = () => ({ ...detail("a", 10), ...said(100) });
    await device.views.openConversation(A);
    device.views.closeConversation();
    void device.actions.markRead(A);
    await settle();
    // Elsewhere 11 was asked again, so that 11 is ended and 12 is there.
    transport.unreadCount = 1;
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(120, [row("a", 11, { at: 120, last_seq: 12 })]));
    await settle();
    expect(transport.unreadAsked).toEqual([{ id: A, afterSeq: 10 }]);
    // The server has said how many, as of then.
    await transport.last.answer(increment(120));
    expect(device.conversations.get(A)?.unread).toBe(1);
    device.stop();
  });
});

describe("[DEV-7] how far a conversation was seen", () => {
  it("is on the device still, though it was deleted and taken back between two answers, when the page is opened anew", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    // Restored here as of 105; then a poll that left before tells of its deletion.
    first.transport.answers.remove = () => ({ status: "trashed", purge_at: tick(0), ...said(103) });
    first.transport.answers.restore = () => summary("a", 10, said(105));
    await first.device.actions.remove(A);
    await first.environment.advance(INTERVAL_MS);
    await first.transport.last.answer(increment(103, [], [A]));
    await first.environment.advance(INTERVAL_MS);
    const poll = first.transport.last;
    await first.device.actions.restore(A);
    await poll.answer(increment(104, [row("b", 20, { at: 20, pinned: true })], [A]));
    expect(first.device.conversations.get(A)?.unread).toBe(0);
    await settle();
    first.device.stop();
    const second = wholeDevice({ localStore });
    await second.device.start();
    await settle();
    await second.transport.last.answer(increment(120, [row("a", 12, { at: 120 })]));
    expect(second.device.conversations.get(A)?.unread).toBe(2);
    second.device.stop();
  });
});
