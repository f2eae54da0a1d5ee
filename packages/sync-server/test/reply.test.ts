/** A reply from its first event to its last: written, watched, ended. */
import type { TurnEvent } from "@instep/protocol";
import { expect, test } from "vitest";
import { systemEnvironment } from "../src/environment.ts";
import { ask } from "./sync-world.ts";
import { collect, must, openThreadedWorld, openWorld, type TurnWorld, uuid } from "./turn-world.ts";
import { settle } from "./virtual-environment.ts";

const FAILURE = {
  kind: "failed",
  error: { code: "model_unreachable", detail: "Nobody answers." },
  retryable: true,
} as const;

const numbers = (events: readonly TurnEvent[]) => events.map((event) => event.id);

/** The conversation as a sync answer carries it now. */
async function syncRow(world: TurnWorld) {
  const { conversations } = await ask(world);
  return conversations.find(({ id }) => id === world.conversationId);
}

/** A start that is made again has no more of its conversation than what its turn has kept. */
function withoutRow(start: TurnEvent | undefined) {
  if (start?.event !== "start") return start;
  const { conversation: _, ...data } = start.data;
  return { ...start, data };
}

test("[TURN-4] [SYNC-11] a reply is start, tokens and one end, numbered from 1, and both tell the whole conversation as of then", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const begun = { conversation: await syncRow(world), ...(await world.asOf()) };
  const watching = world.events(turn.replyId);
  const writer = world.writer(turn);
  writer.write("Hi ");
  writer.write("");
  writer.write("there.");
  await writer.end({ kind: "complete", stopReason: "stop" });
  const events = await watching;
  const [, message] = await world.messages();
  const detail = await world.detail();
  expect(events).toEqual([
    {
      id: 1,
      event: "start",
      data: { user_message: turn.userMessage, reply_id: turn.replyId, message_count: 1, ...begun },
    },
    { id: 2, event: "token", data: { text: "Hi " } },
    { id: 3, event: "token", data: { text: "there." } },
    {
      id: 4,
      event: "done",
      data: {
        message,
        message_count: 2,
        last_seq: 2,
        title: "Hello",
        updated_at: detail.updated_at,
        conversation: await syncRow(world),
        ...(await world.asOf()),
      },
    },
  ]);
  expect(message).toMatchObject({ id: turn.replyId, seq: 2, content: "Hi there.", status: "complete", model: "demo" });
  expect(message).toMatchObject({ role: "assistant", stop_reason: "stop" });
  expect(detail).toMatchObject({ active_reply_id: null, active_reply: null, message_count: 2, unread_count: 2 });
  expect(detail.updated_at).toBe(message?.created_at);
  await world.check();
});

test("[MSG-1] [CLOCK-2] tokens tick no clock and count no message; begin and end tick it", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const clock = await world.clock();
  const writer = world.writer(turn);
  for (let n = 0; n < 20; n += 1) {
    writer.write("word ");
    await world.environment.advance(100);
  }
  expect(await world.clock()).toBe(clock);
  expect(await world.detail()).toMatchObject({ message_count: 1, last_seq: 1 });
  await writer.end({ kind: "complete" });
  expect(await world.clock()).toBeGreaterThan(clock);
});

test("[MSG-4] a running reply is told with its conversation: its text so far and where to attach", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  world.writer(turn).write("Hi ");
  world.writer(turn).write("there");
  const { active_reply: active } = await world.detail();
  expect(active).toEqual({ reply_id: turn.replyId, text: "Hi there", last_event_id: 3 });
  const watching = world.events(turn.replyId, active?.last_event_id);
  world.writer(turn).write(".");
  await world.writer(turn).end({ kind: "complete" });
  expect((await watching).map((event) => event.event)).toEqual(["token", "done"]);
});

test("[TURN-2] a reply runs to its end when its only viewer goes away", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const gone = new AbortController();
  const view = must(await world.engine.viewReply(world.accountId, { ...turn, after: 0 }, gone.signal));
  const watching = collect(view);
  await settle();
  gone.abort();
  expect(numbers(await watching)).toEqual([1]);
  const writer = world.writer(turn);
  expect(writer.signal.aborted).toBe(false);
  writer.write("Still here.");
  await writer.end({ kind: "complete" });
  expect((await world.messages()).at(-1)).toMatchObject({ content: "Still here.", status: "complete" });
});

test("[TURN-4] an ended reply gives the missed events and its end, and the end alone from any number on", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const live = world.events(turn.replyId);
  const writer = world.writer(turn);
  for (const text of ["a", "b", "c"]) writer.write(text);
  await writer.end({ kind: "complete" });
  const all = await live;
  expect(await world.events(turn.replyId)).toEqual(all);
  expect(await world.events(turn.replyId, 3)).toEqual(all.slice(3));
  for (const after of [5, 6, 1000]) expect(await world.events(turn.replyId, after)).toEqual(all.slice(-1));
});

test("[TURN-4] [TURN-8] an unknown reply, and one of another conversation, is reply_not_found; where its conversation isn't there, that is said", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const other = await world.newConversation();
  const { signal } = new AbortController();
  const refused = { refused: "reply_not_found" };
  expect(await world.view(uuid() as never)).toEqual(refused);
  const elsewhere = { ...turn, conversationId: other, after: 0 };
  expect(await world.engine.viewReply(world.accountId, elsewhere, signal)).toEqual(refused);
  const stranger = uuid() as never;
  const absent = { refused: "conversation_not_found" };
  expect(await world.engine.viewReply(stranger, { ...turn, after: 0 }, signal)).toMatchObject(absent);
  expect(await world.engine.stopReply(stranger, turn.conversationId, turn.replyId)).toMatchObject(absent);
  expect(world.engine.replyWriter(stranger, turn.replyId)).toBeNull();
  expect(await world.engine.stopReply(world.accountId, other, turn.replyId)).toEqual(refused);
});

test("[TURN-4] long after the end, when its journal has gone, start and end are left, and no number is missing", async () => {
  const world = await openWorld();
  const turn = await world.turn("Hello", "Hi.");
  const all = await world.events(turn.replyId);
  await world.environment.advance(3_500_000);
  await world.engine.sweep();
  expect(await world.events(turn.replyId)).toEqual(all);
  await world.environment.advance(200_000);
  await world.engine.sweep();
  const [start, , end] = all;
  expect(await world.events(turn.replyId)).toEqual([withoutRow(start), { ...end, id: 2 }]);
  for (const after of [1, 2, 3, 50]) {
    expect(await world.events(turn.replyId, after)).toEqual([{ ...end, id: after + 1 }]);
  }
  const key = { accountId: world.accountId, replyId: turn.replyId };
  expect(await world.storage.read((snapshot) => snapshot.journalPiece(key, 0))).toEqual([]);
});

test("[TURN-4] a reply that was replaced is still told by its journal, then by its version, and not found when that has gone too", async () => {
  const world = await openWorld();
  const turn = await world.turn("Hello", "Hi.");
  const all = await world.events(turn.replyId);
  await world.turn("Hello again", "Hi again.", { replaceFromSeq: 1 });
  expect(await world.events(turn.replyId)).toEqual(all);
  await world.environment.advance(3_700_000);
  await world.engine.sweep();
  const [start, , end] = all;
  expect(await world.events(turn.replyId)).toEqual([withoutRow(start), { ...end, id: 2 }]);
  world.environment.step(31 * 86_400_000);
  await world.engine.sweep();
  expect(await world.view(turn.replyId)).toEqual({ refused: "reply_not_found" });
});

test("[TURN-9] a failure keeps the text that had come as a failed reply", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  world.writer(turn).write("Half");
  await world.writer(turn).end(FAILURE);
  const [, message] = await world.messages();
  expect(message).toMatchObject({ content: "Half", status: "failed", error: FAILURE.error });
  expect((await world.events(turn.replyId)).at(-1)).toEqual({
    id: 3,
    event: "error",
    data: {
      ...FAILURE.error,
      retryable: true,
      message,
      message_count: 2,
      last_seq: 2,
      title: "Hello",
      updated_at: message?.created_at,
      conversation: await syncRow(world),
      ...(await world.asOf()),
    },
  });
  await world.check();
});

test("[TURN-9] a failure without text leaves the user message and no reply, and can be asked again", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const before = await world.detail();
  await world.writer(turn).end(FAILURE);
  const detail = await world.detail();
  expect(detail).toMatchObject({ message_count: 1, last_seq: 1, active_reply_id: null, updated_at: before.updated_at });
  const end = (await world.events(turn.replyId)).at(-1);
  expect(end).toMatchObject({ id: 2, event: "error", data: { message: null, message_count: 1, last_seq: 1 } });
  await world.check();
  const again = await world.begin("Hello", { replaceFromSeq: 1 });
  expect(again.userMessage.seq).toBe(2);
  await world.check();
});

test("a reply that the model left empty is complete, and a message", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  await world.writer(turn).end({ kind: "complete" });
  expect((await world.messages()).at(-1)).toMatchObject({ content: "", status: "complete", seq: 2 });
});

test("only the first end counts, and text after it never appears", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const writer = world.writer(turn);
  writer.write("Done");
  const ends = [writer.end({ kind: "complete" }), writer.end(FAILURE)];
  writer.write(" and more");
  await Promise.all(ends);
  writer.write(" and yet more");
  await world.environment.advance(2000);
  expect((await world.messages()).map((message) => message.content)).toEqual(["Hello", "Done"]);
  expect(numbers(await world.events(turn.replyId))).toEqual([1, 2, 3]);
});

test("text cut in the middle of a character is whole in the stored message", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const writer = world.writer(turn);
  writer.write("a \ud83d");
  await world.environment.advance(1000);
  writer.write("\ude00 b");
  await writer.end({ kind: "complete" });
  expect((await world.messages()).at(-1)?.content).toBe("a 😀 b");
});

test("a title from the model replaces the first words, and never a person's", async () => {
  const world = await openWorld();
  await world.turn("Hello there", "Hi.");
  const { accountId, conversationId } = world;
  expect(must(await world.engine.setGeneratedTitle(accountId, conversationId, { title: "A greeting" })).title).toBe(
    "A greeting",
  );
  await world.engine.patch(accountId, conversationId, { title: "Mine" });
  expect(must(await world.engine.setGeneratedTitle(accountId, conversationId, { title: "Other" })).title).toBe("Mine");
});

test("a title that was made of a reply names nothing once that was replaced, and does once it is back", async () => {
  const world = await openWorld();
  const { replyId } = await world.turn("Hello there", "Hi.");
  const { accountId, conversationId } = world;
  const made = { title: "A greeting", replyId };
  const entitle = async () => must(await world.engine.setGeneratedTitle(accountId, conversationId, made)).title;
  const again = await world.begin(null, { replaceFromSeq: 2 });
  expect(await entitle()).toBe("Hello there");
  await world.writer(again).end({ kind: "stopped" });
  expect(await entitle()).toBe("A greeting");
});

test("a whole turn with the writer in a thread and real time, watched from two processes", async () => {
  const world = await openThreadedWorld(systemEnvironment);
  const other = world.anotherProcess();
  const turn = await world.begin("Hello");
  const watching = [world.events(turn.replyId), world.events(turn.replyId, 0, other)];
  const writer = world.writer(turn);
  for (let n = 0; n < 50; n += 1) writer.write(`${n} `);
  await writer.end({ kind: "complete" });
  const [here, elsewhere] = await Promise.all(watching);
  expect(elsewhere).toEqual(here);
  expect(here).toHaveLength(52);
  await world.check();
});
