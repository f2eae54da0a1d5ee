/** A store and tabs that hang, reject, throw or answer late: the device goes on by itself, and comes back to them where it can [DEV-14]. */
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import type { LocalStore } from "../src/local-store/local-store.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { patientLocalStore, STORE_PATIENCE_MS } from "../src/local-store/patient-local-store.ts";
import { isTabMessage } from "../src/tabs/is-tab-message.ts";
import { memoryTabs } from "../src/tabs/memory-tabs.ts";
import { patientTabs } from "../src/tabs/patient-tabs.ts";
import { noTabs, type TabMessage } from "../src/tabs/tabs.ts";
import { describeLocalStore, send, stored } from "./local-store-contract.ts";
import { full, idOf, row, tick } from "./scripted-server.ts";
import { message, NO_NETWORK } from "./scripted-transport.ts";
import { settle, VirtualEnvironment } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";
import { waitingIn } from "./waiting-in.ts";

const LIST = { serverTime: tick(1), epoch: "e1", conversations: [stored("a", 1)] };
const CHANGE = { from: tick(1), serverTime: tick(2), epoch: "e1", put: [], removed: [] };

/** Every operation of the port, with what it gives where the store is of no use. */
const OPERATIONS: readonly [keyof LocalStore, (store: LocalStore) => Promise<unknown>, unknown][] = [
  ["loadList", (store) => store.loadList(), null],
  ["saveList", (store) => store.saveList(LIST), undefined],
  ["saveChange", (store) => store.saveChange(CHANGE), false],
  ["saveSeen", (store) => store.saveSeen([stored("a", 1)], LIST), undefined],
  ["loadMessages", (store) => store.loadMessages("a"), null],
  ["saveMessages", (store) => store.saveMessages("a", []), undefined],
  ["removeMessages", (store) => store.removeMessages(["a"]), undefined],
  ["loadOutbox", (store) => store.loadOutbox(), null],
  ["loadOutgoing", (store) => store.loadOutgoing("a"), null],
  ["saveOutgoing", (store) => store.saveOutgoing([send("a", 1)], []), false],
  ["clear", (store) => store.clear(), undefined],
];

/** Hangs until it is let go, then does what it was asked for. */
function hangingStore(inner = memoryLocalStore()): { store: LocalStore; letGo: () => void; asked: string[] } {
  let letGo = (): void => {};
  const free = new Promise<void>((resolve) => (letGo = resolve));
  const asked: string[] = [];
  const store = new Proxy(inner, {
    get: (target, name: keyof LocalStore) =>
      name === "close"
        ? () => target.close()
        : async (...given: unknown[]) => {
            asked.push(name);
            await free;
            return Reflect.apply(target[name], target, given) as unknown;
          },
  });
  return { store, letGo, asked };
}

/** Answers until it hangs, and again once it is let go. */
function hangingAtTimes(inner: LocalStore): { store: LocalStore; hang: () => void; letGo: () => void } {
  let current: { store: LocalStore; letGo: () => void } = { store: inner, letGo: () => {} };
  const store = new Proxy(inner, { get: (_target, name) => Reflect.get(current.store, name) as unknown });
  const hang = (): void => void (current = hangingStore(inner));
  const letGo = (): void => {
    current.letGo();
    current = { store: inner, letGo: () => {} };
  };
  return { store, hang, letGo };
}

function patient(store: LocalStore): { store: LocalStore; environment: VirtualEnvironment; returns: () => number } {
  const environment = new VirtualEnvironment();
  let returns = 0;
  return {
    store: patientLocalStore(store, { environment, onReturn: () => (returns += 1) }),
    environment,
    returns: () => returns,
  };
}

describe("a store that is waited for", () => {
  const inner = memoryLocalStore();
  const environment = new VirtualEnvironment();
  describeLocalStore(() => patientLocalStore(inner, { environment, onReturn: () => {} }));

  it("[DEV-14] leaves no timer where it answers", () => expect(environment.timerCount).toBe(0));
});

describe.each(OPERATIONS)("[DEV-14] the store's %s", (name, call, nothing) => {
  it("ends in time where it hangs, after which the store is not waited for until it answers", async () => {
    const { store: hanging, letGo, asked } = hangingStore();
    const { store, environment, returns } = patient(hanging);
    let ended: unknown = "waiting";
    void call(store).then((result) => (ended = result));
    await environment.advance(STORE_PATIENCE_MS - 1);
    expect(ended).toBe("waiting");
    await environment.advance(1);
    expect(ended).toBe(nothing);
    for (const [, other, otherwise] of OPERATIONS) expect(await other(store)).toBe(otherwise);
    expect([asked, environment.timerCount]).toEqual([[name], 0]);
    letGo();
    await settle();
    expect(returns()).toBe(1);
    expect(await store.loadOutgoing("nobody")).toBeUndefined();
    expect(environment.timerCount).toBe(0);
  });

  it("gives nothing where it rejects or throws, and is asked again the next time", async () => {
    for (const fail of [
      () => Promise.reject(new Error("QuotaExceededError")),
      (): never => {
        throw new Error("SecurityError");
      },
    ]) {
      let asked = 0;
      const broken = { ...memoryLocalStore(), [name]: () => ((asked += 1), fail()) };
      const { store, environment } = patient(broken);
      expect(await call(store)).toBe(nothing);
      expect(await call(store)).toBe(nothing);
      expect([asked, environment.timerCount]).toEqual([2, 0]);
    }
  });

  it("ends at once where the store is closed meanwhile, and leaves no timer", async () => {
    const { store, environment } = patient(hangingStore().store);
    const ended = call(store);
    await settle();
    store.close();
    expect([await ended, environment.timerCount]).toEqual([nothing, 0]);
    expect(await call(store)).toBe(nothing);
  });
});

describe("[DEV-14] [DEV-12] a store that carries out what it doesn't answer", () => {
  it("is told at once what is over, so that no other tab does it again", async () => {
    const inner = memoryLocalStore();
    const never = new Promise<never>(() => {});
    const mute = {
      ...inner,
      saveOutgoing: (...given: Parameters<LocalStore["saveOutgoing"]>) =>
        inner.saveOutgoing(...given).then(() => never),
    };
    const { store, environment } = patient(mute);
    void store.saveOutgoing([send("a", 1), send("b", 2)], []);
    await environment.advance(STORE_PATIENCE_MS);
    expect(await store.saveOutgoing([send("c", 3)], [send("a", 1).id])).toBe(false);
    await settle();
    expect((await waitingIn(inner)).map(({ id }) => id)).toEqual([send("b", 2).id]);
  });

  it.each([
    () => Promise.reject(new Error("AbortError")),
    (): never => {
      throw new Error("InvalidStateError");
    },
  ])("ends nothing where it can't be told (%#)", async (fail) => {
    let asked = 0;
    const { store, environment } = patient({
      ...memoryLocalStore(),
      saveOutgoing: () => ((asked += 1) === 1 ? new Promise<never>(() => {}) : fail()),
    });
    void store.saveOutgoing([send("a", 1)], []);
    await environment.advance(STORE_PATIENCE_MS);
    expect([await store.saveOutgoing([], [send("a", 1).id]), asked]).toEqual([false, 2]);
  });
});

describe("[DEV-14] a store that answers late", () => {
  it("is told what the outbox holds by then, and nothing that is over", async () => {
    const inner = memoryLocalStore();
    const { store: hanging, letGo } = hangingStore(inner);
    const { store, environment } = patient(hanging);
    const first = store.saveOutgoing([send("a", 1)], []);
    await environment.advance(STORE_PATIENCE_MS);
    expect(await first).toBe(false);
    await store.saveOutgoing([send("b", 2)], []);
    await store.saveOutgoing([], [send("a", 1).id]);
    letGo();
    await settle();
    expect((await waitingIn(inner)).map(({ id }) => id)).toEqual([send("b", 2).id]);
  });

  it("is told the newest state of an entry, whichever was given up first", async () => {
    const inner = memoryLocalStore();
    const { store: hanging, letGo } = hangingStore(inner);
    const { store, environment } = patient(hanging);
    void store.loadMessages("a");
    await environment.advance(STORE_PATIENCE_MS - 10);
    const older = store.saveOutgoing([send("a", 1)], []);
    await environment.advance(10);
    expect(await store.saveOutgoing([], [send("a", 1).id])).toBe(false);
    await environment.advance(STORE_PATIENCE_MS);
    expect(await older).toBe(false);
    letGo();
    await settle();
    expect(await inner.loadOutbox()).toEqual([]);
  });

  it.each([true, false])(
    "gets nothing back that another tab is through with; heard that it was stored: %s",
    async (isHeard) => {
      const inner = memoryLocalStore();
      const { store: hanging, hang, letGo } = hangingAtTimes(inner);
      let answer = (): void => {};
      let isMute = !isHeard;
      const saveOutgoing: LocalStore["saveOutgoing"] = async (put, removed) => {
        const isStored = await hanging.saveOutgoing(put, removed);
        if (isMute) await new Promise<void>((resolve) => (answer = resolve));
        return isStored;
      };
      const loadMessages: LocalStore["loadMessages"] = (id) => hanging.loadMessages(id);
      const { store, environment } = patient({ ...inner, saveOutgoing, loadMessages });
      const saved = store.saveOutgoing([send("a", 1)], []);
      hang();
      void store.loadMessages("a");
      await environment.advance(STORE_PATIENCE_MS);
      expect(await saved).toBe(isHeard);
      await store.saveOutgoing([{ ...send("a", 1), state: "rejected" }, send("b", 2)], []);
      await inner.saveOutgoing([], [send("a", 1).id]);
      isMute = false;
      answer();
      letGo();
      await settle();
      expect((await waitingIn(inner)).map(({ id }) => id)).toEqual([send("b", 2).id]);
    },
  );

  it("is not told anew of what it was told itself after a failure", async () => {
    const inner = memoryLocalStore();
    let isBroken = true;
    const save: LocalStore["saveOutgoing"] = (put, removed) =>
      isBroken ? Promise.reject(new Error("full")) : inner.saveOutgoing(put, removed);
    let letGo = (): void => {};
    const hanging = new Promise<null>((resolve) => (letGo = () => resolve(null)));
    const { store, environment } = patient({ ...inner, saveOutgoing: save, loadMessages: () => hanging });
    await store.saveOutgoing([send("a", 1)], []);
    isBroken = false;
    await store.saveOutgoing([], [send("a", 1).id]);
    void store.loadMessages("a");
    await environment.advance(STORE_PATIENCE_MS);
    letGo();
    await settle();
    expect(await inner.loadOutbox()).toEqual([]);
  });
});

describe("[DEV-14] a device whose store never answers", () => {
  it("paints from the network and sends, and stops without a timer", async () => {
    const whole = wholeDevice({ localStore: hangingStore().store });
    const { device, transport, environment } = whole;
    void device.start();
    await environment.advance(STORE_PATIENCE_MS);
    await transport.last.answer(full(100, [row("a", 10)]));
    expect(device.conversations.list()).toEqual([idOf("a")]);
    void device.turns.send(idOf("a"), "hello");
    await environment.advance(STORE_PATIENCE_MS);
    expect(transport.named("sendStream")).toHaveLength(1);
    device.stop();
    await settle();
    expect(environment.timerCount).toBe(0);
  });

  it("sends what waited in it once it answers after all", async () => {
    const inner = memoryLocalStore();
    await inner.saveOutgoing([{ ...send("a", 1), isFirst: false }], []);
    const { store, letGo } = hangingStore(inner);
    const { device, transport, environment } = wholeDevice({ localStore: store });
    void device.start();
    await environment.advance(STORE_PATIENCE_MS);
    expect(transport.named("sendStream")).toHaveLength(0);
    letGo();
    await settle();
    expect(transport.named("sendStream")).toHaveLength(1);
    device.stop();
  });

  it.each(["done", "failed"])("shows the end of a turn at once where the store hangs meanwhile: %s", async (how) => {
    const { store, hang, letGo } = hangingAtTimes(memoryLocalStore());
    const { device, transport } = await openDevice({ localStore: store });
    const counts = { message_count: 12, last_seq: 12, title: "T", updated_at: tick(112) };
    const result = { user_message: message("a", 11), message: message("a", 12), ...counts };
    const end = { message: null, retryable: true, message_count: 11, last_seq: 11, conversation: row("a", 11) };
    const problem = { ...end, user_message: message("a", 11) };
    const failed = { ...failure("model_timeout", "Too slow."), status: 504, problem };
    let answer = (): void => {};
    await device.views.openConversation(idOf("a"));
    transport.answers.sendBatch = () =>
      new Promise((resolve) => (answer = () => resolve(how === "done" ? result : failed)));
    void device.turns.send(idOf("a"), "hello", { mode: "batch" });
    await settle();
    hang();
    answer();
    await settle();
    expect(device.views.get(idOf("a"))).toMatchObject({ reply: null, pending: [] });
    expect(device.conversations.get(idOf("a"))).toMatchObject({ message_count: how === "done" ? 12 : 11, unread: 0 });
    letGo();
    device.stop();
  });

  it.each([true, false])(
    "tells other tabs of a change only where it outlives its own; stored: %s",
    async (isStored) => {
      const openTab = memoryTabs();
      const { store, hang } = hangingAtTimes(memoryLocalStore());
      const { device, environment } = await openDevice({ localStore: store, tabs: openTab() });
      const told: string[] = [];
      openTab().subscribe(({ kind }) => told.push(kind));
      if (!isStored) hang();
      void device.actions.setPinned(idOf("a"), true);
      expect(device.conversations.get(idOf("a"))?.pinned).toBe(true);
      await environment.advance(STORE_PATIENCE_MS);
      expect(told.includes("change")).toBe(isStored);
      device.stop();
    },
  );

  it("shows no longer what was refused and another tab has sent meanwhile, once it answers after all", async () => {
    const inner = memoryLocalStore();
    const openTab = memoryTabs();
    const entry = { ...send("a", 1), isFirst: false, state: "rejected" } as const;
    await inner.saveOutgoing([entry], []);
    const { store, hang, letGo } = hangingAtTimes(inner);
    const { device, environment } = wholeDevice({ localStore: store, tabs: openTab() });
    await device.start();
    await device.views.openConversation(entry.conversationId);
    const pending = (): number => device.views.get(entry.conversationId)?.pending.length ?? 0;
    hang();
    openTab().tell({ kind: "outbox" });
    await environment.advance(STORE_PATIENCE_MS);
    expect(pending()).toBe(1);
    await inner.saveOutgoing([], [entry.id]);
    letGo();
    await settle();
    expect(pending()).toBe(0);
    device.stop();
  });

  it("sends where the lock hangs, and once only where it is given late", async () => {
    let give = (): void => {};
    const given = new Promise<void>((resolve) => (give = resolve));
    const tabs = tabsWith(async (run) => {
      await given;
      await run();
      return true;
    });
    const { device, transport, environment } = await openDevice({ tabs });
    void device.turns.send(idOf("a"), "hello");
    await environment.advance(2000);
    expect(transport.named("sendStream")).toHaveLength(1);
    give();
    await settle();
    expect(transport.named("sendStream")).toHaveLength(1);
    device.stop();
    await settle();
    expect(environment.timerCount).toBe(0);
  });
});

function tabsWith(exclusively: (run: () => Promise<void>) => Promise<boolean>): ReturnType<typeof noTabs> {
  return { ...noTabs(), exclusively: (_name, run) => exclusively(run) };
}

describe("[DEV-14] tabs that are waited for", () => {
  const environment = new VirtualEnvironment();
  const answers: [string, (run: () => Promise<void>) => Promise<boolean>, boolean, number][] = [
    ["gives the lock", (run) => run().then(() => true), true, 1],
    ["refuses the lock", async () => false, false, 0],
    ["rejects", () => Promise.reject(new Error("denied")), true, 1],
    [
      "throws",
      () => {
        throw new Error("denied");
      },
      true,
      1,
    ],
  ];
  it.each(answers)(
    "run at most once where the browser %s, with no timer left",
    async (...[, answer, isHere, times]) => {
      let runs = 0;
      const tabs = patientTabs(tabsWith(answer), environment);
      expect(await tabs.exclusively("x", async () => void runs++)).toBe(isHere);
      await environment.advance(10_000);
      expect([runs, environment.timerCount]).toEqual([times, 0]);
    },
  );

  it("run nothing any more once they are closed, though the lock comes then", async () => {
    let begin: (() => Promise<void>) | null = null;
    const tabs = patientTabs(
      tabsWith((run) => {
        begin = run;
        return new Promise(() => {});
      }),
      environment,
    );
    let runs = 0;
    const ended = tabs.exclusively("x", async () => void runs++);
    await settle();
    tabs.close();
    expect(await ended).toBe(false);
    await (begin as (() => Promise<void>) | null)?.();
    expect([runs, environment.timerCount]).toEqual([0, 0]);
  });

  it("swallow what telling, opening and closing throw, and hold alone where holding throws", () => {
    const fail = (): never => {
      throw new Error("InvalidStateError");
    };
    const tabs = patientTabs({ ...noTabs(), tell: fail, close: fail, open: fail, holdForAll: fail }, environment);
    const held: boolean[] = [];
    tabs.tell({ kind: "outbox" });
    tabs.holdForAll((isServed) => held.push(isServed))();
    tabs.close();
    tabs.open();
    expect(held).toEqual([false]);
  });
});

describe("[DEV-14] a message of another version's tab", () => {
  const response = {
    conversations: [row("a", 1)],
    server_time: tick(1),
    epoch: "e1",
    is_full_sync: false,
    deleted_ids: ["b"],
    has_more: false,
    next_page: null,
  };
  const answered = { response, since: null, etag: null };
  const known: readonly TabMessage[] = [
    { kind: "answered", answered },
    { kind: "moved", serverTime: "1", epoch: "e" },
    { kind: "seen", id: "a", baseline: { seq: 1, count: 1, skipped: 0 } },
    { kind: "change", operationId: "o", id: "a", change: { key: "title", value: "t" } },
    { kind: "settled", operationId: "o", asOf: { epoch: "e", time: "1" } },
    { kind: "refused", operationId: "o" },
    { kind: "outbox" },
    { kind: "signed-in" },
  ];

  it("is understood where it is whole", () => expect(known.filter((message) => !isTabMessage(message))).toEqual([]));

  it("is not, whatever part of it is missing or of another kind", () => {
    for (const message of known) {
      for (const name of Object.keys(message)) {
        const { [name as "kind"]: _left, ...rest } = message;
        expect(isTabMessage(rest)).toBe(false);
        const wrong = [null, 7, {}, [null], () => {}].map((other) => ({ ...message, [name]: other }));
        expect(wrong.filter(isTabMessage)).toEqual([]);
      }
    }
    for (const other of [null, undefined, 7, "outbox", [], {}, { kind: "later" }, { kind: "toString" }]) {
      expect(isTabMessage(other)).toBe(false);
    }
  });

  it("changes nothing and stops nothing in a tab that hears it", async () => {
    const openTab = memoryTabs();
    const loud = openTab();
    const { device, transport } = await openDevice({ tabs: openTab() });
    for (const message of [null, {}, { kind: "later" }, { kind: "answered" }, { kind: "seen", id: 7 }]) {
      loud.tell(message as unknown as TabMessage);
    }
    loud.tell({ kind: "moved", serverTime: tick(200), epoch: "e1" });
    await settle();
    expect(device.conversations.list()).toHaveLength(3);
    expect(transport.asked.length).toBeGreaterThan(1);
    device.stop();
  });
});

it("[DEV-12] says of what was written whether it is in this page alone: not of what is stored, nor of changes", async () => {
  const stored = memoryLocalStore();
  const refusing = { ...stored, saveOutgoing: async () => false };
  for (const localStore of [stored, refusing]) {
    const { device, transport } = await openDevice({ localStore });
    transport.answers.patch = () => NO_NETWORK;
    void device.actions.rename(idOf("b"), "Renamed");
    await settle();
    expect(device.outbox.hasUnstored()).toBe(false);
    transport.refusals = [NO_NETWORK];
    void device.turns.send(idOf("a"), "hello");
    expect(device.outbox.hasUnstored(), "not yet stored").toBe(true);
    await settle();
    expect(device.outbox.hasUnstored()).toBe(localStore === refusing);
    device.stop();
  }
  const next = await openDevice({ localStore: stored });
  expect(next.device.outbox.hasUnstored(), "an earlier page's").toBe(false);
  next.device.stop();
});
