/** As of when every answer of the engine is true. */
import { formatTimestamp, type ConversationId, type Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import { must, openWorld, refusalOf, uuid, type TurnWorld } from "./turn-world.ts";

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
