/** Sends that wait in the outbox: what they may do once they go, and what becomes of them where things fail. */
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { noTabs } from "../src/tabs/tabs.ts";
import { full, idOf, increment, row } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");

describe("an edit, or asking again", () => {
  it("[TURN-7] keeps what it has seen while it waits, over a reload too", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    first.transport.answers.open = () => detail("a", 10);
    await first.device.views.openConversation(A);
    first.transport.refusals = [NO_NETWORK];
    await first.device.turns.send(A, "edited", { replaceFromSeq: 9 });
    await settle();
    await first.environment.emit("online");
    first.device.stop();
    const second = wholeDevice({ localStore });
    await second.device.start();
    await settle();
    const sent = [...first.transport.named("sendStream"), ...second.transport.named("sendStream")];
    const guarded = { replace_from_seq: 9, expected_last_seq: 10 };
    expect(sent).toMatchObject([
      [A, guarded],
      [A, guarded],
      [A, guarded],
    ]);
    second.device.stop();
  });

  it("[TURN-7] goes out after all once what came meanwhile was shown and a person asks again", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [{ ...failure("stale_conversation", "It moved on."), status: 409 }];
    transport.answers.messages = () => ({
      messages: [message("a", 11), message("a", 12)],
      message_pagination: detail("a", 12).message_pagination,
    });
    await device.turns.send(A, "edited", { replaceFromSeq: 9 });
    await settle();
    const [pending] = device.views.get(A)?.pending ?? [];
    expect(pending).toMatchObject({ state: "rejected", problem: { failed: "stale_conversation" } });
    device.turns.retry(pending?.clientMessageId ?? "");
    await settle();
    expect(transport.named("sendStream").at(-1)).toMatchObject([A, { replace_from_seq: 9, expected_last_seq: 12 }]);
    device.stop();
  });

  it("[TURN-7] says what it has seen where messages were ended before", async () => {
    const { device, transport, environment } = await openDevice();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(111, [row("a", 10, { at: 111, last_seq: 12 })]));
    await transport.last.answer(increment(111));
    await device.turns.send(A, "edited", { replaceFromSeq: 9 });
    await settle();
    expect(transport.named("sendStream")).toMatchObject([[A, { expected_last_seq: 12 }]]);
    device.stop();
  });
});

describe("[DEV-12] what somebody else has answered in the server's place", () => {
  it("waits: nobody knows whether it arrived", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.patch = () => failure("bad_answer", "A hotel's page.");
    transport.answers.sendBatch = () => failure("bad_answer", "A hotel's page.");
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11", { mode: "batch" });
    expect(await device.actions.rename(A, "Mine")).toBeUndefined();
    await settle();
    expect(device.conversations.get(A)?.title).toBe("Mine");
    expect(device.views.get(A)?.pending).toMatchObject([{ state: "waiting" }]);
    transport.answers.patch = () => summary("a", 10, { title: "Mine" });
    await environment.emit("online");
    expect(transport.named("patch").at(-1)).toEqual([A, { title: "Mine" }]);
    expect(device.status().waitingCount).toBe(1);
    device.stop();
  });
});

describe("[DEV-12] a store", () => {
  it("that stops answering takes nothing with it: what waits goes out from this tab", async () => {
    const localStore = { ...memoryLocalStore() };
    const { device, transport, environment } = await openDevice({ localStore });
    transport.refusals = [NO_NETWORK];
    await device.turns.send(A, "kept");
    await settle();
    localStore.loadOutbox = async () => null;
    localStore.loadOutgoing = async () => null;
    localStore.saveOutgoing = async () => false;
    await environment.emit("resume");
    expect(device.status().waitingCount).toBe(1);
    expect(transport.named("sendStream")).toHaveLength(2);
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    expect(device.status().waitingCount).toBe(0);
    device.stop();
  });

  it("that was emptied under an open page takes nothing with it, and has it again", async () => {
    const stored = memoryLocalStore();
    const localStore = { ...stored };
    const { device, transport, environment } = await openDevice({ localStore });
    transport.refusals = [NO_NETWORK, NO_NETWORK];
    await device.turns.send(A, "kept");
    await settle();
    await stored.clear();
    Object.assign(localStore, { loadOutbox: async () => "emptied", loadOutgoing: async () => "emptied" });
    await environment.emit("resume");
    Object.assign(localStore, stored);
    expect(await stored.loadOutbox()).toMatchObject([{ text: "kept" }]);
    await environment.emit("online");
    expect(transport.named("sendStream")).toHaveLength(3);
    device.stop();
  });
});

describe("[DEV-12] patience", () => {
  const busy = { ...failure("reply_running", "busy"), status: 409 };

  it("with a reply that runs elsewhere holds back nothing else", async () => {
    const { device, transport } = await openDevice();
    const answers: (() => void)[] = [];
    transport.answers.patch = () => new Promise((resolve) => answers.push(() => resolve(summary("a", 10))));
    for (const name of ["a", "b", "c"]) {
      void device.actions.rename(idOf(name), "Mine");
      void device.actions.setPinned(idOf(name), true);
    }
    transport.refusals = [busy];
    await device.turns.send(A, "one");
    await settle();
    for (const answer of answers) answer();
    await settle();
    expect(transport.named("patch")).toHaveLength(6);
    expect(transport.named("sendStream")).toHaveLength(1);
    device.stop();
  });

  it("with a reply that runs elsewhere ends as soon as a sync tells of its end", async () => {
    const { device, transport, environment } = await openDevice();
    transport.refusals = Array.from({ length: 100 }, () => busy);
    await device.turns.send(A, "one");
    await environment.advance(INTERVAL_MS);
    const tries = () => transport.named("sendStream").length;
    const before = tries();
    await transport.last.answer(increment(112, [row("a", 12, { at: 112, active_reply_id: message("a", 13).id })]));
    expect(tries()).toBe(before);
    await environment.advance(INTERVAL_MS);
    transport.refusals = [];
    const waited = tries();
    await transport.last.answer(increment(113, [row("a", 13, { at: 113 })]));
    expect(tries()).toBe(waited + 1);
    device.stop();
  });

  it("[LIMIT-1] lasts as long as a server asks that was sent too much, and then the message goes out", async () => {
    const { device, transport, environment } = await openDevice();
    transport.refusals = [{ ...failure("too_many_requests", "later"), status: 429, retryAfterMs: 40_000 }];
    await device.turns.send(A, "one");
    await settle();
    await environment.advance(39_999);
    expect(transport.named("sendStream")).toHaveLength(1);
    await environment.advance(1);
    expect(transport.named("sendStream")).toHaveLength(2);
    device.stop();
  });

  it("with a server that asks for much of it has an end", async () => {
    const { device, transport, environment } = await openDevice();
    transport.refusals = [{ ...failure("unavailable", "later"), status: 503, retryAfterMs: 2_592_000_000 }];
    await device.turns.send(A, "one");
    await settle();
    await environment.advance(299_000);
    expect(transport.named("sendStream")).toHaveLength(1);
    await environment.advance(1000);
    expect(transport.named("sendStream")).toHaveLength(2);
    device.stop();
  });
});

it("[DEV-11] a send that another tab took over is shown, with its reply, where it was written", async () => {
  const localStore = memoryLocalStore();
  const { device, transport, environment } = await openDevice({
    localStore,
    tabs: { ...noTabs(), exclusively: async () => false },
  });
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  await device.turns.send(A, "one");
  const [mine] = device.views.get(A)?.pending ?? [];
  const id = mine?.clientMessageId ?? "";
  await localStore.saveOutgoing([], [id]);
  transport.answers.open = () => ({
    ...detail("a", 12),
    messages: [message("a", 11, { client_message_id: id }), message("a", 12)],
  });
  await environment.advance(5000);
  expect(device.views.get(A)).toMatchObject({ pending: [], newMessages: 0, firstNewSeq: null });
  expect(device.views.get(A)?.messages.map(({ seq }) => seq)).toEqual([11, 12]);
  device.stop();
});

it.each(["conversation_trashed", "conversation_not_found"] as const)(
  "[DEV-10] a send that is refused with %s since its conversation is gone blocks nothing, and its text is given back",
  async (code) => {
    const localStore = memoryLocalStore();
    const { device, transport, told } = await openDevice({ localStore });
    transport.refusals = [{ ...failure(code, "gone"), status: 404 }];
    await device.turns.send(A, "not lost");
    await settle();
    expect(told).toEqual(["orphaned not lost"]);
    expect(await localStore.loadOutbox()).toEqual([]);
    await transport.last.answer({ ...increment(112), deleted_ids: [A] });
    expect(device.conversations.get(A)).toBeUndefined();
    device.stop();
  },
);

it("[DEV-10] a send of which nobody knows whether it arrived before its conversation went is not told as unsent", async () => {
  const { device, transport, environment, told } = await openDevice();
  transport.refusals = [NO_NETWORK, { ...failure("conversation_trashed", "gone"), status: 404 }];
  await device.turns.send(A, "who knows");
  await environment.advance(30_000);
  expect(told).toEqual(["orphaned who knows, perhaps sent"]);
  device.stop();
});

it.each([
  ["before a sync tells of that", []],
  ["after a sync has told of that", ["deleted Hello"]],
  ["where no sync tells of that any more", []],
] as const)(
  "[DEV-10] the first message of a chat that was deleted before it is given back, %s",
  async (when, first) => {
    const localStore = memoryLocalStore();
    const { device, transport, told } = await openDevice({ localStore });
    const late = Promise.withResolvers<unknown>();
    transport.answers.create = () => late.promise;
    const id = await device.turns.send(device.actions.createDraft(), "Hello");
    await device.views.openConversation(id);
    if (when.startsWith("after")) {
      void device.sync.incrementalSync();
      await transport.last.answer({ ...increment(112), deleted_ids: [id] });
    }
    expect(told).toEqual(first);
    late.resolve({ ...failure("conversation_deleted", "gone"), status: 409 });
    await settle();
    expect(told.toSorted()).toEqual(["deleted Hello", "orphaned Hello"]);
    expect(await localStore.loadOutbox()).toEqual([]);
    expect(device.conversations.get(id)).toBeUndefined();
    const isSilent = when.startsWith("where");
    await transport.last.answer(isSilent ? full(113, []) : { ...increment(113), deleted_ids: [id] });
    expect(device.conversations.get(id)).toBeUndefined();
    expect(told).toHaveLength(2);
    device.stop();
  },
);

it("[DEV-10] a message whose chat could not be made yet has surely not arrived there", async () => {
  const { device, transport, environment, told } = await openDevice();
  const answers = [NO_NETWORK, { ...failure("conversation_deleted", "gone"), status: 409 }];
  transport.answers.create = () => answers.shift();
  await device.turns.send(device.actions.createDraft(), "Hello");
  await environment.advance(30_000);
  expect(told).toEqual(["orphaned Hello"]);
  device.stop();
});

it("[TURN-8] a send whose conversation went with it was sent, and nothing of it is given back", async () => {
  const { device, transport, told } = await openDevice();
  transport.refusals = [{ ...failure("conversation_deleted", "gone"), status: 410 }];
  await device.turns.send(A, "sent");
  await settle();
  expect(told).toEqual([]);
  device.stop();
});

describe("[DEV-2] a device that is stopped", () => {
  it("looks no more at what another tab was sending", async () => {
    const { device, environment } = await openDevice({ tabs: { ...noTabs(), exclusively: async () => false } });
    await device.turns.send(A, "one");
    await settle();
    device.stop();
    expect(environment.timerCount).toBe(0);
  });

  it("does not begin once its list is read", async () => {
    const { device, transport, environment } = wholeDevice();
    const started = device.start();
    device.stop();
    await started;
    expect(transport.asked).toHaveLength(0);
    expect([environment.listenerCount, environment.timerCount]).toEqual([0, 0]);
  });
});

it("[ID-1] a chat whose only message is taken back stays for as long as one looks at it, and no longer", async () => {
  const { device, transport } = await openDevice();
  transport.answers.create = () => NO_NETWORK;
  const id = await device.turns.send(device.actions.createDraft(), "One");
  await device.views.openConversation(id);
  await settle();
  const [pending] = device.views.get(id)?.pending ?? [];
  expect(await device.turns.discard(pending?.clientMessageId ?? "")).toMatchObject({ text: "One" });
  expect([device.conversations.get(id)?.id, device.views.get(id)?.phase]).toEqual([id, "ready"]);
  device.views.closeConversation();
  expect(device.conversations.get(id)).toBeUndefined();
  device.stop();
});

it("[DEV-12] what one asks for again goes at once, whatever patience another failure has asked for", async () => {
  const { device, transport } = await openDevice();
  transport.refusals = [
    { ...failure("bad_answer", "Too much."), status: 413 },
    { ...NO_NETWORK, retryAfterMs: 200_000 },
  ];
  await device.views.openConversation(A);
  await device.turns.send(A, "refused");
  await settle();
  await device.turns.send(idOf("b"), "waits");
  await settle();
  const [pending] = device.views.get(A)?.pending ?? [];
  device.turns.retry(pending?.clientMessageId ?? "");
  await settle();
  const texts = transport.named("sendStream").map(([, body]) => (body as { message: string }).message);
  expect(texts.slice(0, 3)).toEqual(["refused", "waits", "refused"]);
  device.stop();
});

it("[DEV-12] whoever asks for a sync sends what waits, and the next failure is the first one again", async () => {
  const { device, transport, environment } = await openDevice();
  environment.randomValue = 0.999;
  transport.refusals = Array.from({ length: 12 }, () => NO_NETWORK);
  await device.turns.send(A, "hello");
  for (let tries = 0; tries < 5; tries++) await environment.advance(30_000);
  const tried = transport.named("sendStream").length;
  device.syncNow();
  await settle();
  expect(transport.named("sendStream")).toHaveLength(tried + 1);
  await environment.advance(1000);
  expect(transport.named("sendStream")).toHaveLength(tried + 2);
  device.stop();
});

describe("[DEV-12] a message that waits out a busy server's patience", () => {
  const BUSY = { ...failure("unavailable", "Full."), status: 503, retryAfterMs: 300_000 };

  async function waiting() {
    const whole = await openDevice();
    whole.transport.refusals = [BUSY];
    await whole.device.views.openConversation(A);
    await whole.device.turns.send(A, "hello");
    await settle();
    await whole.environment.advance(10_000);
    expect(whole.device.views.get(A)?.pending).toMatchObject([{ state: "waiting", problem: BUSY }]);
    const sent = (): number => whole.transport.named("sendStream").length;
    expect(sent()).toBe(1);
    return { ...whole, sent };
  }

  it.each(["focus", "show", "online", "resume"] as const)("goes at once with %s", async (event) => {
    const { device, environment, sent } = await waiting();
    await environment.emit(event);
    expect(sent()).toBe(2);
    device.stop();
  });

  it.each(["hide", "offline", "suspend"] as const)("goes no sooner for %s", async (event) => {
    const { device, environment, sent } = await waiting();
    await environment.emit(event);
    expect(sent()).toBe(1);
    device.stop();
  });

  it("goes at once where its person says so, once", async () => {
    const { device, transport, sent } = await waiting();
    const id = device.views.get(A)?.pending[0]?.clientMessageId ?? "";
    device.turns.retry(id);
    await settle();
    device.turns.retry(id);
    await settle();
    expect(sent()).toBe(2);
    expect(device.views.get(A)?.pending).toMatchObject([{ state: "sending", problem: null }]);
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    expect(device.views.get(A)?.pending).toEqual([]);
    device.stop();
  });

  it("asks for no settings whenever somebody clicks into the window", async () => {
    const { device, transport, environment } = await openDevice({ callbacks: { onBootChanged: () => {} } });
    const asked = transport.named("config").length;
    await environment.emit("focus");
    expect(transport.named("config")).toHaveLength(asked);
    device.stop();
  });
});
