/** Beginning turns: what is checked, in which order, and what a repeat finds. */
import type { ClientMessageId, ConversationId, Message, MessageId } from "@instep/protocol";
import { expect, test } from "vitest";
import type { BegunTurn } from "../src/engine.ts";
import { clientId, must, openWorld, refusalOf, uuid } from "./turn-world.ts";

test("[TURN-1] the user message is committed when the turn has begun, with the device's id as its id", async () => {
  const world = await openWorld();
  const clientMessageId = clientId();
  const turn = await world.begin("What is a tick?", { clientMessageId });
  expect(turn.kind).toBe("started");
  expect(turn.userMessage).toMatchObject({ id: clientMessageId, client_message_id: clientMessageId, seq: 1 });
  expect(historyOf(turn)).toEqual([turn.userMessage]);
  const detail = await world.detail();
  expect(detail.messages).toEqual([turn.userMessage]);
  expect(detail).toMatchObject({ message_count: 1, last_seq: 1, active_reply_id: turn.replyId });
  expect(detail.updated_at).toBe(turn.userMessage.created_at);
  await world.check();
});

test("[TURN-3] a device's id that is no UUID, or another message's, gives the message an id of its own", async () => {
  const world = await openWorld();
  const taken = clientId();
  const id = taken as string as MessageId;
  must(await world.engine.append(world.accountId, world.conversationId, { id, role: "user", content: "Brought in" }));
  for (const clientMessageId of [taken, "send 1" as ClientMessageId]) {
    const turn = await world.turn("Hello", "Hi.", { clientMessageId });
    expect(turn.userMessage.id).not.toBe(clientMessageId);
    expect(turn.userMessage.client_message_id).toBe(clientMessageId);
    const repeat = await world.begin("Hello", { clientMessageId });
    expect(repeat).toMatchObject({ kind: "joined", userMessage: turn.userMessage });
  }
  await world.turn("Edited", "Hi again.", { replaceFromSeq: 4 });
  const late = await world.begin("Hello", { clientMessageId: "send 1" as ClientMessageId });
  expect(late.userMessage).toMatchObject({ seq: 4, client_message_id: "send 1", content: "Hello" });
  await world.check();
});

test("[TURN-1] a turn's model is the request's, else the conversation's, else the default", async () => {
  const world = await openWorld();
  const byDefault = await world.begin("one");
  expect(byDefault.model).toBe("demo");
  await world.stop(byDefault.replyId);
  await world.engine.patch(world.accountId, world.conversationId, { model: "large" });
  const byConversation = await world.begin("two");
  expect(byConversation.model).toBe("large");
  await world.stop(byConversation.replyId);
  expect((await world.begin("three", { model: "small" })).model).toBe("small");
});

test("the first turn names a conversation by its first words, and one that has a name keeps it", async () => {
  const world = await openWorld();
  const turn = await world.begin("  How do\nclocks in distributed systems ever agree on anything?");
  expect(turn.title).toBe("How do clocks in distributed systems");
  expect((await world.detail()).title).toBe(turn.title);
  const named = must(await world.engine.create(world.accountId, { title: "Mine" })).conversation.id as ConversationId;
  expect((await world.begin("Other words", { conversationId: named })).title).toBe("Mine");
});

test("a conversation that isn't there, is in the trash, or lives on its device only takes no turn", async () => {
  const world = await openWorld();
  const unknown = uuid() as ConversationId;
  expect(await world.tryBegin("x", { conversationId: unknown })).toMatchObject({ refused: "conversation_not_found" });
  const temporary = `temp-${uuid()}` as ConversationId;
  expect(await world.tryBegin("x", { conversationId: temporary })).toMatchObject({ refused: "invalid_parameter" });
  await world.engine.trash(world.accountId, world.conversationId);
  expect(await world.tryBegin("x")).toMatchObject({ refused: "conversation_trashed" });
  await world.check();
});

test("[TURN-3] a repeat joins the running turn, and neither a message nor a tick is added", async () => {
  const world = await openWorld();
  const clientMessageId = clientId();
  const first = await world.begin("Hello", { clientMessageId });
  const clock = await world.clock();
  const repeat = await world.begin("Hello", { clientMessageId, expectedLastSeq: 0 });
  const { conversationId, replyId, userMessage, model, title } = first;
  expect(repeat).toEqual({ kind: "joined", conversationId, replyId, userMessage, model, title });
  expect(await world.clock()).toBe(clock);
  expect(await world.messages()).toHaveLength(1);
  expect(world.engine.statistics().runningReplies).toBe(1);
});

test("[TURN-3] a repeat joins its turn also after the end, after others, and from another process", async () => {
  const world = await openWorld();
  const clientMessageId = clientId();
  const first = await world.turn("Hello", "Hi.", { clientMessageId });
  await world.turn("And now?", "Still here.");
  const repeat = must(await world.tryBegin("Hello", { clientMessageId }, world.anotherProcess()));
  expect(repeat).toMatchObject({ kind: "joined", replyId: first.replyId, userMessage: first.userMessage });
  const [, , end] = await world.events(repeat.replyId);
  expect(end).toMatchObject({ event: "done", data: { message: { content: "Hi." } } });
  expect(await world.messages()).toHaveLength(4);
});

test("[TURN-3] repeats that come while the first one is still being written join it", async () => {
  const world = await openWorld();
  const clientMessageId = clientId();
  const turns = await Promise.all([1, 2, 3].map(() => world.begin("Hello", { clientMessageId })));
  expect(turns.map((turn) => turn.kind).sort()).toEqual(["joined", "joined", "started"]);
  expect(new Set(turns.map((turn) => turn.replyId)).size).toBe(1);
  expect(await world.messages()).toHaveLength(1);
  await world.check();
});

test("[TURN-3] a repeat of a message that was edited since still finds its turn", async () => {
  const world = await openWorld();
  const clientMessageId = clientId();
  const first = await world.turn("Hello", "Hi.", { clientMessageId });
  await world.turn("Hello there", "Hi there.", { replaceFromSeq: 1 });
  const repeat = await world.begin("Hello", { clientMessageId });
  expect(repeat).toMatchObject({ kind: "joined", replyId: first.replyId });
  expect(repeat.userMessage).toEqual(first.userMessage);
});

test("[TURN-3] the same id with another text, or in another conversation, is duplicate_message_id", async () => {
  const world = await openWorld();
  const clientMessageId = clientId();
  await world.turn("Hello", "Hi.", { clientMessageId });
  expect(await world.tryBegin("Hello!", { clientMessageId })).toMatchObject({ refused: "duplicate_message_id" });
  const conversationId = await world.newConversation();
  const elsewhere = await world.tryBegin("Hello", { clientMessageId, conversationId });
  expect(elsewhere).toMatchObject({ refused: "duplicate_message_id" });
  await world.check();
});

test("[TURN-7] a send that expects another last seq writes nothing and tells what it lacks", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("two", "2");
  const clock = await world.clock();
  const refusal = refusalOf(await world.tryBegin("three", { expectedLastSeq: 2 }));
  const messages = await world.messages();
  expect(refusal).toEqual({
    refused: "stale_conversation",
    members: { last_seq: 4, message_count: 4, messages: messages.slice(2), ...(await world.asOf()) },
  });
  expect(await world.clock()).toBe(clock);
  expect((await world.begin("three", { expectedLastSeq: 4 })).kind).toBe("started");
});

test("[TURN-7] a stale send gets at most a hundred messages, the ones that follow what it knows", async () => {
  const world = await openWorld();
  for (let n = 0; n < 120; n += 1) {
    await world.engine.append(world.accountId, world.conversationId, { role: "user", content: String(n) });
  }
  const { members } = refusalOf(await world.tryBegin("x", { expectedLastSeq: 3 }));
  const messages = members?.["messages"] as readonly Message[];
  expect(messages.map((message) => message.seq)).toEqual(Array.from({ length: 100 }, (_, index) => index + 4));
});

test("while a reply runs another send is reply_running, and nothing of it is written", async () => {
  const world = await openWorld();
  const turn = await world.begin("one");
  expect(await world.tryBegin("two", { expectedLastSeq: 1 })).toMatchObject({ refused: "reply_running" });
  await world.stop(turn.replyId);
  expect((await world.begin("two")).kind).toBe("started");
});

test("more than four replies at once are too_many_replies, until one has ended", async () => {
  const world = await openWorld();
  const turns = [];
  for (let n = 0; n < 4; n += 1) {
    turns.push(await world.begin("go", { conversationId: await world.newConversation() }));
  }
  expect(world.engine.statistics().runningReplies).toBe(4);
  expect(await world.tryBegin("fifth")).toMatchObject({ refused: "too_many_replies" });
  await world.writer(turns[0]!).end({ kind: "complete" });
  expect((await world.begin("fifth")).kind).toBe("started");
  await world.check();
});

test("[MSG-3] editing a user message ends what follows and appends with new seqs, exact for the counts", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("two", "2");
  await world.turn("three", "3");
  await world.engine.markRead(world.accountId, world.conversationId, { seq: 4 });
  const turn = await world.begin("two, better", { replaceFromSeq: 3 });
  expect(turn.userMessage.seq).toBe(7);
  expect(historyOf(turn).map((message) => message.content)).toEqual(["one", "1", "two, better"]);
  expect(await world.detail()).toMatchObject({ message_count: 3, last_seq: 7, unread_count: 1, read_seq: 4 });
  await world.check();
  await world.writer(turn).end({ kind: "complete" });
  expect((await world.messages()).map((message) => message.seq)).toEqual([1, 2, 7, 8]);
  await world.check();
});

test("[MSG-3] asking a reply again keeps the user message and replaces the reply", async () => {
  const world = await openWorld();
  const first = await world.turn("one", "bad");
  const again = await world.begin(null, { replaceFromSeq: 2 });
  expect(again.userMessage).toEqual(first.userMessage);
  expect(historyOf(again)).toEqual([first.userMessage]);
  expect(await world.detail()).toMatchObject({ message_count: 1, last_seq: 2, active_reply_id: again.replyId });
  await world.check();
  const writer = world.writer(again);
  writer.write("good");
  await writer.end({ kind: "complete" });
  expect((await world.messages()).map(({ seq, content }) => [seq, content])).toEqual([
    [1, "one"],
    [3, "good"],
  ]);
  await world.check();
});

test("[MSG-3] the second of two replies that is asked again is asked with what stands up to their question, and nothing counts as left out", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  for (const [role, content] of [
    ["user", "two"],
    ["assistant", "first"],
    ["assistant", "second"],
  ] as const) {
    must(await world.engine.append(world.accountId, world.conversationId, { role, content }));
  }
  const again = await world.begin(null, { replaceFromSeq: 5 });
  if (again.kind !== "started") throw new Error("The turn was joined");
  expect(again.history.map(({ content }) => content)).toEqual(["one", "1", "two"]);
  expect(again.olderCount).toBe(0);
  expect((await world.messages()).map(({ content }) => content)).toEqual(["one", "1", "two", "first"]);
});

test("[TURN-3] asking again is exactly-once too", async () => {
  const world = await openWorld();
  await world.turn("one", "bad");
  const clientMessageId = clientId();
  const again = await world.begin(null, { replaceFromSeq: 2, clientMessageId });
  await world.writer(again).end({ kind: "complete" });
  const repeat = await world.begin(null, { replaceFromSeq: 2, clientMessageId });
  expect(repeat).toMatchObject({ kind: "joined", replyId: again.replyId });
  expect(await world.messages()).toHaveLength(2);
});

test("[TURN-7] a replace_from_seq that is not a live message's is stale_conversation", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("edited", "2", { replaceFromSeq: 1 });
  const clock = await world.clock();
  const attempts = [
    await world.tryBegin("x", { replaceFromSeq: 1 }),
    await world.tryBegin("x", { replaceFromSeq: 9 }),
    await world.tryBegin(null, { replaceFromSeq: 2 }),
  ];
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({ refused: "stale_conversation", members: { last_seq: 4, message_count: 2 } });
  }
  expect(await world.tryBegin(null)).toMatchObject({ refused: "invalid_body" });
  expect(await world.clock()).toBe(clock);
  await world.check();
});

/** What the model is asked with, where the turn is this call's. */
function historyOf(turn: BegunTurn): readonly Message[] {
  if (turn.kind === "joined") throw new Error("Another call began this turn");
  return turn.history;
}
