/** As of when every answer of the engine is true. */
import { formatTimestamp, type ClientMessageId, type ConversationId, type Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import { must, openWorld, refusalOf, uuid, type TurnWorld } from "./turn-world.ts";
import { settle } from "./virtual-environment.ts";

/** Every call that reads, by name. */
async function everyRead({ engine, accountId, conversationId: id }: TurnWorld) {
  const page = { limit: 10, cursor: null };
  const messages = { before: null, after: null, limit: 10 };
  return {
    list: must(await engine.list(accountId, { ...page, archived: false })),
    trashList: must(await engine.trashList(accountId, page)),
    open: must(await engine.open(accountId, id, 10)),
    messages: must(await engine.messages(accountId, id, messages)),
    unreadAfter: must(await engine.unreadAfter(accountId, id, 0)),
    versions: must(await engine.versions(accountId, id, { seq: 1, cursor: null })),
    search: must(await engine.search(accountId, { ...page, query: "one" })),
    searchForNothing: must(await engine.search(accountId, { ...page, query: "!" })),
  };
}

test("[SYNC-11] what is read is told as of its snapshot's clock, in its history", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId } = world;
  await world.turn("one", "1");
  const writes = [
    () => engine.patch(accountId, conversationId, { title: "Renamed" }),
    () => world.turn("two", "2"),
    () => engine.patch(accountId, conversationId, { title: "Renamed" }),
    () => engine.renewEpoch(),
    () => engine.markRead(accountId, conversationId, { seq: 2 }),
  ];
  for (const write of writes) {
    await write();
    const asOf = { server_time: formatTimestamp((await world.clock()) as Micros), epoch: engine.epoch };
    for (const [call, answer] of Object.entries(await everyRead(world))) {
      expect({ call, ...answer }).toMatchObject(asOf);
    }
  }
});

test("[SYNC-11] a refusal that says how it stands with a conversation says as of when", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: trashed } = world;
  await engine.trash(accountId, trashed);
  const trashedAsOf = { server_time: formatTimestamp((await world.clock()) as Micros), epoch: engine.epoch };
  const page = { before: null, after: null, limit: 10 };
  for (const [id, asOf] of [
    [trashed, trashedAsOf],
    [uuid() as ConversationId, undefined],
  ] as const) {
    expect(refusalOf(await engine.open(accountId, id, 10)).members).toEqual(asOf);
    expect(refusalOf(await engine.messages(accountId, id, page)).members).toEqual(asOf);
    expect(refusalOf(await engine.unreadAfter(accountId, id, 0)).members).toEqual(asOf);
    expect(refusalOf(await engine.versions(accountId, id, { seq: 1, cursor: null })).members).toEqual(asOf);
  }
});

test("[MSG-4, SYNC-11] a conversation whose reply ends while it is opened is told as it stood: with its reply, or with its end", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId } = world;
  const writer = world.writer(await world.begin("Hello"));
  writer.write("Hi.");
  const [before, , after] = await Promise.all([
    engine.open(accountId, conversationId, 10),
    writer.end({ kind: "complete" }),
    engine.open(accountId, conversationId, 10),
  ]);
  for (const opened of [must(before), must(after), await world.detail()]) {
    expect(opened.active_reply?.reply_id ?? null).toBe(opened.active_reply_id);
    expect(opened.messages).toHaveLength(opened.active_reply === null ? 2 : 1);
  }
});

test("[SYNC-11, TICK-1] a write is answered as of its own tick, and one that changes nothing as of the clock as it stands", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: id } = world;
  await world.turn("one", "1");
  await world.turn("two", "2", { replaceFromSeq: 1 });
  const other = uuid() as ConversationId;
  const writes = {
    create: async () => must(await engine.create(accountId, { id: other })).conversation,
    patch: async () => must(await engine.patch(accountId, id, { title: "Renamed", pinned: true })),
    markRead: async () => must(await engine.markRead(accountId, id, { seq: 2 })),
    restoreVersion: async () => must(await world.restoreVersion(3)),
    setGeneratedTitle: async () => must(await engine.setGeneratedTitle(accountId, other, { title: "Made up" })),
    trash: async () => must(await engine.trash(accountId, id)),
    restore: async () => must(await engine.restore(accountId, id)),
    erase: async () => must(await engine.erase(accountId, other)),
  };
  for (const [call, write] of Object.entries(writes)) {
    const before = await world.clock();
    const answer = await write();
    expect(await world.clock(), call).toBeGreaterThan(before);
    expect({ call, ...answer }).toMatchObject(await world.asOf());
  }
  for (const call of ["patch", "markRead", "restore"] as const) {
    const asOf = await world.asOf();
    await engine.create(accountId, {});
    const later = await world.asOf();
    expect(later.server_time > asOf.server_time).toBe(true);
    expect({ call, ...(await writes[call]()) }).toMatchObject(later);
    expect(await world.asOf()).toEqual(later);
  }
});

test("[SYNC-11, TURN-7] what refuses a write says as of when it stands so", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId } = world;
  const begun = await world.begin("one");
  const refused = async (outcome: Promise<unknown>) => refusalOf(await outcome);
  const refusals = [
    await refused(world.tryBegin("two", { expectedLastSeq: 0 })),
    await refused(world.tryBegin("two")),
    await refused(world.tryBegin("other", { clientMessageId: begun.userMessage.id as ClientMessageId })),
    await refused(world.tryRestoreVersion(uuid(), 0)),
  ];
  expect(refusals.map(({ refused: code, members }) => [code, members?.["server_time"] ?? null])).toEqual([
    ["stale_conversation", (await world.asOf()).server_time],
    ["reply_running", (await world.asOf()).server_time],
    ["duplicate_message_id", (await world.asOf()).server_time],
    ["version_not_found", null],
  ]);
  await engine.trash(accountId, conversationId);
  const deleted = [
    await refused(engine.create(accountId, { id: conversationId })),
    await refused(engine.patch(accountId, conversationId, { title: "x" })),
    await refused(world.view(begun.replyId)),
  ];
  for (const { members } of deleted) expect(members).toMatchObject(await world.asOf());
});

test("[SYNC-11, TURN-4] a reply's start and end say their own ticks whenever they are read, in the history of whoever reads", async () => {
  const world = await openWorld();
  const begun = await world.begin("Hello");
  const start = await world.asOf();
  const writer = world.writer(begun);
  writer.write("Hi.");
  await writer.end({ kind: "complete" });
  const end = await world.asOf();
  await world.turn("more", "of it");
  const told = async () => {
    const events = await world.events(begun.replyId);
    return [events[0]?.data, events.at(-1)?.data];
  };
  expect(await told()).toMatchObject([start, end]);
  const epoch = await world.engine.renewEpoch();
  expect(await told()).toMatchObject([
    { ...start, epoch },
    { ...end, epoch },
  ]);
  world.environment.step(2 * 3_600_000);
  await world.engine.sweep();
  expect(await told()).toMatchObject([
    { ...start, epoch },
    { ...end, epoch },
  ]);
});

test("[SYNC-11, TURN-8] the reply of a conversation that is erased ends as of the deletion, here and in another process", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId, environment } = world;
  const begun = await world.begin("Hello");
  const [here, there] = [world.events(begun.replyId), world.events(begun.replyId, 0, world.anotherProcess())];
  await settle();
  await engine.erase(accountId, conversationId);
  await world.lookAround();
  await environment.advance(2000);
  const deleted = { code: "conversation_deleted", ...(await world.asOf()) };
  expect((await here).at(-1)?.data).toMatchObject(deleted);
  expect((await there).at(-1)?.data).toMatchObject(deleted);
});
