/** Ends that the model didn't choose: stops, deletions, and the engine's close. */
import { expect, test } from "vitest";
import { systemEnvironment } from "../src/environment.ts";
import { openSqliteStorage } from "../src/storage/sqlite/index.ts";
import { must, openThreadedWorld, openWorld, temporaryFile } from "./turn-world.ts";
import { settle } from "./virtual-environment.ts";

test("[TURN-5] a stop keeps the text, aborts the model's request, and is durable when it is acknowledged", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const writer = world.writer(turn);
  const watching = world.events(turn.replyId);
  writer.write("So far");
  const stopping = world.stop(turn.replyId);
  expect(writer.signal.aborted).toBe(true);
  writer.write(" and no further");
  expect(await stopping).toBe("stopped");
  writer.write(" at all");
  await writer.end({ kind: "complete" });
  await world.environment.advance(5000);
  expect((await world.messages()).at(-1)).toMatchObject({ content: "So far", status: "stopped", id: turn.replyId });
  const events = await watching;
  expect(events.map((event) => event.event)).toEqual(["start", "token", "done"]);
  expect(await world.events(turn.replyId)).toEqual(events);
  expect(await world.stop(turn.replyId)).toBe("ended");
  await world.check();
});

test("[TURN-5] a stop before the first token leaves an empty stopped message", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  expect(await world.stop(turn.replyId)).toBe("stopped");
  expect((await world.messages()).at(-1)).toMatchObject({ content: "", status: "stopped", seq: 2 });
  await world.check();
});

test("[TURN-5] a stop from another process ends the turn within a second, with all that was seen", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const writer = world.writer(turn);
  const watching = world.events(turn.replyId);
  writer.write("So far");
  const stopping = world.stop(turn.replyId, world.anotherProcess());
  await world.environment.advance(1000);
  expect(await stopping).toBe("stopped");
  expect(writer.signal.aborted).toBe(true);
  writer.write(" and no further");
  expect((await world.messages()).at(-1)).toMatchObject({ content: "So far", status: "stopped" });
  expect((await watching).at(-1)).toMatchObject({ event: "done", id: 3 });
  await world.check();
});

test("[TURN-5] stops from both sides and the model's own end leave one end", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const writer = world.writer(turn);
  writer.write("Text");
  const other = world.anotherProcess();
  const stops = Promise.all([world.stop(turn.replyId), world.stop(turn.replyId, other), world.stop(turn.replyId)]);
  await Promise.all([writer.end({ kind: "complete" }), world.environment.advance(3000)]);
  expect((await stops).filter((outcome) => outcome === "stopped").length).toBeGreaterThanOrEqual(1);
  expect(await world.messages()).toHaveLength(2);
  expect(await world.events(turn.replyId)).toHaveLength(3);
  await world.check();
});

test("[TURN-8] putting the conversation into the trash ends its reply, and what was said of it is there once somebody restores it [MSG-5]", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const writer = world.writer(turn);
  const watching = world.events(turn.replyId);
  writer.write("Half");
  await world.environment.advance(1000);
  await world.engine.trash(world.accountId, world.conversationId);
  await settle();
  expect(writer.signal.aborted).toBe(true);
  const events = await watching;
  const half = { id: turn.replyId, role: "assistant", content: "Half", status: "stopped", seq: 2 };
  expect(events.at(-1)).toMatchObject({
    id: 3,
    event: "error",
    data: {
      code: "conversation_deleted",
      detail: "The conversation was deleted while the reply was being written.",
      retryable: false,
      message: half,
      message_count: 2,
      last_seq: 2,
      ...(await world.asOf()),
    },
  });
  writer.write(" more");
  await writer.end({ kind: "complete" });
  await world.environment.advance(2000);
  expect(await world.view(turn.replyId)).toMatchObject({ refused: "conversation_trashed" });
  const { accountId, conversationId } = world;
  const stopped = await world.engine.stopReply(accountId, conversationId, turn.replyId);
  expect(stopped).toMatchObject({ refused: "conversation_trashed" });
  expect(world.engine.statistics().runningReplies).toBe(0);
  await world.check();
  await world.engine.restore(world.accountId, world.conversationId);
  const end = { code: "conversation_deleted", message: half };
  expect((await world.events(turn.replyId)).at(-1)).toMatchObject({ data: end });
  expect(await world.detail()).toMatchObject({ message_count: 2, active_reply_id: null, active_reply: null });
  expect((await world.messages()).at(-1)).toMatchObject(half);
  await world.check();
});

test("[TURN-8] of a reply that had said nothing the trash keeps nothing", async () => {
  const world = await openWorld();
  await world.begin("Hello");
  await world.engine.trash(world.accountId, world.conversationId);
  await world.engine.restore(world.accountId, world.conversationId);
  expect(await world.detail()).toMatchObject({ message_count: 1, last_seq: 1, active_reply_id: null });
  await world.check();
});

test("[TURN-8] erasing the conversation ends its reply for viewers here and elsewhere", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  world.writer(turn).write("Half");
  const here = world.events(turn.replyId);
  const elsewhere = world.events(turn.replyId, 0, world.anotherProcess());
  await world.environment.advance(1000);
  await world.engine.erase(world.accountId, world.conversationId);
  await world.environment.advance(1000);
  for (const events of await Promise.all([here, elsewhere])) {
    expect(events.map((event) => event.id)).toEqual([1, 2, 3]);
    expect(events.at(-1)).toMatchObject({ event: "error", data: { code: "conversation_deleted", message: null } });
  }
  expect(world.writer.bind(world, turn)).toThrow("isn't this engine's");
  expect(await world.view(turn.replyId)).toMatchObject({ refused: "conversation_not_found" });
  expect(await world.engine.stopReply(world.accountId, world.conversationId, turn.replyId)).toMatchObject({
    refused: "conversation_not_found",
  });
  await world.check();
});

test("[TURN-8] a deletion in another process aborts the model's request within a second", async () => {
  const world = await openWorld();
  const other = world.anotherProcess();
  const turn = must(await world.tryBegin("Hello", {}, other));
  const signal = other.replyWriter(world.accountId, turn.replyId)?.signal;
  await world.engine.trash(world.accountId, world.conversationId);
  await world.environment.advance(1000);
  expect(signal?.aborted).toBe(true);
});

test("[TURN-6] a close ends what runs as interrupted, durably, and takes no new turns", async () => {
  const world = await openWorld();
  const replies = world.anotherProcess();
  const turn = must(await world.tryBegin("Hello", {}, replies));
  const writer = replies.replyWriter(world.accountId, turn.replyId);
  writer?.write("Half");
  const watching = world.events(turn.replyId, 0, replies);
  await replies.close();
  expect(writer?.signal.aborted).toBe(true);
  const end = (await watching).at(-1);
  expect(end).toMatchObject({ id: 3, event: "error", data: { code: "reply_interrupted", retryable: true } });
  expect((await world.messages()).at(-1)).toMatchObject({ content: "Half", status: "interrupted" });
  expect(await world.tryBegin("More", {}, replies)).toMatchObject({ refused: "unavailable" });
  await world.check();
});

test("[TURN-4] [TURN-5] a second process on the same file watches a reply live and stops it", async () => {
  const path = await temporaryFile();
  const owner = await openThreadedWorld(systemEnvironment, path);
  const other = await openThreadedWorld(systemEnvironment, path);
  const turn = await owner.begin("Hello");
  const writer = owner.writer(turn);
  writer.write("So far");
  const { accountId, conversationId } = owner;
  const { signal } = new AbortController();
  const view = must(await other.engine.viewReply(accountId, { ...turn, after: 0 }, signal));
  const events: string[] = [];
  for await (const event of view) {
    events.push(event.event);
    if (event.event !== "token") continue;
    expect(await other.engine.stopReply(accountId, conversationId, turn.replyId)).toBe("stopped");
    writer.write(" and no further");
  }
  expect(events).toEqual(["start", "token", "done"]);
  expect(writer.signal.aborted).toBe(true);
  expect((await owner.messages()).at(-1)).toMatchObject({ content: "So far", status: "stopped" });
  await owner.check();
});

test("[TURN-2] a reply whose account is erased before its watch has seen that ends, and holds no place", async () => {
  const world = await openWorld();
  const writer = world.writer(await world.begin("Hello"));
  writer.write("Some words");
  await world.engine.eraseAccount(world.accountId);
  const ended = writer.end({ kind: "complete" });
  await world.environment.advance(5000);
  await ended;
  expect(world.engine.statistics().runningReplies).toBe(0);
});

test("[TURN-6] an engine that closes leaves no reply behind that runs: the file has its end at once", async () => {
  const path = await temporaryFile();
  const world = await openThreadedWorld(systemEnvironment, path);
  const turn = await world.begin("Hello");
  world.writer(turn).write("Half");
  await world.close();
  const storage = await openSqliteStorage({ path });
  const { accountId, conversationId } = world;
  const found = await storage.read(async (snapshot) => ({
    turn: await snapshot.turn({ accountId, replyId: turn.replyId }),
    said: await snapshot.messagesAfter({ accountId, conversationId }, { after: 1, limit: 9 }),
  }));
  await storage.close();
  expect(found).toMatchObject({ turn: { state: "interrupted" }, said: [{ content: "Half", status: "interrupted" }] });
});
