/** The journal: how tokens become durable, and what happens while the database is away. */
import { expect, test } from "vitest";
import { must, openWorld } from "./turn-world.ts";
import { settle } from "./virtual-environment.ts";

test("[TURN-2] tokens of all replies reach the journal in one write every quarter of a second", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turns = [];
  for (let n = 0; n < 4; n += 1) {
    const conversationId = await world.newConversation();
    turns.push(must(await world.tryBegin("go", { conversationId }, process.replies)));
  }
  process.written.length = 0;
  for (let n = 0; n < 100; n += 1) {
    for (const turn of turns) world.writer(turn, process.replies).write("word ");
    await world.environment.advance(10);
  }
  expect(process.written.filter((name) => name === "appendJournal")).toHaveLength(4);
  await world.environment.advance(250);
  for (const { replyId } of turns) {
    const chunks = await world.storage.read((snapshot) =>
      snapshot.journalPiece({ accountId: world.accountId, replyId }, 0),
    );
    expect(chunks.map((chunk) => chunk.firstEventId).slice(0, 2)).toEqual([1, 2]);
    expect(chunks.at(-1)?.lastEventId).toBe(101);
  }
  await process.replies.close();
  await world.check();
});

test("[TURN-2] tokens that the journal didn't take come with the next batch, whole and once", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  const writer = world.writer(turn, process.replies);
  const elsewhere = world.events(turn.replyId);
  process.failing = (name) => name === "appendJournal";
  writer.write("a");
  await world.environment.advance(1000);
  writer.write("b");
  await world.environment.advance(1000);
  process.failing = () => false;
  await world.environment.advance(500);
  writer.write("c");
  await writer.end({ kind: "complete" });
  await world.environment.advance(1000);
  const events = await elsewhere;
  expect(events.map((event) => event.id)).toEqual([1, 2, 3, 4, 5]);
  expect((await world.messages()).at(-1)?.content).toBe("abc");
  await process.replies.close();
});

test("[TURN-2] tokens are durable within a second of the database's return, without another token", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  process.failing = () => true;
  world.writer(turn, process.replies).write("All of it");
  await world.environment.advance(1000);
  process.failing = () => false;
  await world.environment.advance(1000);
  process.freeze();
  await world.environment.advance(60_000);
  expect((await world.messages()).at(-1)).toMatchObject({ content: "All of it", status: "interrupted" });
});

test("[TURN-2] a batch whose answer was lost comes again longer, and nothing of it stands twice", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  const writer = world.writer(turn, process.replies);
  process.losing = () => true;
  writer.write("a");
  await world.environment.advance(1000);
  writer.write("b");
  await world.environment.advance(1000);
  process.losing = () => false;
  writer.write("c");
  await writer.end({ kind: "complete" });
  expect((await world.messages()).at(-1)?.content).toBe("abc");
  expect((await world.events(turn.replyId)).map((event) => event.id)).toEqual([1, 2, 3, 4, 5]);
  await process.replies.close();
});

test("an end whose answer was lost is found again, and ends the reply once", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  const writer = world.writer(turn, process.replies);
  const watching = world.events(turn.replyId, 0, process.replies);
  process.losing = () => true;
  writer.write("Once");
  const ending = writer.end({ kind: "complete" });
  await world.environment.advance(500);
  process.losing = () => false;
  await world.environment.advance(3000);
  await ending;
  expect((await watching).at(-1)).toMatchObject({ id: 3, event: "done", data: { message: { content: "Once" } } });
  expect(await world.messages()).toHaveLength(2);
  await process.replies.close();
  await world.check();
});

test("two ends are one write", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  const writer = world.writer(turn, process.replies);
  await Promise.all([writer.end({ kind: "complete" }), writer.end({ kind: "stopped" })]);
  await writer.end({ kind: "stopped" });
  expect(process.written.filter((name) => name === "finishReply")).toHaveLength(1);
  await process.replies.close();
});

test("[TURN-2] an end carries what the journal lacks", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  const writer = world.writer(turn, process.replies);
  process.failing = (name) => name === "appendJournal";
  for (const text of ["a", "b", "c"]) {
    writer.write(text);
    await world.environment.advance(300);
  }
  await writer.end({ kind: "complete" });
  expect((await world.messages()).at(-1)?.content).toBe("abc");
  expect((await world.events(turn.replyId)).map((event) => event.id)).toEqual([1, 2, 3, 4, 5]);
  await process.replies.close();
  await world.check();
});

test("[TURN-6] a database that is away for thirty seconds delays an end, and no reaper mistakes that for a death", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const [ending, going] = [
    must(await world.tryBegin("Hello", {}, process.replies)),
    must(await world.tryBegin("go", { conversationId: await world.newConversation() }, process.replies)),
  ];
  const writer = world.writer(ending, process.replies);
  const watching = world.events(ending.replyId, 0, process.replies);
  world.database.isAway = true;
  writer.write("All of it");
  const ended = writer.end({ kind: "complete" });
  // The reaper's next round comes before the heartbeat's.
  await world.environment.advance(29_900);
  await expect(world.tryBegin("Now?")).rejects.toThrow("away");
  world.database.isAway = false;
  await world.environment.advance(2000);
  await ended;
  expect((await world.messages()).at(-1)).toMatchObject({ content: "All of it", status: "complete" });
  expect((await watching).at(-1)?.event).toBe("done");
  await world.environment.advance(60_000);
  await world.writer(going, process.replies).end({ kind: "complete" });
  expect((await world.messages(going.conversationId)).at(-1)?.status).toBe("complete");
  await process.replies.close();
  await world.check();
});

test("[TURN-4] a viewer in another process has each token within half a second, in order and once", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  const writer = world.writer(turn, process.replies);
  const seen: number[] = [];
  const view = must(await world.view(turn.replyId));
  const watching = (async () => {
    for await (const event of view) seen.push(event.id);
  })();
  for (let n = 0; n < 30; n += 1) {
    writer.write("x");
    await world.environment.advance(50);
  }
  expect(seen.length).toBeGreaterThan(18);
  await world.environment.advance(500);
  expect(seen).toEqual(Array.from({ length: 31 }, (_, index) => index + 1));
  await writer.end({ kind: "complete" });
  await world.environment.advance(500);
  await watching;
  expect(seen.at(-1)).toBe(32);
  await process.replies.close();
});

test("[TURN-4] a viewer that doesn't read holds nobody up, and then gets everything", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  const slow = must(await world.view(turn.replyId))[Symbol.asyncIterator]();
  expect(await slow.next()).toMatchObject({ value: { id: 1 } });
  const quick = world.events(turn.replyId);
  const writer = world.writer(turn);
  for (let n = 0; n < 5000; n += 1) writer.write("word ");
  await writer.end({ kind: "complete" });
  expect(await quick).toHaveLength(5002);
  await settle();
  for (let id = 2; id <= 5002; id += 1) expect((await slow.next()).value?.id).toBe(id);
  expect(await slow.next()).toEqual({ value: undefined, done: true });
});

test("[TURN-5] nothing of a reply is journalled after its end, and nothing waits to be", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  const writer = world.writer(turn, process.replies);
  writer.write("all of it");
  await writer.end({ kind: "complete" });
  process.written.length = 0;
  await world.environment.advance(2000);
  expect(process.written).not.toContain("appendJournal");
  await process.replies.close();
});
