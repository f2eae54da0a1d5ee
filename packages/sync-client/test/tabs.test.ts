/** Two tabs of one browser, against scripted servers: what one learns spares the other a question, and never misleads it [DEV-11]. */
import { describe, expect, it } from "vitest";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { noTabs, type Tabs } from "../src/tabs/tabs.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle, VirtualEnvironment } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice, type WholeOptions } from "./whole-device.ts";

const A = idOf("a");

/** Says nothing while it is mute, as a tab that hangs. */
interface TabbedDevice extends WholeDevice {
  readonly link: { isMute: boolean };
}

async function twoTabs({ hasLocks = true, ...options }: WholeOptions & { hasLocks?: boolean } = {}): Promise<
  [TabbedDevice, TabbedDevice]
> {
  const openTab = memoryTabs();
  const localStore = memoryLocalStore();
  const environment = new VirtualEnvironment();
  const links = [{ isMute: false }, { isMute: false }] as const;
  const tabsOf = (link: { readonly isMute: boolean }): Tabs => {
    const tabs = openTab();
    const tell: Tabs["tell"] = (message) => link.isMute || tabs.tell(message);
    return { ...tabs, tell, ...(!hasLocks && { holdForAll: (onChange) => noTabs().holdForAll(onChange) }) };
  };
  const first = await openDevice({ ...options, localStore, environment, tabs: tabsOf(links[0]) });
  const second = wholeDevice({ ...options, localStore, environment, tabs: tabsOf(links[1]) });
  await second.device.start();
  await second.transport.last.answer(increment(100));
  return [
    { ...first, link: links[0] },
    { ...second, link: links[1] },
  ];
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

  it("[DEV-13] hold one request between them for as long as the one that holds is heard of", async () => {
    const [first, second] = await twoTabs({ live: true });
    for (let holds = 0; holds < 10; holds++) {
      expect(first.transport.last.question.waitS).toBe(25);
      await first.environment.advance(25_000);
      await first.transport.last.answer(increment(100));
    }
    expect(second.transport.asked).toHaveLength(1);
    stop(first, second);
  });

  it("[DEV-13] where the one that holds falls silent, the other holds within 10 s, and gives it back when that is heard again", async () => {
    const [first, second] = await twoTabs({ live: true });
    first.link.isMute = true;
    await first.environment.advance(10_000);
    expect(second.transport.last.question.waitS).toBe(25);
    first.link.isMute = false;
    await first.environment.advance(3000);
    expect(first.transport.last.signal.aborted).toBe(false);
    expect(second.transport.asked[1]?.signal.aborted).toBe(true);
    expect(second.transport.last.question.waitS).toBe(0);
    stop(first, second);
  });

  it("[DEV-13] without locks they agree by what they tell, and the one that is left holds", async () => {
    const [first, second] = await twoTabs({ live: true, hasLocks: false });
    await first.environment.advance(3000);
    const isHeld = ({ transport }: WholeDevice): boolean =>
      !transport.last.signal.aborted && transport.last.question.waitS > 0;
    expect([first, second].filter(isHeld)).toHaveLength(1);
    const held = [first, second].find(isHeld);
    const other = held === first ? second : first;
    await other.transport.last.answer(increment(100));
    expect(isHeld(other)).toBe(false);
    held?.device.stop();
    await other.environment.advance(10_000);
    expect(isHeld(other)).toBe(true);
    stop(other);
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

  it("[DEV-8] ask for what holds once a change that was made in the other is through", async () => {
    const [first, second] = await twoTabs();
    first.transport.answers.patch = () => summary("a", 10, { pinned: true });
    const asked = second.transport.asked.length;
    await first.device.actions.setPinned(A, true);
    await settle();
    expect(second.device.conversations.get(A)?.pinned).toBe(true);
    expect(second.transport.asked).toHaveLength(asked + 1);
    stop(first, second);
  });

  it("[DEV-12] show what the server refused in either, and what was changed twice offline as it was changed last", async () => {
    const [first, second] = await twoTabs();
    first.transport.refusals = [{ ...NO_NETWORK, failed: "bad_answer", status: 413 }];
    await first.device.turns.send(A, "too much");
    await settle();
    expect([first, second].map(({ device }) => device.outbox.stateOf(A))).toEqual(["rejected", "rejected"]);
    for (const title of ["One", "Two"]) void first.device.actions.rename(idOf("b"), title);
    await settle();
    first.transport.answers.patch = () => summary("b", 20, { title: "Two" });
    first.device.syncNow();
    await settle();
    await second.transport.last.answer(increment(121, [row("b", 20, { at: 121, title: "Another's" })]));
    expect(second.device.conversations.get(idOf("b"))?.title).toBe("Another's");
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
  it("[DEV-3] [DEV-14] counts nothing as unread that another one has read while it read its store", async () => {
    const disk = memoryLocalStore();
    const openTab = memoryTabs();
    const first = await openDevice({ localStore: disk, tabs: openTab() });
    let goOn: () => void = () => {};
    const reading = new Promise<void>((resolve) => (goOn = resolve));
    const localStore = { ...disk, loadOutbox: () => reading.then(() => disk.loadOutbox()) };
    const { device, transport } = wholeDevice({ localStore, tabs: openTab() });
    const started = device.start();
    await settle();
    openTab().tell({ kind: "seen", id: A, baseline: { count: 12, seq: 12, skipped: 0 }, epoch: "e1" });
    goOn();
    await started;
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(device.conversations.get(A)?.unread).toBe(2);
    expect(device.conversations.unreadConversations()).toBe(0);
    first.device.stop();
    device.stop();
  });

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

it("[DEV-8] [DEV-11] what a tab tells of a change that is over already, by another one's word, is no news", async () => {
  const openTab = memoryTabs();
  const { device, transport, told } = await openDevice({ tabs: openTab() });
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  const other = openTab();
  const changes = [
    { key: "title", value: "Late" },
    { key: "removed", value: true },
  ] as const;
  for (const [at, change] of changes.entries()) {
    const operationId = `operation-${at}`;
    other.tell({ kind: "refused", operationId });
    other.tell({ kind: "change", operationId, id: A, change });
  }
  await settle();
  expect(device.conversations.get(A)?.title).toBe("Conversation a");
  expect(told).toEqual([]);
  device.stop();
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

it("[DEV-11] a sign-in in one tab has the other ask anew, which was refused", async () => {
  const [first, second] = await twoTabs();
  second.device.syncNow();
  await second.transport.last.fail({ failed: "unauthorized", status: 401 });
  expect(second.device.status().state).toBe("attention");
  const asked = second.transport.asked.length;
  first.device.signedIn();
  await settle();
  expect(second.transport.asked).toHaveLength(asked + 1);
  stop(first, second);
});
