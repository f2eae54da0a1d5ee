/** Reads during which others write: between any two statements of a read something is committed. */
import { expect, test } from "vitest";
import { createEngine } from "../src/create-engine.ts";
import type { Engine } from "../src/engine.ts";
import type { Storage } from "../src/storage/storage.ts";
import type { Snapshot } from "../src/storage/transaction.ts";
import { must, openWorld, OPTIONS, type TurnWorld } from "./turn-world.ts";
import { settle } from "./virtual-environment.ts";

/** An engine on the world's database whose every statement is followed by a message of somebody else's. */
async function disturbedEngine(world: TurnWorld): Promise<Engine> {
  const { storage, environment } = world;
  let isBegun = false;
  const disturbed = (snapshot: Snapshot) =>
    new Proxy(snapshot, {
      get:
        (target, name) =>
        async (...given: unknown[]) => {
          const statement = Reflect.get(target, name) as (...given: unknown[]) => unknown;
          const found = await statement.apply(target, given);
          if (!isBegun) return found;
          await world.engine.append(world.accountId, world.conversationId, { role: "user", content: "one more word" });
          await world.engine.create(world.accountId, {});
          return found;
        },
    });
  const busy: Storage = Object.create(storage, {
    read: { value: (query: Parameters<Storage["read"]>[0]) => storage.read((snapshot) => query(disturbed(snapshot))) },
    epoch: { get: () => storage.epoch },
    onCommit: { value: () => () => undefined },
    transact: { value: storage.transact.bind(storage) },
    search: { value: storage.search.bind(storage) },
  }) as Storage;
  const engine = createEngine({ storage: busy, environment, options: OPTIONS });
  // What an engine looks after when it starts is no read of a device's.
  await settle();
  isBegun = true;
  return engine;
}

test("[SYNC-11, SYNC-3] what is committed during a read changes neither what it says nor as of when", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("two", "2", { replaceFromSeq: 1 });
  await world.engine.trash(world.accountId, await world.newConversation());
  const { accountId, conversationId: id } = world;
  const engine = await disturbedEngine(world);
  const page = { limit: 1000, cursor: null };
  const calls = {
    list: (by: Engine) => by.list(accountId, { ...page, archived: false }),
    trashList: (by: Engine) => by.trashList(accountId, page),
    open: (by: Engine) => by.open(accountId, id, 1000),
    messages: (by: Engine) => by.messages(accountId, id, { before: null, after: null, limit: 1000 }),
    unreadAfter: (by: Engine) => by.unreadAfter(accountId, id, 0),
    versions: (by: Engine) => by.versions(accountId, id, { seq: 3, cursor: null }),
  };
  for (const [name, call] of Object.entries(calls)) {
    const undisturbed = must<object>(await call(world.engine));
    const asOf = await world.asOf();
    const answer = must<object>(await call(engine));
    expect({ name, ...answer }).toEqual({ name, ...undisturbed });
    expect({ name, ...answer }).toMatchObject(asOf);
    expect((await world.asOf()).server_time > asOf.server_time).toBe(true);
  }
});

test("[MSG-4, SYNC-11] a running reply that is opened while others write is told with the conversation as it stood", async () => {
  const world = await openWorld();
  const begun = await world.begin("Hello");
  world.writer(begun).write("Half");
  const asOf = await world.asOf();
  const opened = must(await (await disturbedEngine(world)).open(world.accountId, world.conversationId, 1000));
  expect(opened).toMatchObject({ ...asOf, message_count: 1, active_reply: { reply_id: begun.replyId } });
  expect(opened.messages).toHaveLength(1);
});
