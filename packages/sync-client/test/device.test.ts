/** A whole device against a scripted server: drafts, sends, views, actions. */
import type { ConversationId } from "@instep/protocol";
import { describe, expect, it } from "vitest";
import { failure } from "../src/failure.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, idOf, increment, row, tick } from "./scripted-server.ts";
import { detail, message, NO_NETWORK, summary, turn } from "./scripted-transport.ts";
import { settle } from "./virtual-environment.ts";
import { openDevice, wholeDevice } from "./whole-device.ts";

const A = idOf("a");

describe("a warm start", () => {
  it("shows the stored list before the network answers, then asks what changed since [DEV-1]", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    await first.environment.advance(INTERVAL_MS);
    await first.transport.last.answer(increment(110, [row("a", 12, { at: 110 })]));
    await settle();
    first.device.stop();
    const second = wholeDevice({ localStore });
    await second.device.start();
    expect(second.device.conversations.list()).toEqual([A, idOf("c"), idOf("b")]);
    expect(second.device.conversations.get(A)?.unread).toBe(2);
    expect(second.transport.last.question).toMatchObject({ since: tick(110), epoch: "e1" });
    await second.transport.last.answer(increment(120, [row("d", 1, { at: 120 })], [idOf("b")]));
    expect(second.device.conversations.list()).toEqual([idOf("d"), A, idOf("c")]);
    second.device.stop();
  });

  it("[EPOCH-1] takes the full answer of another epoch in the place of what was stored", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    first.device.stop();
    const second = wholeDevice({ localStore });
    await second.device.start();
    await second.transport.last.answer({ ...full(50, [row("a", 4)]), epoch: "e2" });
    expect(second.device.conversations.list()).toEqual([A]);
    expect(second.device.conversations.get(A)).toMatchObject({ message_count: 4, unread: 0 });
    expect((await localStore.loadList())?.epoch).toBe("e2");
    second.device.stop();
  });

  it("paints a conversation's messages from the store while the network is asked", async () => {
    const localStore = memoryLocalStore();
    await localStore.saveMessages(A, [message("a", 9), message("a", 10)]);
    const { device, transport } = await openDevice({ localStore });
    let answer: (value: unknown) => void = () => {};
    transport.answers.open = () => new Promise((resolve) => (answer = resolve));
    const opening = device.views.openConversation(A);
    await settle();
    expect(device.views.get(A)).toMatchObject({ phase: "ready" });
    expect(device.views.get(A)?.messages).toHaveLength(2);
    answer(detail("a", 10));
    await opening;
    expect(device.views.get(A)?.messages).toHaveLength(10);
    device.stop();
  });
});

describe("a send", () => {
  it("[ID-1] makes a draft a conversation with its first send", async () => {
    const { device, transport } = await openDevice();
    transport.answers.create = ({ id }: { id: string }) => summary("n", 0, { id, title: "New chat" });
    const draft = device.actions.createDraft("other-model");
    await device.views.openConversation(draft);
    expect(device.conversations.list()).not.toContain(draft);
    const id = await device.turns.send(draft, "  Hello\nthere  ");
    expect(draft).toBe(`temp-${id}`);
    expect(device.conversations.list()[0]).toBe(id);
    expect(device.conversations.get(id)).toMatchObject({ title: "Hello there", isLocal: true });
    await settle();
    expect(transport.named("create")).toEqual([[{ id, model: "other-model" }]]);
    expect(transport.named("sendStream")).toMatchObject([[id, { message: "  Hello\nthere  ", model: "other-model" }]]);
    expect(device.conversations.get(id)).toMatchObject({ isLocal: false, isGenerating: true });
    device.stop();
  });

  it("shows the message at once, then the reply as it grows, then both as stored", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    expect(device.views.get(A)?.pending).toMatchObject([{ text: "message 11" }]);
    await settle();
    expect(transport.named("sendStream")).toMatchObject([[A, { expected_last_seq: 10 }]]);
    const events = turn("a", 11, ["Hi ", "you"]);
    await transport.stream.feed(...events.slice(0, 3));
    const view = device.views.get(A);
    expect(view).toMatchObject({ pending: [], reply: { text: "Hi you", phase: "streaming", isOwn: true } });
    expect(view?.messages.at(-1)).toMatchObject({ seq: 11, role: "user" });
    await transport.stream.feed(...events.slice(3));
    expect(device.views.get(A)).toMatchObject({ reply: null });
    expect(device.views.get(A)?.messages.at(-1)).toMatchObject({ seq: 12, content: "Hi you" });
    expect(device.conversations.get(A)).toMatchObject({ message_count: 12, isGenerating: false, unread: 0 });
    device.stop();
  });

  it("that waited while others wrote never shows a hole: what is there now is loaded", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [NO_NETWORK];
    await device.turns.send(A, "message 13");
    await settle();
    transport.answers.open = () => detail("a", 13);
    await environment.emit("online");
    const events = turn("a", 13, ["Hi"]);
    await transport.stream.feed(events[0] ?? null);
    const seqs = () => device.views.get(A)?.messages.map(({ seq }) => seq);
    expect(seqs()).toEqual(Array.from({ length: 13 }, (_, n) => n + 1));
    await transport.stream.feed(...events.slice(1));
    expect(seqs()?.at(-1)).toBe(14);
    expect(device.views.get(A)).toMatchObject({ newMessages: 0, pending: [] });
    device.stop();
  });

  it("[TURN-5] that is stopped before the server has it is stopped as soon as it has an id", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    transport.answers.stopReply = () => ({ status: "stopped" });
    await device.turns.send(A, "message 11");
    await settle();
    await device.turns.stop(A);
    expect(transport.named("stopReply")).toEqual([]);
    await transport.stream.feed(turn("a", 11, [])[0] ?? null);
    expect(transport.named("stopReply")).toEqual([[A, message("a", 12).id]]);
    device.stop();
  });

  it("as a batch shows both when the answer is there", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    const end = { message: message("a", 12), message_count: 12, last_seq: 12, title: "T", updated_at: tick(112) };
    transport.answers.sendBatch = () => ({ user_message: message("a", 11), ...end });
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11", { mode: "batch" });
    await settle();
    expect(device.views.get(A)?.messages.slice(-2)).toMatchObject([{ seq: 11 }, { seq: 12 }]);
    expect(device.conversations.get(A)).toMatchObject({ message_count: 12, title: "T", unread: 0 });
    device.stop();
  });

  it("[TURN-9] says why a reply failed, and what can be asked again", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await device.turns.send(A, "message 11");
    await settle();
    const error = { code: "model_unreachable", detail: "No model.", retryable: true, message: null };
    await transport.stream.feed(turn("a", 11, [])[0] ?? null, {
      id: 2,
      event: "error",
      data: { ...error, message_count: 11, last_seq: 11 },
    });
    expect(device.views.get(A)?.turnFailure).toEqual({
      code: "model_unreachable",
      detail: "No model.",
      isRetryable: true,
      askAgainFromSeq: 11,
    });
    await device.turns.askAgain(A, 11);
    await settle();
    expect(transport.named("sendStream").at(-1)).toMatchObject([A, { message: "message 11", replace_from_seq: 11 }]);
    expect(device.views.get(A)?.turnFailure).toBeNull();
    device.stop();
  });

  it("[TURN-9] of a batch too, by what its refusal says, whether or not anything more can be asked", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    const conversation = row("a", 11, { title: "T" });
    const end = { message: null, retryable: true, message_count: 11, last_seq: 11, conversation };
    const problem = { ...end, user_message: message("a", 11), server_time: tick(112), epoch: "e1" };
    transport.answers.sendBatch = () => ({ ...failure("model_timeout", "Too slow."), status: 504, problem });
    transport.answers.open = () => failure("unreachable", "No network.");
    await device.turns.send(A, "message 11", { mode: "batch" });
    await settle();
    const turnFailure = { code: "model_timeout", askAgainFromSeq: 11 };
    expect(device.views.get(A)).toMatchObject({ pending: [], turnFailure });
    device.views.closeConversation();
    expect(device.conversations.get(A)).toMatchObject({ message_count: 11, title: "T", unread: 0 });
    device.stop();
  });

  it("[TURN-9] of a batch of a server of before, which says nothing of counts", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.answers.sendBatch = () => ({ ...failure("model_timeout", "Too slow."), status: 504 });
    transport.answers.open = () => detail("a", 11);
    await device.turns.send(A, "message 11", { mode: "batch" });
    await settle();
    expect(device.views.get(A)?.turnFailure).toMatchObject({ askAgainFromSeq: 11, isRetryable: true });
    device.stop();
  });

  it("[TURN-7] that is stale is kept with its text, and what is new is shown", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [{ ...failure("stale_conversation", "It moved on."), status: 409 }];
    transport.answers.messages = () => ({
      messages: [message("a", 11), message("a", 12)],
      message_pagination: { ...detail("a", 12).message_pagination },
    });
    await device.turns.send(A, "mine");
    await settle();
    const view = device.views.get(A);
    expect(view?.pending).toMatchObject([
      { text: "mine", state: "rejected", problem: { failed: "stale_conversation" } },
    ]);
    expect(view).toMatchObject({ firstNewSeq: 11 });
    expect(view?.messages.at(-1)?.seq).toBe(12);
    device.turns.retry(view?.pending[0]?.clientMessageId ?? "");
    await settle();
    expect(transport.named("sendStream")).toHaveLength(2);
    device.stop();
  });
});

describe("[DEV-12] what can't be sent yet", () => {
  it("is stored before the network is used, waits while offline, and goes out once when it is back", async () => {
    const localStore = memoryLocalStore();
    const { device, transport, environment } = await openDevice({ localStore });
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [NO_NETWORK];
    await device.turns.send(A, "later");
    expect(await localStore.loadOutbox()).toMatchObject([{ text: "later" }]);
    await settle();
    expect(device.views.get(A)?.pending).toMatchObject([{ state: "waiting", problem: { failed: "unreachable" } }]);
    expect(device.status().waitingCount).toBe(1);
    await environment.emit("online");
    const ids = transport
      .named("sendStream")
      .map(([, given]) => (given as { client_message_id: string }).client_message_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    await transport.stream.feed(turn("a", 11, [])[0] ?? null);
    expect(await localStore.loadOutbox()).toEqual([]);
    expect(device.status().waitingCount).toBe(0);
    device.stop();
  });

  it("survives a reload under the same id, and its own echo is no news meanwhile", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    await first.device.turns.send(A, "message 11");
    await settle();
    const sent = first.transport.named("sendStream")[0]?.[1] as { client_message_id: string };
    first.device.stop();
    const second = wholeDevice({ localStore });
    second.transport.refusals = [NO_NETWORK];
    await second.device.start();
    await settle();
    expect(second.transport.named("sendStream")[0]?.[1]).toMatchObject({ client_message_id: sent.client_message_id });
    await second.transport.last.answer(increment(111, [row("a", 11, { at: 111 })]));
    expect(second.device.conversations.get(A)?.unread).toBe(0);
    await second.environment.advance(1000);
    await second.transport.stream.feed(...turn("a", 11, ["Hi"]));
    // Nobody has looked at it, so its reply is unread [DEV-5].
    expect(second.device.conversations.get(A)).toMatchObject({ message_count: 12, unread: 1 });
    second.device.stop();
  });

  it("one that the server rejects shows why and blocks nothing else", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.refusals = [{ ...failure("message_too_long", "Too long."), status: 422 }];
    await device.turns.send(A, "long");
    await settle();
    await device.turns.send(A, "short");
    await device.turns.send(idOf("b"), "other");
    await settle();
    const sent = transport.named("sendStream").map(([, given]) => (given as { message: string }).message);
    expect(sent).toEqual(["long", "short", "other"]);
    const pending = device.views.get(A)?.pending ?? [];
    expect(pending.map(({ text, state }) => [text, state])).toEqual([
      ["long", "rejected"],
      ["short", "sending"],
    ]);
    expect(await device.turns.discard(pending[0]?.clientMessageId ?? "")).toMatchObject({ text: "long" });
    expect(device.views.get(A)?.pending).toHaveLength(1);
    device.stop();
  });

  it("goes out in its order within a conversation, waiting for the turn before", async () => {
    const { device, transport } = await openDevice();
    await device.turns.send(A, "one");
    await device.turns.send(A, "two");
    await settle();
    expect(transport.named("sendStream")).toHaveLength(1);
    await transport.stream.feed(...turn("a", 11, ["Hi"]));
    expect(transport.named("sendStream")).toHaveLength(2);
    device.stop();
  });

  it("waits for a reply that runs elsewhere", async () => {
    const { device, transport, environment } = await openDevice();
    transport.refusals = [{ ...failure("reply_running", "busy"), status: 409 }];
    await device.turns.send(A, "one");
    await settle();
    await environment.advance(5000);
    expect(transport.named("sendStream")).toHaveLength(2);
    device.stop();
  });

  it("asks nothing more of a server that wants a sign-in, until told", async () => {
    const { device, transport, environment } = await openDevice();
    transport.refusals = [{ ...failure("unauthorized", "Sign in."), status: 401 }];
    await device.turns.send(A, "kept");
    await settle();
    await environment.advance(40_000);
    expect(transport.named("sendStream")).toHaveLength(1);
    device.signedIn();
    await settle();
    expect(transport.named("sendStream")).toHaveLength(2);
    device.stop();
  });

  it("a conversation that was begun offline goes with its only send", async () => {
    const { device, transport } = await openDevice();
    transport.answers.create = () => ({ ...failure("unknown_model", "No such model."), status: 422 });
    const id = await device.turns.send(device.actions.createDraft("gone"), "Hello");
    await settle();
    const [pending] = device.views.get(id)?.pending ?? [];
    expect(pending).toMatchObject({ state: "rejected", problem: { failed: "unknown_model" } });
    expect(await device.turns.discard(pending?.clientMessageId ?? "")).toMatchObject({ text: "Hello" });
    expect(device.conversations.get(id)).toBeUndefined();
    device.stop();
  });

  it("a conversation is begun offline, and is there after a reload", async () => {
    const localStore = memoryLocalStore();
    const first = await openDevice({ localStore });
    const id = await first.device.turns.send(first.device.actions.createDraft(), "Begun offline");
    await settle();
    expect(first.device.conversations.get(id)).toMatchObject({ isLocal: true });
    first.device.stop();
    const second = wholeDevice({ localStore });
    second.transport.answers.create = () => summary("n", 0, { id, server_time: tick(106), epoch: "e1" });
    await second.device.start();
    expect(second.device.conversations.get(id)).toMatchObject({ title: "Begun offline" });
    await settle();
    expect(second.transport.named("sendStream")).toMatchObject([[id, { message: "Begun offline" }]]);
    await second.transport.last.answer(full(105, []));
    expect(second.device.conversations.get(id)).toBeDefined();
    second.device.stop();
  });
});

describe("a view", () => {
  it("[DEV-9] a banner's click loads only what is missing, marks where it begins and clears the banner", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(device.views.get(A)).toMatchObject({ newMessages: 2 });
    expect(device.views.get(A)?.messages).toHaveLength(10);
    transport.answers.messages = () => ({
      messages: [message("a", 11), message("a", 12)],
      message_pagination: detail("a", 12).message_pagination,
    });
    expect(await device.views.loadNewer(A)).toBe(11);
    expect(transport.named("messages")).toEqual([[A, { after: 10, limit: 100 }]]);
    expect(transport.named("open")).toHaveLength(1);
    expect(device.views.get(A)).toMatchObject({ newMessages: 0, firstNewSeq: 11 });
    expect(device.views.get(A)?.messages).toHaveLength(12);
    await settle();
    expect(transport.named("markRead")).toEqual([[A, { seq: 12 }]]);
    device.stop();
  });

  it("[DEV-9] loads the page anew where messages that it shows were ended", async () => {
    const { device, transport, environment } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    transport.unreadCount = 1;
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(111, [row("a", 10, { at: 111, last_seq: 11 })]));
    await transport.last.answer(increment(111));
    expect(device.views.get(A)).toMatchObject({ newMessages: 1 });
    const replaced = { ...detail("a", 10), last_seq: 11 };
    const messages = [...replaced.messages.slice(0, 9), message("a", 11, { role: "assistant" })];
    transport.answers.messages = () => ({
      messages: messages.slice(-1),
      message_pagination: replaced.message_pagination,
    });
    transport.answers.open = () => ({ ...replaced, messages });
    expect(await device.views.loadNewer(A)).toBe(11);
    expect(
      device.views
        .get(A)
        ?.messages.slice(-2)
        .map(({ seq }) => seq),
    ).toEqual([9, 11]);
    expect(device.views.get(A)).toMatchObject({ newMessages: 0 });
    device.stop();
  });

  it("[DEV-3] opening a badged conversation clears it here at once and everywhere, and shows where the new begins", async () => {
    const { device, transport, environment } = await openDevice();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(device.conversations.unreadConversations()).toBe(1);
    transport.answers.open = () => detail("a", 12);
    const opening = device.views.openConversation(A);
    expect(device.conversations.get(A)?.unread).toBe(0);
    await opening;
    expect(device.views.get(A)?.firstNewSeq).toBe(11);
    await settle();
    expect(transport.named("markRead")).toEqual([[A, { seq: 12 }]]);
    await device.views.openConversation(idOf("b"));
    expect(device.conversations.get(A)?.unread).toBe(0);
    device.stop();
  });

  it("[DEV-3] opening one without a badge writes nothing", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await settle();
    expect(transport.named("markRead")).toEqual([]);
    device.stop();
  });

  it("pages older messages in, each once, until there are none", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => detail("c", 30, { loaded: 10 });
    await device.views.openConversation(idOf("c"));
    const older = detail("c", 20, { loaded: 20 });
    transport.answers.messages = () => ({ messages: older.messages, message_pagination: older.message_pagination });
    await Promise.all([device.views.loadOlder(idOf("c")), device.views.loadOlder(idOf("c"))]);
    expect(transport.named("messages")).toEqual([[idOf("c"), { before: "21", limit: 50 }]]);
    expect(device.views.get(idOf("c"))).toMatchObject({ hasOlder: false });
    expect(device.views.get(idOf("c"))?.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 30 }, (_, n) => n + 1),
    );
    device.stop();
  });

  it("[TURN-4] goes on with a running reply where it was painted, and lets go of it on leaving", async () => {
    const { device, transport, environment } = await openDevice();
    const [, , , done] = turn("a", 11, ["Hel", "lo"]);
    const replyId = message("a", 12).id;
    transport.answers.open = (id: ConversationId) =>
      id === A
        ? { ...detail("a", 11), active_reply: { reply_id: replyId, text: "Hel", last_event_id: 2 } }
        : detail("b", 20);
    await device.views.openConversation(A);
    expect(transport.named("resumeStream")).toEqual([[A, { replyId, after: 2 }]]);
    await transport.stream.feed({ id: 3, event: "token", data: { text: "lo" } });
    expect(device.views.get(A)?.reply).toMatchObject({ text: "Hello", isOwn: false });
    await device.views.openConversation(idOf("b"));
    await settle();
    expect(device.views.get(A)?.reply).toBeNull();
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(112, [row("a", 12, { at: 112 })]));
    expect(device.conversations.get(A)?.unread).toBe(1);
    expect(done?.event).toBe("done");
    device.stop();
  });

  it("[DEV-10] of a conversation that is deleted elsewhere is cleared, with one toast", async () => {
    const { device, transport, environment, told } = await openDevice();
    transport.answers.open = () => detail("a", 10);
    await device.views.openConversation(A);
    await environment.advance(INTERVAL_MS);
    await transport.last.answer(increment(111, [], [A]));
    expect(told).toEqual(["deleted Conversation a"]);
    expect(device.views.get(A)).toMatchObject({ phase: "deleted", messages: [] });
    device.stop();
  });

  it("that could not be loaded is loaded once the server can be reached again", async () => {
    const { device, transport, environment } = await openDevice();
    await device.views.openConversation(A);
    expect(device.views.get(A)).toMatchObject({ phase: "failed", problem: NO_NETWORK });
    await environment.advance(INTERVAL_MS);
    await transport.last.fail();
    transport.answers.open = () => detail("a", 10);
    await environment.advance(1000);
    await transport.last.answer(increment(100));
    expect(device.views.get(A)).toMatchObject({ phase: "ready", problem: null });
    device.stop();
  });

  it("of a conversation that is not there says so", async () => {
    const { device, transport } = await openDevice();
    transport.answers.open = () => ({ ...failure("conversation_trashed", "In the trash."), status: 404 });
    await device.views.openConversation(A);
    expect(device.views.get(A)).toMatchObject({ phase: "deleted", problem: { failed: "conversation_trashed" } });
    device.stop();
  });
});
