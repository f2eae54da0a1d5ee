/** Turns that meet: a reply that is followed here, a send that waits for it, and what is let go of. */
import { describe, expect, it } from "vitest";
import { type Failure, failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { idOf, increment, row } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, type WholeDevice } from "./whole-device.ts";

const A = idOf("a");
const BUSY = { ...failure("reply_running", "A reply is being written."), status: 409 };

/** One that follows the reply to message 11, painted up to its second event; `sentAs` is that message's client id. */
async function followingDevice(sentAs?: () => string): Promise<WholeDevice> {
  const whole = await openDevice();
  whole.transport.answers.open = () => {
    const active_reply = { reply_id: message("a", 12).id, text: "one ", last_event_id: 2 };
    const sent = message("a", 11, sentAs ? { client_message_id: sentAs() } : {});
    return { ...detail("a", 11), messages: [...detail("a", 10).messages, sent], active_reply };
  };
  return whole;
}

describe("[TURN-4] a reply that is followed here", () => {
  it("has one reader: a send waits for its end, asking nothing, and then goes at once", async () => {
    const { device, transport, environment } = await followingDevice();
    transport.refusals = [BUSY];
    await device.turns.send(A, "mine");
    await settle();
    await device.views.openConversation(A);
    await environment.advance(30_000);
    expect(transport.named("sendStream")).toHaveLength(1);
    const [, , two, done] = turn("a", 11, ["one ", "two "]);
    await transport.stream.feed(two ?? null);
    expect(device.views.get(A)).toMatchObject({ reply: { text: "one two " }, pending: [{ state: "queued" }] });
    await transport.stream.feed(done ?? null);
    expect(transport.named("sendStream")).toHaveLength(2);
    device.stop();
  });

  it("[TURN-3] is the send's own where its message is shown already: nothing is sent again", async () => {
    const { device, transport, environment } = await followingDevice(() => {
      const [, send] = transport.named("sendStream")[0] ?? [];
      return (send as { client_message_id: string }).client_message_id;
    });
    transport.refusals = [failure("unreachable", "cut")];
    await device.turns.send(A, "message 11");
    await settle();
    await device.views.openConversation(A);
    await environment.emit("online");
    expect(transport.named("sendStream")).toHaveLength(1);
    expect(device.status().waitingCount).toBe(0);
    await transport.stream.feed(...turn("a", 11, ["one ", "two "]).slice(2));
    expect(device.views.get(A)?.messages.at(-1)).toMatchObject({ seq: 12, content: "one two " });
    expect(device.conversations.get(A)).toMatchObject({ message_count: 12, unread: 0, isGenerating: false });
    device.stop();
  });
});

it("[TURN-3] a send that comes while a turn of this tab runs waits for its end, whatever happens to the page", async () => {
  const { device, transport, environment } = await openDevice();
  await device.turns.send(A, "one");
  await settle();
  const events = turn("a", 11, ["Hi ", "you"]);
  await transport.stream.feed(...events.slice(0, 2));
  await device.turns.send(A, "two");
  await environment.emit("online");
  expect(transport.named("sendStream")).toHaveLength(1);
  await transport.stream.feed(...events.slice(2, 3));
  await transport.stream.feed(...events.slice(3));
  expect(transport.named("sendStream")).toHaveLength(2);
  device.stop();
});

it("[DEV-9] the end of a reply that is followed late counts as shown, though newer messages are known already", async () => {
  const { device, transport, environment } = await followingDevice();
  await device.views.openConversation(A);
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(114, [row("a", 14, { at: 114 })]));
  device.sync.setConversationStreaming(A, false);
  expect(device.views.get(A)).toMatchObject({ newMessages: 3 });
  await transport.stream.feed(...turn("a", 11, ["one ", "two "]).slice(2));
  expect(device.views.get(A)?.messages.at(-1)?.seq).toBe(12);
  expect(device.views.get(A)).toMatchObject({ newMessages: 2 });
  device.views.closeConversation();
  expect(device.conversations.get(A)).toMatchObject({ unread: 2 });
  device.stop();
});

it("[DEV-4] a rename that came during a turn stands when the turn ends, though the turn's counts are newer", async () => {
  const { device, transport, environment } = await openDevice();
  await device.turns.send(A, "one");
  await settle();
  const [start] = turn("a", 11, ["Hi"]);
  if (start) await transport.stream.feed(start);
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(111, [row("a", 11, { at: 111, title: "Renamed", pinned: true })]));
  expect(device.conversations.get(A)).toMatchObject({ pinned: false });
  const data = { code: "model_failed", detail: "", retryable: true, message: null, message_count: 12, last_seq: 12 };
  await transport.stream.feed({ id: 2, event: "error", data });
  expect(device.conversations.get(A)).toMatchObject({ title: "Renamed", pinned: true, message_count: 12, unread: 0 });
  device.stop();
});

it("[TURN-3] a repeat that joins a turn of long ago takes nothing away that came since, though that turn replaced messages", async () => {
  const { device, transport, environment } = await openDevice();
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  transport.refusals = [NO_NETWORK];
  await device.turns.askAgain(A, 10);
  await settle();
  device.views.closeConversation();
  const since = [...detail("a", 9).messages, message("a", 11), message("a", 12), message("a", 13)];
  transport.answers.open = () => ({ ...detail("a", 12), last_seq: 13, messages: since });
  await device.views.openConversation(A);
  await environment.emit("online");
  const reply = message("a", 11);
  const start = { user_message: message("a", 9), reply_id: reply.id, message_count: 9 };
  const done = {
    message: reply,
    message_count: 10,
    last_seq: 11,
    title: "Conversation a",
    updated_at: reply.created_at,
  };
  await transport.stream.feed({ id: 1, event: "start", data: start }, { id: 2, event: "done", data: done });
  expect(device.views.get(A)?.messages.map(({ seq }) => seq)).toEqual(since.map(({ seq }) => seq));
  expect(device.views.get(A)).toMatchObject({ newMessages: 0 });
  device.stop();
});

it("[DEV-4] a send that may have arrived stays so: its echo is no news, whatever the next try meets", async () => {
  const { device, transport, environment } = await openDevice();
  environment.randomValue = 0.99;
  transport.refusals = [NO_NETWORK, { ...failure("unavailable", "later"), status: 503 }];
  await device.turns.send(A, "one");
  await settle();
  await environment.emit("online");
  expect(transport.named("sendStream")).toHaveLength(2);
  await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
  expect(device.conversations.get(A)).toMatchObject({ unread: 0 });
  device.stop();
});

it("[DEV-4] discarding a send that waits leaves the turn that runs alone", async () => {
  const { device, transport, environment, told } = await openDevice();
  await device.views.openConversation(A);
  await device.turns.send(A, "one");
  await settle();
  const events = turn("a", 11, ["Hi ", "you"]);
  await transport.stream.feed(...events.slice(0, 2));
  await device.turns.send(A, "two");
  const waiting = device.views.get(A)?.pending.find(({ text }) => text === "two");
  await device.turns.discard(waiting?.clientMessageId ?? "");
  await environment.advance(INTERVAL_MS);
  await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
  await transport.stream.feed(...events.slice(2));
  expect(told).toEqual([]);
  expect(device.conversations.get(A)?.unread).toBe(0);
  device.stop();
});

it("[DEV-2] a reply whose connection was cut leaves nothing behind when the device stops", async () => {
  const { device, transport, environment } = await followingDevice();
  let refuse: (failed: Failure) => void = () => {};
  transport.resumeStream = () => new Promise((resolve) => (refuse = resolve));
  await device.views.openConversation(A);
  await settle();
  device.stop();
  refuse(failure("unreachable", "cut"));
  await settle();
  expect(environment.listenerCount).toBe(0);
  expect(environment.timerCount).toBe(0);
});

it.each(["stream", "batch"] as const)(
  "[DEV-2] a %s that is under way when the device stops is let go of: nothing is applied or stored after that",
  async (mode) => {
    const stored = memoryLocalStore();
    const writes: string[] = [];
    const localStore = {
      ...stored,
      saveSeen: async () => void writes.push("saveSeen"),
      saveOutgoing: async (...given: Parameters<typeof stored.saveOutgoing>) => {
        writes.push("saveOutgoing");
        return stored.saveOutgoing(...given);
      },
    };
    const { device, transport, environment } = await openDevice({ localStore });
    transport.answers.sendBatch = () => new Promise(() => {});
    await device.turns.send(A, "message 11", { mode });
    await settle();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    writes.length = 0;
    device.stop();
    await settle();
    expect(writes).toEqual([]);
    expect(device.conversations.get(A)?.message_count).toBe(10);
    expect(await stored.loadOutbox()).toMatchObject([{ text: "message 11", state: "sending" }]);
  },
);

it("[DEV-4] a reply that is left keeps what came from being news while a send of which nobody knows waits", async () => {
  const { device, transport, environment } = await followingDevice();
  transport.refusals = [NO_NETWORK];
  environment.randomValue = 0.99;
  await device.turns.send(A, "message 13");
  await settle();
  await device.views.openConversation(A);
  device.views.closeConversation();
  await settle();
  await environment.emit("focus");
  await transport.last.answer(increment(114, [row("a", 14, { at: 114 })]));
  expect(device.conversations.get(A)?.unread).toBe(0);
  device.stop();
});

describe("[MSG-5] asking again", () => {
  it("twice, before or after the first one has begun, asks once: there is nothing that could be stale", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    void device.turns.askAgain(A, 10);
    await device.turns.askAgain(A, 10);
    await settle();
    await device.turns.askAgain(A, 10);
    await settle();
    expect(transport.named("sendStream")).toHaveLength(1);
    expect(device.views.get(A)?.pending.length).toBeLessThanOrEqual(1);
    device.stop();
  });

  it("of a reply that is not shown any more asks nothing", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.askAgain(A, 99);
    await settle();
    expect(transport.named("sendStream")).toEqual([]);
    device.stop();
  });

  it("without a word shows what came back, and tries again from that reply, not from its question", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.askAgain(A, 8);
    await settle();
    const question = message("a", 7);
    const start = { user_message: question, reply_id: message("a", 20).id, message_count: 7 };
    transport.answers.open = () => {
      const back = [message("a", 11), message("a", 12), message("a", 13)];
      const shown = [...detail("a", 7).messages, ...back];
      return { ...detail("a", 10), last_seq: 13, message_count: 10, messages: shown };
    };
    const failed = { code: "model_failed", detail: "It failed.", retryable: true, message: null };
    const data = { ...failed, message_count: 10, last_seq: 13, brought_back: 3 };
    await transport.stream.feed({ id: 1, event: "start", data: start }, { id: 2, event: "error", data });
    await settle();
    const view = device.views.get(A);
    expect(view?.messages.map(({ seq }) => seq).slice(-4)).toEqual([7, 11, 12, 13]);
    expect(view?.turnFailure).toMatchObject({ code: "model_failed", askAgainFromSeq: 11 });
    expect(device.conversations.get(A)).toMatchObject({ message_count: 10, last_seq: 13, unread: 0 });
    device.stop();
  });
});

describe("[TURN-5] a reply that is to be stopped", () => {
  it("is being written again where the server could not be asked to, and can be stopped then", async () => {
    const { device, transport } = await followingDevice();
    await device.views.openConversation(A);
    transport.answers.stopReply = () => NO_NETWORK;
    const stopped = device.turns.stop(A);
    expect(device.views.get(A)?.reply?.phase).toBe("stopping");
    await stopped;
    expect(device.views.get(A)?.reply?.phase).toBe("streaming");
    device.stop();
  });

  it("[TURN-8] that ends since its conversation was deleted has a sync asked for at once", async () => {
    const { device, transport } = await followingDevice();
    await device.views.openConversation(A);
    const asked = transport.asked.length;
    const counts = { message_count: 11, last_seq: 11 };
    const data = { code: "conversation_deleted", detail: "", retryable: false, message: null, ...counts } as const;
    await transport.stream.feed({ id: 3, event: "error", data });
    expect(device.views.get(A)?.turnFailure?.code).toBe("conversation_deleted");
    expect(transport.asked).toHaveLength(asked + 1);
    device.stop();
  });
});

it("[TURN-7] a reply that was asked for again, and refused, can be asked for again", async () => {
  const { device, transport } = await openDevice();
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  transport.refusals = [{ ...failure("stale_conversation", "It moved on."), status: 409 }];
  for (let times = 0; times < 2; times++) {
    await device.turns.askAgain(A, 10);
    await settle();
  }
  expect(transport.named("sendStream")).toHaveLength(2);
  device.stop();
});

it("[TURN-9] why a reply failed is gone with the next message", async () => {
  const { device, transport } = await openDevice();
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  await device.turns.send(A, "message 11");
  await settle();
  const [start] = turn("a", 11, []);
  const counts = { message_count: 11, last_seq: 11 };
  const data = { code: "model_failed", detail: "", retryable: true, message: null, ...counts } as const;
  await transport.stream.feed(start ?? null, { id: 2, event: "error", data });
  expect(device.views.get(A)?.turnFailure?.code).toBe("model_failed");
  await device.turns.send(A, "message 12");
  expect(device.views.get(A)?.turnFailure).toBeNull();
  device.stop();
});

it("[DEV-4] a token is told to who looks at its conversation, and to no list, no row and nobody who counts", async () => {
  const updated: string[] = [];
  const { device, transport } = await openDevice({
    callbacks: { onConversationsUpdated: (ids) => void updated.push(...ids) },
  });
  transport.answers.open = () => detail("a", 10);
  await device.views.openConversation(A);
  await device.turns.send(A, "Hello");
  await settle();
  const { conversations, outbox, views } = device;
  const words = Array.from({ length: 50 }, (_, index) => `word ${index} `);
  const [start, ...rest] = turn("a", 11, words);
  const end = rest.pop();
  if (!start || !end) throw new Error("no turn");
  await transport.stream.feed(start);
  const told = { list: 0, row: 0, other: 0, unread: 0, outbox: 0, status: 0, view: 0 };
  conversations.subscribeList(() => void told.list++);
  conversations.subscribe(A, () => void told.row++);
  conversations.subscribe(idOf("b"), () => void told.other++);
  conversations.subscribeUnread(() => void told.unread++);
  outbox.subscribe(() => void told.outbox++);
  device.subscribeStatus(() => void told.status++);
  views.subscribe(A, () => void told.view++);
  updated.length = 0;
  const [item, ids] = [conversations.get(A), conversations.list()];
  await transport.stream.feed(...rest);
  expect(views.get(A)?.reply?.text).toBe(words.join(""));
  expect(told).toEqual({ list: 0, row: 0, other: 0, unread: 0, outbox: 0, status: 0, view: words.length });
  expect(updated).toEqual([]);
  expect(conversations.get(A)).toBe(item);
  expect(conversations.list()).toBe(ids);
  await transport.stream.feed(end);
  expect(told.row).toBeGreaterThan(0);
  expect(updated).toContain(A);
  device.stop();
});

it("[TURN-4] a turn of long ago, of which only the end is kept, holds up nothing that waits behind it", async () => {
  const { device, transport, environment } = await openDevice();
  transport.refusals = [NO_NETWORK];
  await device.turns.send(A, "one");
  await device.turns.send(A, "two");
  await settle();
  await environment.emit("online");
  const end = turn("a", 11, ["Hi ", "you"]).at(-1);
  await transport.stream.feed(end ? { ...end, id: 1 } : null);
  const texts = transport.named("sendStream").map(([, send]) => (send as { message: string }).message);
  expect(texts).toEqual(["one", "one", "two"]);
  expect(device.outbox.stateOf(A)).toBeNull();
  device.stop();
});

it("[TURN-3] [TURN-7] a message that was replaced elsewhere, so long ago that nobody knows of it, is not called not sent", async () => {
  const stale = { ...failure("stale_conversation", "The conversation has moved on."), status: 409 };
  const { device, transport, environment } = await openDevice();
  transport.refusals = [NO_NETWORK, stale];
  await device.turns.send(A, "one");
  await settle();
  await environment.emit("online");
  expect(transport.named("sendStream")).toHaveLength(2);
  expect([device.outbox.stateOf(A), device.status().waitingCount]).toEqual([null, 0]);
  device.stop();
});
