/** What was said of a history that was rewound comes after it was: no number of it counts in the present one [EPOCH-1]. */
import type { ConversationDetail, Message, MessagePage } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { allSeen } from "../src/unread.ts";
import { ReadAhead } from "../src/views/read-ahead.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { heldAnswer } from "./held-answer.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice } from "./whole-device.ts";

const A = idOf("a");
const PAST = { server_time: tick(100), epoch: "e1" };
const PRESENT = { server_time: tick(50), epoch: "e2" };
/** The database of before: `a` had four of its ten messages. */
const REWOUND = { ...full(50, [row("a", 4), row("b", 20)]), epoch: "e2" };

async function rewind({ device, transport }: WholeDevice): Promise<void> {
  device.syncNow();
  await transport.last.answer(REWOUND);
}

/** Two messages have come from elsewhere. */
async function grow({ environment, transport }: WholeDevice): Promise<void> {
  await environment.advance(INTERVAL_MS);
  await transport.last.answer({ ...increment(60, [row("a", 6, { at: 60 })]), epoch: "e2" });
  await settle();
}

const unreadOf = ({ device }: WholeDevice): number | undefined => device.conversations.get(A)?.unread;
const presentOpen = () => ({ ...detail("a", 4), ...PRESENT });

describe("[EPOCH-1] [DEV-3] two messages of the present history are two unread ones", () => {
  it("though an opening that was asked for in the former one is answered after it", async () => {
    const whole = await openDevice();
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = late.answer;
    void whole.device.views.openConversation(A);
    await settle();
    whole.transport.answers.open = presentOpen;
    await rewind(whole);
    await late.give({ ...detail("a", 10), ...PAST });
    whole.device.views.closeConversation();
    await grow(whole);
    expect(unreadOf(whole)).toBe(2);
    whole.device.stop();
  });

  it("though a turn of the former one is heard to end after it", async () => {
    const whole = await openDevice();
    whole.transport.answers.open = () => ({ ...detail("a", 10), ...PAST });
    await whole.device.views.openConversation(A);
    await whole.device.turns.send(A, "message 11");
    await settle();
    const [start, done] = turn("a", 11, []);
    await whole.transport.stream.feed(start ?? null);
    whole.transport.answers.open = presentOpen;
    await rewind(whole);
    if (done?.event !== "done") throw new Error("A turn has no end");
    const conversation = row("a", 12, { at: 112 });
    const said = { conversation, server_time: tick(112), epoch: "e1" };
    await whole.transport.stream.feed({ ...done, data: { ...done.data, ...said } });
    whole.device.views.closeConversation();
    await grow(whole);
    expect(unreadOf(whole)).toBe(2);
    whole.device.stop();
  });

  it("though what an earlier page has stored of it is read after it", async () => {
    const localStore = memoryLocalStore();
    const whole = await openDevice({ localStore });
    const late = heldAnswer<readonly Message[] | null>();
    localStore.loadMessages = late.answer;
    const loading = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = loading.answer;
    void whole.device.views.openConversation(A);
    await settle();
    const again = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = again.answer;
    await rewind(whole);
    await late.give(detail("a", 10).messages);
    await loading.give(presentOpen());
    await again.give(presentOpen());
    whole.device.views.closeConversation();
    await grow(whole);
    expect(unreadOf(whole)).toBe(2);
    whole.device.stop();
  });

  it("though its version that was brought back in the former one is told of after it", async () => {
    const whole = await openDevice();
    whole.transport.answers.open = () => ({ ...detail("a", 10), ...PAST });
    await whole.device.views.openConversation(A);
    const late = heldAnswer<MessagePage>();
    whole.transport.answers.restoreVersion = late.answer;
    const back = whole.device.versions.bringBack(A, "7c7c7c7c-0000-4000-8000-000000000001");
    await settle();
    whole.transport.answers.open = presentOpen;
    await rewind(whole);
    const pagination = { ...detail("a", 10).message_pagination, last_seq: 19 };
    await late.give({ messages: [message("a", 19)], message_pagination: pagination, ...PAST });
    await back;
    whole.device.views.closeConversation();
    await grow(whole);
    expect(unreadOf(whole)).toBe(2);
    whole.device.stop();
  });

  it("though it was in the trash when history was rewound, and had been seen further in the former one", async () => {
    const whole = await openDevice();
    await whole.environment.advance(INTERVAL_MS);
    await whole.transport.last.answer({ ...full(50, [row("b", 20)]), epoch: "e2" });
    await whole.environment.advance(INTERVAL_MS);
    await whole.transport.last.answer({ ...increment(55, [row("a", 4)]), epoch: "e2" });
    expect(unreadOf(whole)).toBe(0);
    await grow(whole);
    expect(unreadOf(whole)).toBe(2);
    whole.device.stop();
  });

  it("in the title too, though a tab that has not heard of it tells what it has seen", async () => {
    const browser = memoryTabs();
    const whole = await openDevice({ tabs: browser() });
    const other = await openDevice({ tabs: browser() });
    other.transport.answers.open = () => ({ ...detail("a", 10), ...PAST });
    await other.device.views.openConversation(A);
    await other.device.turns.send(A, "message 11");
    await settle();
    await rewind(whole);
    // The end of its turn was on its way while the server was put back.
    await other.transport.stream.feed(...turn("a", 11, ["Hi"]));
    await grow(whole);
    expect(unreadOf(whole)).toBe(2);
    expect(whole.device.conversations.unreadConversations()).toBe(1);
    for (const { device } of [whole, other]) device.stop();
  });

  it("on the next visit too, though a tab that had not heard of it has stored what it had seen", async () => {
    const localStore = memoryLocalStore();
    const at = { serverTime: tick(50), epoch: "e2" };
    const seen = (count: number) => {
      const counts = { message_count: count, last_seq: count };
      return { row: whole(count), baseline: allSeen(counts) };
    };
    const whole = (count: number) => {
      const { created_at: _, ...rest } = summary("a", count);
      return { ...rest };
    };
    await localStore.saveList({ serverTime: tick(100), epoch: "e1", conversations: [seen(8)] });
    await localStore.saveList({ ...at, conversations: [seen(4)] });
    await localStore.saveSeen([seen(10)], { serverTime: tick(100), epoch: "e1" });
    const page = wholeDevice({ localStore });
    await page.device.start();
    await settle();
    await page.transport.last.answer({ ...increment(60, [row("a", 6, { at: 60 })]), epoch: "e2" });
    expect(unreadOf(page)).toBe(2);
    page.device.stop();
  });
});

describe("[EPOCH-1] of the former history nothing is shown", () => {
  it("where an older page of it is answered after all was loaded anew", async () => {
    const whole = await openDevice();
    whole.transport.answers.open = () => ({ ...detail("a", 100, { loaded: 10 }), ...PAST });
    await whole.device.views.openConversation(A);
    const late = heldAnswer<MessagePage>();
    whole.transport.answers.messages = late.answer;
    void whole.device.views.loadOlder(A);
    await settle();
    whole.transport.answers.open = () => ({ ...detail("a", 100, { loaded: 10 }), ...PRESENT });
    await rewind(whole);
    const older = Array.from({ length: 10 }, (_, index) => message("a", 81 + index, { content: "of before" }));
    const pagination = { ...detail("a", 100).message_pagination, has_older: true, older_cursor: "81" };
    await late.give({ messages: older, message_pagination: pagination, ...PAST });
    const contents = whole.device.views.get(A)?.messages.map(({ content }) => content);
    expect(contents).not.toContain("of before");
    whole.device.stop();
  });

  it("without a network, where it was read ahead while history was rewound", async () => {
    const localStore = memoryLocalStore();
    const whole = await openDevice({ localStore });
    const { conversations, sync } = whole.device;
    const ahead = new ReadAhead({ ...whole, conversations, epoch: () => sync.store.state.watermark.epoch });
    const late = heldAnswer<ConversationDetail>();
    whole.transport.answers.open = (id: string) => (id === A ? late.answer() : NO_NETWORK);
    void ahead.run(new AbortController().signal);
    await settle();
    whole.transport.answers.open = () => NO_NETWORK;
    await whole.environment.advance(INTERVAL_MS);
    await whole.transport.last.answer({ ...full(50, [row("a", 10, { title: "As before" })]), epoch: "e2" });
    const messages = detail("a", 10).messages.map((each) => ({ ...each, content: "of before" }));
    await late.give({ ...detail("a", 10), messages, ...PAST });
    await whole.environment.advance(10_000);
    const stored = await localStore.loadMessages(A);
    expect(stored ?? []).toEqual([]);
    whole.device.stop();
  });
});
