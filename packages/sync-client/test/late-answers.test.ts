/** Answers that come after newer ones: nothing that is known is undone, whichever call is late [DEV-8]. */
import type { ConversationDetail } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, summary, turn } from "./scripted-transport.ts";
import { heldAnswer } from "./held-answer.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice } from "./whole-device.ts";

const [A, B] = [idOf("a"), idOf("b")];

const seqsOf = ({ device }: WholeDevice, id = A): number[] =>
  device.views.get(id)?.messages.map(({ seq }) => seq) ?? [];

/** Messages `from` to `to`, as a page of `total`. */
function page(from: number, to: number, total: number) {
  const messages = Array.from({ length: to - from + 1 }, (_, index) => message("a", from + index));
  const hasOlder = from > 1;
  const cursors = { has_older: hasOlder, older_cursor: hasOlder ? String(from) : null };
  return {
    messages,
    message_pagination: { total_count: total, ...cursors, has_newer: to < total, newer_cursor: null },
  };
}

/** A device with the newest 4 of 10 messages of `a` on screen. */
async function withOpen(loaded: ConversationDetail = detail("a", 10, { loaded: 4 })): Promise<WholeDevice> {
  const whole = await openDevice();
  whole.transport.answers.open = () => loaded;
  await whole.device.views.openConversation(A);
  await settle();
  return whole;
}

describe("[DEV-8] an older page", () => {
  it("that was asked for before all was loaded anew is not joined on to it", async () => {
    const whole = await withOpen();
    const late = heldAnswer<ReturnType<typeof page>>();
    whole.transport.answers.messages = late.answer;
    void whole.device.views.loadOlder(A);
    // Messages were ended meanwhile, and what is there now is one page.
    whole.transport.answers.messages = () => page(11, 12, 4);
    whole.transport.answers.open = () => ({ ...detail("a", 12, { loaded: 2 }), last_seq: 12 });
    await whole.device.views.loadNewer(A);
    await late.give(page(3, 6, 10));
    expect(seqsOf(whole)).toEqual([11, 12]);
    expect(whole.device.views.get(A)).toMatchObject({ isLoadingOlder: false, hasOlder: true });
    whole.device.stop();
  });

  it("is asked for once, however often it is wanted", async () => {
    const whole = await withOpen();
    const late = heldAnswer<ReturnType<typeof page>>();
    whole.transport.answers.messages = late.answer;
    for (let times = 0; times < 3; times++) void whole.device.views.loadOlder(A);
    await late.give(page(3, 6, 10));
    expect(whole.transport.named("messages")).toHaveLength(1);
    expect(seqsOf(whole)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    whole.device.stop();
  });

  it("that fails leaves what is there, and can be asked for again", async () => {
    const whole = await withOpen();
    await whole.device.views.loadOlder(A);
    expect(whole.device.views.get(A)).toMatchObject({ isLoadingOlder: false, problem: { failed: "unreachable" } });
    whole.transport.answers.messages = () => page(1, 6, 10);
    await whole.device.views.loadOlder(A);
    expect(whole.device.views.get(A)).toMatchObject({ problem: null, hasOlder: false });
    expect(seqsOf(whole)).toHaveLength(10);
    whole.device.stop();
  });
});

describe("[DEV-8] the answer of an opening", () => {
  it("that left before a turn which is shown already is asked for again", async () => {
    const whole = await openDevice();
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = late.answer;
    void whole.device.views.openConversation(A);
    await settle();
    whole.transport.answers.open = () => detail("a", 12);
    await whole.device.turns.send(A, "Hello");
    await settle();
    await whole.transport.stream.feed(...turn("a", 11, ["Hi"]));
    await late.give(detail("a", 10));
    expect(seqsOf(whole).at(-1)).toBe(12);
    expect(whole.device.conversations.get(A)).toMatchObject({ message_count: 12, unread: 0 });
    whole.device.stop();
  });

  it("brings nothing back that was deleted meanwhile", async () => {
    const whole = await openDevice();
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = late.answer;
    void whole.device.views.openConversation(A);
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(110, [], [A]));
    await late.give(detail("a", 10));
    expect(whole.device.conversations.get(A)).toBeUndefined();
    expect(whole.device.conversations.list()).toEqual([idOf("c"), B]);
    expect(whole.told).toEqual(["deleted Conversation a"]);
    whole.device.stop();
  });

  it("[SYNC-4] brings nothing back that the first page of an increment told as deleted", async () => {
    const whole = await openDevice();
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = late.answer;
    void whole.device.views.openConversation(A);
    await whole.environment.advance(60_000);
    await whole.transport.last.answer({ ...increment(110, [], [A]), has_more: true });
    await late.give({ ...detail("a", 12), server_time: tick(105), epoch: "e1" });
    await whole.transport.last.answer(increment(120, [row("b", 21, { at: 120 })]));
    expect(whole.device.conversations.get(A)).toBeUndefined();
    expect(whole.told).toEqual(["deleted Conversation a"]);
    whole.device.stop();
  });

  it("clears no badge of what is not on screen any more, and moves no read position", async () => {
    const whole = await openDevice();
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(110, [row("a", 12, { at: 110 })]));
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = (id: string) => (id === A ? late.answer() : detail("b", 20));
    void whole.device.views.openConversation(A);
    await settle();
    await whole.device.views.openConversation(B);
    await late.give(detail("a", 14));
    expect(whole.transport.named("markRead").filter(([id]) => id === A)).toEqual([]);
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(120, [row("a", 14, { at: 120 })]));
    expect(whole.device.conversations.get(A)?.unread).toBe(4);
    whole.device.stop();
  });

  it("of the one before comes into its own view only", async () => {
    const whole = await openDevice();
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = (id: string) => (id === A ? late.answer() : detail("b", 20));
    void whole.device.views.openConversation(A);
    await settle();
    await whole.device.views.openConversation(B);
    await late.give(detail("a", 10));
    expect(whole.device.views.get(B)?.messages.every(({ conversation_id: id }) => id === B)).toBe(true);
    expect(whole.device.views.get(A)?.messages.every(({ conversation_id: id }) => id === A)).toBe(true);
    whole.device.stop();
  });
});

describe("[DEV-8] the answer to a banner's click", () => {
  it("is not joined on to what was loaded anew meanwhile", async () => {
    const whole = await withOpen();
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(110, [row("a", 12, { at: 110 })]));
    const late = heldAnswer<ReturnType<typeof page>>();
    whole.transport.answers.messages = late.answer;
    const clicked = whole.device.views.loadNewer(A);
    whole.transport.answers.open = () => detail("a", 14, { loaded: 4 });
    await whole.device.views.openConversation(B);
    await whole.device.views.openConversation(A);
    await late.give(page(11, 12, 12));
    await clicked;
    expect(seqsOf(whole)).toEqual([11, 12, 13, 14]);
    whole.device.stop();
  });
});

describe("[DEV-8] a page of the list", () => {
  it("brings back nothing that a sync has taken away, and replaces nothing that one brought", async () => {
    const whole = wholeDevice();
    const late = heldAnswer<object>();
    whole.transport.answers.list = late.answer;
    await whole.device.start();
    await settle();
    await whole.transport.last.answer(full(100, [row("a", 12, { at: 90 })]));
    await late.give({ conversations: [summary("a", 10), summary("b", 20)], next_cursor: null, total_count: 2 });
    expect(whole.device.conversations.list()).toEqual([A]);
    expect(whole.device.conversations.get(A)).toMatchObject({ message_count: 12 });
    whole.device.stop();
  });

  it("replaces nothing that an opening brought before it", async () => {
    const whole = wholeDevice();
    const late = heldAnswer<object>();
    whole.transport.answers.list = late.answer;
    whole.transport.answers.open = () => detail("a", 12);
    await whole.device.start();
    await whole.device.views.openConversation(A);
    await late.give({ conversations: [summary("a", 10), summary("b", 20)], next_cursor: null, total_count: 2 });
    expect(whole.device.conversations.get(A)).toMatchObject({ message_count: 12, unread: 0 });
    expect(whole.device.conversations.get(B)).toMatchObject({ message_count: 20, unread: 0 });
    whole.device.stop();
  });
});

describe("[DEV-8] a restore", () => {
  it("that is answered late brings back nothing that was deleted again", async () => {
    const whole = await openDevice();
    const late = heldAnswer<object>();
    whole.transport.answers.restore = late.answer;
    void whole.device.actions.restore(A);
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(110, [], [A]));
    await late.give(summary("a", 10));
    expect(whole.device.conversations.get(A)).toBeUndefined();
    whole.device.stop();
  });
});

describe("[DEV-8] the making of a conversation", () => {
  it("that is answered late brings back nothing that was deleted meanwhile", async () => {
    const whole = await openDevice();
    const late = heldAnswer<object>();
    whole.transport.answers.create = late.answer;
    const id = await whole.device.turns.send(whole.device.actions.createDraft(), "Hello");
    await whole.environment.advance(60_000);
    // Made there by a try that had no answer, and then deleted on another device.
    await whole.transport.last.answer(increment(110, [row("a", 10)], [id]));
    await late.give(summary("n", 0, { id }));
    expect(whole.device.conversations.get(id)).toBeUndefined();
    whole.device.stop();
  });
});

describe("[DEV-3] the server's count of what is new", () => {
  it("is not taken for a row that has moved on meanwhile", async () => {
    const whole = await openDevice();
    const late = heldAnswer<object>();
    whole.transport.unreadAfter = late.answer as typeof whole.transport.unreadAfter;
    await whole.environment.advance(60_000);
    // Messages were ended: counts can't tell.
    await whole.transport.last.answer(increment(110, [row("a", 9, { at: 110, last_seq: 12 })]));
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(120, [row("a", 11, { at: 120, last_seq: 14 })]));
    await late.give({ count: 1 });
    expect(whole.device.conversations.get(A)?.unread).not.toBe(0);
    whole.device.stop();
  });

  it("that fails is asked for again with the next answer", async () => {
    const whole = await openDevice();
    whole.transport.isFailing = true;
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(110, [row("a", 9, { at: 110, last_seq: 12 })]));
    const asked = whole.transport.unreadAsked.length;
    whole.transport.isFailing = false;
    whole.transport.unreadCount = 2;
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(110));
    expect(whole.transport.unreadAsked.length).toBeGreaterThan(asked);
    whole.device.stop();
  });
});

describe("[DEV-8] a refusal", () => {
  it("that comes late of a conversation which is there again says nothing of it", async () => {
    const whole = await openDevice();
    const late = heldAnswer<object>();
    whole.transport.answers.open = late.answer;
    void whole.device.views.openConversation(A);
    await settle();
    await late.give({ ...failure("conversation_trashed", "In the trash."), status: 404 });
    expect(whole.device.views.get(A)).toMatchObject({ phase: "deleted" });
    whole.transport.answers.open = () => detail("a", 10);
    await whole.environment.advance(60_000);
    await whole.transport.last.answer(increment(130, [row("a", 10, { at: 10, title: tick(1) })]));
    await settle();
    expect(whole.device.views.get(A)).toMatchObject({ phase: "ready" });
    whole.device.stop();
  });
});
