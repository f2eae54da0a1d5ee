/** A device that is stopped, at any moment of its life, does nothing any more: one that is made anew has all to itself [DEV-2]. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LocalStore } from "../src/local-store/local-store.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { noTabs, type TabMessage, type Tabs } from "../src/tabs/tabs.ts";
import { type Asked, full, idOf, increment, row } from "./scripted-server.ts";
import { detail, NO_NETWORK, type ScriptedTransport, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice, type WholeDevice } from "./whole-device.ts";

const A = idOf("a");

/** Counts who is still connected. */
class WatchedTabs implements Tabs {
  readonly hasOthers = false;
  readonly #alone = noTabs();
  readonly listeners = new Set<(message: TabMessage) => void>();
  isOpen = true;
  holds = 0;
  told = 0;
  exclusively = (name: string, run: () => Promise<void>): Promise<boolean> => this.#alone.exclusively(name, run);
  tell = (): void => void (this.told += 1);
  close = (): void => void (this.isOpen = false);
  open = (): void => void (this.isOpen = true);

  subscribe = (listener: (message: TabMessage) => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  holdForAll = (onChange: (isServedByOther: boolean) => void): (() => void) => {
    this.holds += 1;
    onChange(false);
    return () => void (this.holds -= 1);
  };
}

/** Counts what is done to the store once it is closed. */
function watchedStore(): { readonly localStore: LocalStore; readonly state: { isClosed: boolean } } {
  const state = { isClosed: false };
  return { localStore: { ...memoryLocalStore(), close: () => void (state.isClosed = true) }, state };
}

const answered = new WeakSet<Asked>();

/** The request that waits for its answer, which it gets now. */
function taken(transport: ScriptedTransport): Asked | undefined {
  const asked = transport.asked.at(-1);
  if (!asked || answered.has(asked)) return undefined;
  answered.add(asked);
  return asked;
}

type Doing = (whole: WholeDevice) => unknown;

/** What may happen to a device; none of it waits for an answer. */
const DOINGS: Readonly<Record<string, Doing>> = {
  answer: ({ transport }) => taken(transport)?.answer(full(100, [row("a", 10), row("b", 20)])),
  increment: ({ transport }) => taken(transport)?.answer(increment(200, [row("a", 9, { at: 200, last_seq: 12 })])),
  fail: ({ transport }) => taken(transport)?.fail(),
  refuse: ({ transport }) => taken(transport)?.fail({ status: 401 }),
  open: ({ device }) => void device.views.openConversation(A),
  "open what never answers": ({ device, transport }) => {
    transport.answers.open = () => new Promise(() => {});
    void device.views.openConversation(idOf("b"));
  },
  older: ({ device }) => void device.views.loadOlder(A),
  newer: ({ device }) => void device.views.loadNewer(A),
  send: ({ device }) => void device.turns.send(A, "Hello"),
  batch: ({ device }) => void device.turns.send(A, "Hello", { mode: "batch" }),
  draft: ({ device }) => void device.turns.send(device.actions.createDraft(), "Begun here"),
  token: ({ transport }) => transport.streams.at(-1)?.feed(...turn("a", 11, ["one "]).slice(0, 2)),
  cut: ({ transport }) => transport.streams.at(-1)?.feed(null),
  rename: ({ device }) => void device.actions.rename(A, "Renamed"),
  "all read": ({ device }) => void device.actions.markAllRead(),
  more: ({ device }) => void device.loadMoreConversations(),
  "full sync": ({ device }) => void device.sync.fullSync(),
  hide: ({ environment }) => environment.emit("hide"),
  show: ({ environment }) => environment.emit("show"),
  offline: ({ environment }) => environment.emit("offline"),
  online: ({ environment }) => environment.emit("online"),
  suspend: ({ environment }) => environment.emit("suspend"),
  resume: ({ environment }) => environment.emit("resume"),
  wait: ({ environment }) => environment.advance(3000),
  "wait long": ({ environment }) => environment.advance(70_000),
};

const doings = fc.array(fc.constantFrom(...Object.keys(DOINGS)), { maxLength: 14 });

/** What a person would see. */
function seen({ device }: WholeDevice): string {
  const { conversations } = device;
  const items = [...conversations.list(), ...conversations.archivedList()].map((id) => conversations.get(id));
  return JSON.stringify([items, device.views.get(A), device.views.get(idOf("b")), device.status()]);
}

async function live(live: boolean, names: readonly string[]) {
  const tabs = new WatchedTabs();
  const { localStore, state } = watchedStore();
  const whole = wholeDevice({ live, tabs, localStore });
  whole.transport.answers.open = () => detail("a", 10, { loaded: 4 });
  whole.transport.answers.create = ({ id }: { id: string }) => summary("n", 0, { id });
  const started = whole.device.start();
  for (const name of names) {
    await DOINGS[name]?.(whole);
    await settle();
  }
  return { whole, tabs, state, started };
}

describe("[DEV-2] a device that is stopped", () => {
  it("leaves no timer, no listener, no request, no hold, no open store, whatever it was at", async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), doings, async (isLive, names) => {
        const { whole, tabs, state, started } = await live(isLive, names);
        whole.device.stop();
        await started;
        const { environment, transport } = whole;
        const calls = [transport.calls.length, transport.asked.length, transport.unreadAsked.length, tabs.told];
        const before = seen(whole);
        expect([environment.timerCount, environment.listenerCount]).toEqual([0, 0]);
        expect([tabs.isOpen, tabs.holds, tabs.listeners.size, state.isClosed]).toEqual([false, 0, 0, true]);
        expect(transport.asked.every((asked) => answered.has(asked) || asked.signal.aborted)).toBe(true);
        // Whatever is answered or happens now is nothing to it.
        for (const asked of transport.asked) await asked.answer(increment(900, [row("z", 9, { at: 900 })], [A]));
        for (const stream of transport.streams) await stream.feed(...turn("a", 11, ["late"]));
        for (const event of ["hide", "show", "online", "focus", "suspend", "resume"] as const) {
          await environment.emit(event);
        }
        await environment.advance(600_000);
        expect([transport.calls.length, transport.asked.length, transport.unreadAsked.length, tabs.told]).toEqual(
          calls,
        );
        expect([environment.timerCount, environment.listenerCount]).toEqual([0, 0]);
        expect(seen(whole)).toBe(before);
      }),
      { numRuns: 150 },
    );
  });

  it("before its store was read never starts", async () => {
    const { promise, resolve } = Promise.withResolvers<null>();
    const { whole, tabs, started } = await live(true, []);
    whole.device.stop();
    await started;
    const other = wholeDevice({ tabs, localStore: { ...memoryLocalStore(), loadList: () => promise } });
    const starting = other.device.start();
    other.device.stop();
    resolve(null);
    await starting;
    await other.environment.advance(600_000);
    expect([other.transport.calls, other.transport.asked]).toEqual([[], []]);
    expect([other.environment.timerCount, other.environment.listenerCount, tabs.listeners.size]).toEqual([0, 0, 0]);
  });

  it("follows no reply that an opening tells of afterwards", async () => {
    const whole = await openDevice();
    let opened: (value: unknown) => void = () => {};
    whole.transport.answers.open = () => new Promise((resolve) => (opened = resolve));
    void whole.device.views.openConversation(A);
    await settle();
    whole.device.stop();
    opened(detail("a", 10, { active_reply: { reply_id: idOf("r"), text: "", last_event_id: 1 } }));
    await whole.environment.advance(60_000);
    expect(whole.transport.streams).toEqual([]);
  });

  it("keeps nobody waiting for a sync", async () => {
    const { whole } = await live(false, ["answer"]);
    const waiting = [whole.device.sync.fullSync(), whole.device.sync.incrementalSync(), whole.device.sync.fullSync()];
    whole.device.stop();
    await Promise.all(waiting);
    await whole.device.sync.fullSync();
  });
});

describe("the first answer", () => {
  it("of an empty account ends the waiting for a list, and says so", async () => {
    const whole = wholeDevice();
    let told = 0;
    whole.device.conversations.subscribeList(() => (told += 1));
    await whole.device.start();
    expect(whole.device.conversations.isReady()).toBe(false);
    await whole.transport.last.answer(full(100, []));
    expect([whole.device.conversations.isReady(), told]).toEqual([true, 1]);
    whole.device.stop();
  });

  it("that fails ends nothing", async () => {
    const whole = wholeDevice();
    whole.transport.answers.list = () => NO_NETWORK;
    await whole.device.start();
    await whole.transport.last.fail();
    expect(whole.device.conversations.isReady()).toBe(false);
    whole.device.stop();
  });

  it("is not needed where an empty list is stored", async () => {
    const { localStore } = watchedStore();
    const first = wholeDevice({ localStore });
    await first.device.start();
    await first.transport.last.answer(full(100, []));
    await settle();
    first.device.stop();
    const second = wholeDevice({ localStore });
    await second.device.start();
    expect(second.device.conversations.isReady()).toBe(true);
    second.device.stop();
  });
});
