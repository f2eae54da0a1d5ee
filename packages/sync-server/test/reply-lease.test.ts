/** Leases: a node that dies leaves nothing hanging, and one that was only thought dead is shut out. */
import { expect, test } from "vitest";
import { must, openWorld, type TurnWorld } from "./turn-world.ts";
import type { MortalProcess } from "./mortal-process.ts";
import { settle } from "./virtual-environment.ts";

const MINUTE_MS = 60_000;

async function beginIn(world: TurnWorld, process: MortalProcess) {
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  return { turn, writer: world.writer(turn, process.replies) };
}

test("[TURN-2] [TURN-6] the reply of a node that dies is closed within a minute, with the text of up to a second before", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn, writer } = await beginIn(world, process);
  const watching = world.events(turn.replyId);
  writer.write("Durable ");
  writer.write("text");
  await world.environment.advance(1000);
  writer.write(" and the last words");
  process.freeze();
  await world.environment.advance(MINUTE_MS);
  const messages = await world.messages();
  expect(messages.at(-1)).toMatchObject({
    id: turn.replyId,
    seq: 2,
    content: "Durable text",
    status: "interrupted",
  });
  const events = await watching;
  expect(events.map((event) => event.id)).toEqual([1, 2, 3, 4]);
  expect(events.at(-1)).toMatchObject({
    event: "error",
    data: { code: "reply_interrupted", retryable: true, message: messages.at(-1), message_count: 2, last_seq: 2 },
  });
  await world.check();
  const again = await world.begin(null, { replaceFromSeq: 2 });
  expect(again.userMessage).toEqual(turn.userMessage);
});

test("[TURN-6] a reply that was interrupted before its first word leaves an empty message that can be asked again", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  await beginIn(world, process);
  process.freeze();
  await world.environment.advance(MINUTE_MS);
  expect((await world.messages()).at(-1)).toMatchObject({ content: "", status: "interrupted", seq: 2 });
  expect((await world.begin(null, { replaceFromSeq: 2 })).kind).toBe("started");
  await world.check();
});

test("[TURN-6] a heartbeat keeps a long and silent reply alive", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn, writer } = await beginIn(world, process);
  await world.environment.advance(10 * MINUTE_MS);
  writer.write("At last.");
  await writer.end({ kind: "complete" });
  expect((await world.messages()).at(-1)).toMatchObject({ content: "At last.", status: "complete" });
  expect((await world.events(turn.replyId)).length).toBe(3);
  await process.replies.close();
  await world.check();
});

test("[TURN-6] the next process closes what it finds when it starts, once the lease has ended", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn } = await beginIn(world, process);
  process.freeze();
  await world.environment.advance(5000);
  const early = world.anotherProcess();
  await settle();
  expect((await world.detail()).active_reply_id).toBe(turn.replyId);
  await early.close();
  await world.environment.advance(MINUTE_MS);
  expect((await world.detail()).active_reply_id).toBeNull();
});

test("[TURN-6] a server clock that steps back an hour after a crash keeps no reply hanging", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  await beginIn(world, process);
  process.freeze();
  world.environment.stepWallClock(-60 * MINUTE_MS);
  await world.environment.advance(MINUTE_MS);
  expect((await world.detail()).active_reply_id).toBeNull();
  await world.check();
});

test("[TURN-6] a clock that steps back closes no reply whose node lives", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { writer } = await beginIn(world, process);
  world.environment.stepWallClock(-60 * MINUTE_MS);
  await world.environment.advance(2 * MINUTE_MS);
  writer.write("Alive");
  await writer.end({ kind: "complete" });
  expect((await world.messages()).at(-1)).toMatchObject({ content: "Alive", status: "complete" });
  await process.replies.close();
  await world.check();
});

test("[TURN-6] a node that was thought dead writes neither journal nor end, and its viewers get the end that stands", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn, writer } = await beginIn(world, process);
  const watching = world.events(turn.replyId, 0, process.replies);
  writer.write("Before");
  await world.environment.advance(1000);
  process.freeze();
  await world.environment.advance(MINUTE_MS);
  const standing = await world.messages();
  const clock = await world.clock();
  process.thaw();
  writer.write(" and after");
  await world.environment.advance(5000);
  await writer.end({ kind: "complete" });
  expect(writer.signal.aborted).toBe(true);
  expect(await world.messages()).toEqual(standing);
  expect(await world.clock()).toBe(clock);
  expect((await watching).at(-1)).toMatchObject({ event: "error", data: { code: "reply_interrupted" } });
  expect((await world.events(turn.replyId)).map((event) => event.id)).toEqual([1, 2, 3]);
  expect(process.replies.runningCount).toBe(0);
  await world.check();
});

test("[TURN-6] an end that comes after the reaper's is not written", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { writer } = await beginIn(world, process);
  writer.write("Text");
  process.freeze();
  await world.environment.advance(MINUTE_MS);
  process.thaw();
  await writer.end({ kind: "complete" });
  const messages = await world.messages();
  expect(messages).toHaveLength(2);
  expect(messages.at(-1)).toMatchObject({ content: "", status: "interrupted" });
  await world.check();
});

test("[TURN-6] a pause that is shorter than the lease costs nothing", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { writer } = await beginIn(world, process);
  writer.write("One ");
  process.freeze();
  await world.environment.advance(8000);
  process.thaw();
  writer.write("two");
  await world.environment.advance(MINUTE_MS);
  await writer.end({ kind: "complete" });
  expect((await world.messages()).at(-1)).toMatchObject({ content: "One two", status: "complete" });
});

test("[TURN-5] a stop of a reply whose node hangs is acknowledged within a second, and nothing grows back", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn, writer } = await beginIn(world, process);
  writer.write("Durable");
  await world.environment.advance(1000);
  process.freeze();
  const stopping = world.stop(turn.replyId);
  await world.environment.advance(1000);
  expect(await stopping).toBe("stopped");
  process.thaw();
  writer.write(" more");
  await world.environment.advance(2000);
  expect((await world.messages()).at(-1)).toMatchObject({ content: "Durable", status: "stopped" });
  expect(writer.signal.aborted).toBe(true);
  await world.check();
});

test("[TURN-5] a stop of a dead node's reply ends it at once", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn } = await beginIn(world, process);
  process.freeze();
  await world.environment.advance(10_500);
  expect((await world.detail()).active_reply_id).toBe(turn.replyId);
  expect(await world.stop(turn.replyId)).toBe("stopped");
  expect((await world.messages()).at(-1)).toMatchObject({ status: "stopped" });
});

test("[TURN-5] a stop of a reply whose node has just died, and is still believed alive, ends it within a second", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn } = await beginIn(world, process);
  process.freeze();
  const stopping = world.stop(turn.replyId);
  // What is left of the second is for the writes.
  await world.environment.advance(900);
  expect((await world.detail()).active_reply_id).toBeNull();
  expect(await stopping).toBe("stopped");
});

test("[TURN-3] a repeat joins the turn of a node that died, and sees it closed", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn } = await beginIn(world, process);
  process.freeze();
  const clientMessageId = turn.userMessage.client_message_id as never;
  const repeat = await world.begin("Hello", { clientMessageId });
  expect(repeat).toMatchObject({ kind: "joined", replyId: turn.replyId });
  const watching = world.events(repeat.replyId);
  await world.environment.advance(MINUTE_MS);
  expect((await watching).at(-1)).toMatchObject({ event: "error", data: { code: "reply_interrupted" } });
  expect(await world.messages()).toHaveLength(2);
});

test("[TURN-6] a turn that this node began but never got word of is closed, also while its heartbeat goes on", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const kept = await beginIn(world, process);
  const conversationId = await world.newConversation();
  const row = await world.storage.read((snapshot) =>
    snapshot.turn({ accountId: world.accountId, replyId: kept.turn.replyId }),
  );
  const replyId = crypto.randomUUID() as never;
  await world.storage.transact("beginTurn", {
    accountId: world.accountId,
    conversationId,
    text: "Lost",
    clientMessageId: crypto.randomUUID() as never,
    model: null,
    messageId: crypto.randomUUID() as never,
    defaultModel: "demo",
    offeredModels: null,
    expectedLastSeq: null,
    replaceFromSeq: null,
    versionId: crypto.randomUUID() as never,
    keepFor: 0,
    replyId,
    ownerId: row!.ownerId,
    leaseExpiresAt: world.environment.now(),
    maxReplies: 4,
    now: world.environment.now(),
  });
  await world.environment.advance(MINUTE_MS);
  expect((await world.messages(conversationId)).at(-1)).toMatchObject({ id: replyId, status: "interrupted" });
  expect((await world.detail()).active_reply_id).toBe(kept.turn.replyId);
  await kept.writer.end({ kind: "complete" });
  await process.replies.close();
  await world.check();
});

test("a node that closes cleanly leaves no lease, and an idle one sets no timer but the reaper's", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { turn, writer } = await beginIn(world, process);
  const row = await world.storage.read((snapshot) =>
    snapshot.turn({ accountId: world.accountId, replyId: turn.replyId }),
  );
  await writer.end({ kind: "complete" });
  await settle();
  expect(world.environment.timerCount).toBe(2);
  await process.replies.close();
  expect(world.environment.timerCount).toBe(1);
  expect(await world.storage.read((snapshot) => snapshot.leaseExpiry(row!.ownerId))).not.toBeNull();
  await world.environment.advance(MINUTE_MS);
  await world.engine.sweep();
  expect(await world.storage.read((snapshot) => snapshot.leaseExpiry(row!.ownerId))).toBeNull();
});

test.each([
  ["that could end all its replies gives its lease up", false],
  ["that could not keeps it, and the reply is closed when it ends", true],
])("[TURN-6] a node that closes and %s", async (_what, isFailing) => {
  const world = await openWorld();
  const process = world.mortalProcess();
  await beginIn(world, process);
  process.failing = (name) => isFailing && name === "finishReply";
  await process.replies.close();
  expect(process.written.includes("releaseLease")).toBe(!isFailing);
  await world.environment.advance(isFailing ? MINUTE_MS : 0);
  expect((await world.messages()).at(-1)).toMatchObject({ status: "interrupted" });
});

test("[TURN-6] a stop whose lease can't be given up ends all the same: the replies are durable, and the lease ends by itself", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const { writer } = await beginIn(world, process);
  writer.write("So far");
  process.failing = (name) => name === "releaseLease";
  await process.replies.close();
  expect((await world.messages()).at(-1)).toMatchObject({ content: "So far", status: "interrupted" });
  await world.check();
});
