/** Two tabs of one browser, against scripted servers: what one learns spares the other a question, and never misleads it [DEV-11]. */
import { describe, expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle, VirtualEnvironment } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice, type WholeOptions } from "./whole-device.ts";

const A = idOf("a");

async function twoTabs(options: WholeOptions = {}): Promise<[WholeDevice, WholeDevice]> {
  const openTab = memoryTabs();
  const localStore = memoryLocalStore();
  const environment = new VirtualEnvironment();
  const first = await openDevice({ ...options, localStore, environment, tabs: openTab() });
  const second = wholeDevice({ ...options, localStore, environment, tabs: openTab() });
  await second.device.start();
  await second.transport.last.answer(increment(100));
  return [first, second];
}

function stop(...tabs: WholeDevice[]): void {
  for (const { device } of tabs) device.stop();
}

describe("two tabs", () => {
  it("apply what one of them was answered, where it continues what the other knows", async () => {
    const [first, second] = await twoTabs();
    await first.environment.advance(INTERVAL_MS / 2);
    first.device.syncNow();
    await first.transport.last.answer(increment(112, [row("a", 12, { at: 112 })], [idOf("c")]));
    expect(second.device.conversations.list()).toEqual([A, idOf("b")]);
    expect(second.device.conversations.get(A)?.unread).toBe(2);
    expect(second.transport.asked).toHaveLength(1);
    stop(first, second);
  });

  it("ask by themselves where an answer doesn't continue what they know", async () => {
    const [first, second] = await twoTabs();
    void first.device.sync.fullSync();
    await first.transport.last.answer(full(112, [row("a", 12, { at: 112 }), row("b", 20), row("c", 30)]));
    expect(second.transport.last.question.since).toBe(tick(100));
    await second.transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(second.device.conversations.get(A)?.unread).toBe(2);
    stop(first, second);
  });

  it("learn from each other that the server can be reached: what could not be loaded is loaded then", async () => {
    const [first, second] = await twoTabs({ live: true });
    await second.device.views.openConversation(A);
    expect(second.device.views.get(A)).toMatchObject({ phase: "failed" });
    second.transport.answers.open = () => detail("a", 10);
    await first.environment.advance(25_000);
    await first.transport.last.answer(increment(100));
    expect(second.transport.asked).toHaveLength(1);
    expect(second.device.views.get(A)).toMatchObject({ phase: "ready" });
    stop(first, second);
  });

  it("hold one request between them, and the one that doesn't hold polls by itself once the other is silent for an interval", async () => {
    const [first, second] = await twoTabs({ live: true });
    expect(first.transport.last.question.waitS).toBe(25);
    expect(second.transport.asked).toHaveLength(1);
    await first.environment.advance(25_000);
    await first.transport.last.answer(increment(100));
    await first.environment.advance(INTERVAL_MS - 25_000);
    expect(second.transport.asked).toHaveLength(1);
    await first.environment.advance(25_000);
    expect(second.transport.asked).toHaveLength(2);
    expect(second.transport.last.question.waitS).toBe(0);
    stop(first, second);
  });

  it("hand the held request over where the tab that holds it is hidden or closed", async () => {
    const [first, second] = await twoTabs({ live: true });
    first.device.stop();
    await settle();
    expect(second.transport.last.question.waitS).toBe(25);
    stop(second);
  });

  it("show what is changed in one in the other at once, and take it back where it is refused", async () => {
    const [first, second] = await twoTabs();
    let answer: (value: unknown) => void = () => {};
    first.transport.answers.patch = () => new Promise((resolve) => (answer = resolve));
    const renamed = first.device.actions.rename(A, "Mine");
    await settle();
    expect(second.device.conversations.get(A)?.title).toBe("Mine");
    answer({ ...NO_NETWORK, failed: "invalid_body", status: 400 });
    await renamed;
    await settle();
    expect(second.device.conversations.get(A)?.title).toBe("Conversation a");
    stop(first, second);
  });

  it("send what waits once, from one of them", async () => {
    const [first, second] = await twoTabs();
    await first.device.turns.send(A, "once");
    await settle();
    expect(first.transport.named("sendStream")).toHaveLength(1);
    await first.environment.advance(20_000);
    expect(second.transport.named("sendStream")).toHaveLength(0);
    await first.transport.stream.feed(...turn("a", 11, ["Hi"]));
    await first.environment.advance(20_000);
    expect(second.transport.named("sendStream")).toHaveLength(0);
    expect(second.device.status().waitingCount).toBe(0);
    stop(first, second);
  });

  it("one sends what another left behind when it was closed", async () => {
    const [first, second] = await twoTabs();
    first.transport.refusals = [NO_NETWORK, NO_NETWORK];
    await first.device.turns.send(A, "left behind");
    await settle();
    first.device.stop();
    await second.environment.advance(5000);
    expect(second.transport.named("sendStream")).toMatchObject([[A, { message: "left behind" }]]);
    stop(second);
  });

  it("[DEV-3] count a conversation that one of them has read as read in the title of both", async () => {
    const [first, second] = await twoTabs();
    first.transport.answers.open = () => detail("a", 12);
    first.transport.answers.markRead = () => summary("a", 12, { read_seq: 12, unread_count: 0 });
    first.device.syncNow();
    await first.transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(second.device.conversations.unreadConversations()).toBe(1);
    await first.device.views.openConversation(A);
    await settle();
    expect(second.device.conversations.get(A)?.unread).toBe(0);
    expect(second.device.conversations.unreadConversations()).toBe(0);
    stop(first, second);
  });

  it("[DEV-3] a turn of one is news in the other's list, but not in the title, which is the same in both", async () => {
    const [first, second] = await twoTabs();
    await first.device.views.openConversation(A);
    await first.device.turns.send(A, "message 11");
    await settle();
    await first.transport.stream.feed(...turn("a", 11, ["Hi"]));
    first.device.syncNow();
    await first.transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(first.device.conversations.get(A)?.unread).toBe(0);
    expect(second.device.conversations.get(A)?.unread).toBe(2);
    expect([first, second].map(({ device }) => device.conversations.unreadConversations())).toEqual([0, 0]);
    stop(first, second);
  });
});

describe("a tab that missed something", () => {
  it("asks by itself once it hears that another stands further, however often that one says so", async () => {
    const [first, second] = await twoTabs();
    second.tabs.close();
    first.device.syncNow();
    await first.transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    second.tabs.open();
    first.device.syncNow();
    await first.transport.last.answer(increment(112));
    expect(second.transport.last.question.since).toBe(tick(100));
    await second.transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    const count = second.transport.asked.length;
    first.device.syncNow();
    await first.transport.last.answer(increment(112));
    expect(second.transport.asked).toHaveLength(count);
    expect(second.device.conversations.get(A)?.unread).toBe(2);
    stop(first, second);
  });

  it("[EPOCH-1] asks where another has come to know of another epoch", async () => {
    const [first, second] = await twoTabs();
    void first.device.sync.fullSync();
    await first.transport.last.answer({ ...full(50, [row("a", 4)]), epoch: "e2" });
    expect(second.transport.last.question).toMatchObject({ since: tick(100), epoch: "e1" });
    await second.transport.last.answer({ ...full(50, [row("a", 4)]), epoch: "e2" });
    expect(second.device.conversations.list()).toEqual([A]);
    stop(first, second);
  });

  it("[DEV-10] is told once of a deletion in another tab", async () => {
    const [first, second] = await twoTabs();
    second.transport.answers.open = () => detail("a", 10);
    first.transport.answers.remove = () => ({ status: "trashed", purge_at: "" });
    await second.device.views.openConversation(A);
    await first.device.actions.remove(A);
    await settle();
    await second.transport.last.answer(increment(101, [], [A]));
    expect(second.told).toEqual(["deleted Conversation a"]);
    expect(second.device.conversations.get(A)).toBeUndefined();
    stop(first, second);
  });
});

it("[DEV-10] a deletion that another tab, unheard, has only stored when a page goes on is no doing of that page", async () => {
  const localStore = memoryLocalStore();
  const { device, transport, environment, told } = await openDevice({ localStore });
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  await environment.emit("suspend");
  const change = { key: "removed", value: true } as const;
  const removal = { kind: "change", order: 1, id: "removal", conversationId: A, change, state: "waiting" } as const;
  await localStore.saveOutgoing([removal], []);
  await environment.emit("resume");
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(111, [], [A]));
  expect(told).toEqual(["deleted Conversation a"]);
  device.stop();
});
