/** Conversations: making, changing, listing, deleting and bringing back. */
import type { AccountId, ConversationId, ConversationList, MessageId, Micros, TrashList } from "@instep/protocol";
import { expect, test } from "vitest";
import { createEngine } from "../src/create-engine.ts";
import type { Storage } from "../src/storage/storage.ts";
import { ask, conversationWith } from "./sync-world.ts";
import { must, openWorld, OPTIONS, refusalOf, uuid, type TurnWorld } from "./turn-world.ts";

const DAY_MS = 86_400_000;

test("[ID-1] a repeated create returns what stands, without a tick", async () => {
  const world = await openWorld();
  const id = uuid();
  const first = must(await world.engine.create(world.accountId, { id, title: "Mine", model: "big" }));
  expect(first).toMatchObject({ created: true, conversation: { id, title: "Mine", model: "big", message_count: 0 } });
  const clock = await world.clock();
  const again = must(await world.engine.create(world.accountId, { id, title: "Other" }));
  expect(again).toEqual({ created: false, conversation: first.conversation });
  expect(await world.clock()).toBe(clock);
});

test("[ID-1] an id of the trash, or of a tombstone, stays deleted", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: id } = world;
  await engine.trash(accountId, id);
  expect(refusalOf(await engine.create(accountId, { id })).refused).toBe("conversation_deleted");
  await engine.erase(accountId, id);
  expect(refusalOf(await engine.create(accountId, { id })).refused).toBe("conversation_deleted");
});

test("[TICK-1] a patch with the values that stand doesn't tick, one with others does, once", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: id } = world;
  const before = await world.clock();
  const same = { title: "", pinned: false, archived: false, model: "demo" };
  must(await engine.patch(accountId, id, same));
  must(await engine.patch(accountId, id, {}));
  expect(await world.clock()).toBe(before);
  const changed = must(await engine.patch(accountId, id, { title: "T", pinned: true, archived: true, model: "big" }));
  expect(changed).toMatchObject({ title: "T", pinned: true, archived: true, model: "big" });
  expect(await world.clock()).toBe(before + 1);
  await world.check();
});

test("[LIST-1] rename, pin, archive, model and read tick the clock and don't move updated_at; a message does", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const id = await conversationWith(world, 2);
  const { updated_at } = await world.detail(id);
  await world.environment.advance(1000);
  for (const change of [{ title: "T" }, { pinned: true }, { archived: true }, { model: "big" }]) {
    const clock = await world.clock();
    expect(must(await engine.patch(accountId, id, change)).updated_at).toBe(updated_at);
    expect(await world.clock()).toBeGreaterThan(clock);
  }
  expect(must(await engine.markRead(accountId, id, { seq: 2 })).updated_at).toBe(updated_at);
  const { conversation } = must(await engine.append(accountId, id, { role: "user", content: "x" }));
  expect(conversation.updated_at > updated_at).toBe(true);
});

test("a title that a person gave stands against a generated one; the first words don't", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: id } = world;
  expect(must(await engine.setGeneratedTitle(accountId, id, { title: "Made" })).title).toBe("Made");
  must(await engine.patch(accountId, id, { title: "Chosen" }));
  const clock = await world.clock();
  expect(must(await engine.setGeneratedTitle(accountId, id, { title: "Made again" })).title).toBe("Chosen");
  expect(await world.clock()).toBe(clock);
});

test("the list has pinned ones first, then the newest, and pages without gap or double while rows move", async () => {
  const world = await openWorld();
  const ids = [world.conversationId];
  for (let n = 0; n < 9; n += 1) {
    await world.environment.advance(10);
    ids.unshift(await conversationWith(world, 1));
  }
  const pinned = ids[7]!;
  await world.engine.patch(world.accountId, pinned, { pinned: true });
  const expected = [pinned, ...ids.filter((id) => id !== pinned)];
  expect(await listed(world, 1)).toEqual(expected);
  expect(await listed(world, 4)).toEqual(expected);
  const first = must(await world.engine.list(world.accountId, { limit: 4, cursor: null, archived: false }));
  expect(first.total_count).toBe(10);
  await world.engine.append(world.accountId, ids[9]!, { role: "user", content: "now the newest" });
  const second = must(
    await world.engine.list(world.accountId, { limit: 10, cursor: first.next_cursor, archived: false }),
  );
  expect(second.conversations.map((row) => row.id)).toEqual(expected.slice(4, 9));
});

test("archived ones are listed by themselves", async () => {
  const world = await openWorld();
  const archived = await conversationWith(world, 1);
  await world.engine.patch(world.accountId, archived, { archived: true });
  expect(await listed(world, 5)).toEqual([world.conversationId]);
  const page = must(await world.engine.list(world.accountId, { limit: 5, cursor: null, archived: true }));
  expect(page).toMatchObject({ conversations: [{ id: archived }], total_count: 1, next_cursor: null });
});

test("[SYNC-7] a cursor that isn't this list's is refused", async () => {
  const world = await openWorld();
  const refused = { refused: "invalid_parameter", members: { parameter: "cursor" } };
  for (const cursor of ["x", "WzFd", Buffer.from('[true,-1,"a"]').toString("base64url")]) {
    const page = { limit: 5, cursor, archived: false };
    expect(refusalOf(await world.engine.list(world.accountId, page))).toMatchObject(refused);
    expect(refusalOf(await world.engine.trashList(world.accountId, page))).toMatchObject(refused);
    const search = { query: "x", limit: 5, cursor };
    expect(refusalOf(await world.engine.search(world.accountId, search))).toMatchObject(refused);
  }
});

test("a deletion goes to the trash: gone from lists, listed there, and neither read nor written", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const id = await conversationWith(world, 2, "Old plans");
  const { created_at } = await world.detail(id);
  const deleted = must(await engine.trash(accountId, id));
  expect(deleted).toEqual({
    status: "trashed",
    purge_at: expect.stringMatching(/^2026-01-31T/),
    ...(await world.asOf()),
  });
  expect(await listed(world, 10)).toEqual([world.conversationId]);
  const { conversations } = must(await engine.trashList(accountId, { limit: 5, cursor: null }));
  expect(conversations).toMatchObject([{ id, title: "Old plans", message_count: 2, created_at, ...purgeOf(deleted) }]);
  const refused = [
    await engine.trash(accountId, id),
    await engine.open(accountId, id, 10),
    await engine.messages(accountId, id, { before: null, after: null, limit: 10 }),
    await engine.patch(accountId, id, { title: "x" }),
    await engine.markRead(accountId, id, { seq: 1 }),
    await engine.unreadAfter(accountId, id, 0),
    await engine.append(accountId, id, { role: "user", content: "x" }),
    await engine.setGeneratedTitle(accountId, id, { title: "x" }),
  ];
  expect(refused.map((outcome) => refusalOf(outcome).refused)).toEqual(refused.map(() => "conversation_trashed"));
  await world.check();
});

test("a restore brings everything back as an ordinary change; of a live one nothing happens", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const id = await conversationWith(world, 3, "Kept");
  must(await engine.patch(accountId, id, { pinned: true }));
  must(await engine.markRead(accountId, id, { seq: 1 }));
  const before = await world.detail(id);
  await engine.trash(accountId, id);
  must(await engine.restore(accountId, id));
  expect(await world.detail(id)).toEqual({ ...before, server_time: expect.any(String) });
  const clock = await world.clock();
  must(await engine.restore(accountId, id));
  expect(await world.clock()).toBe(clock);
  expect(refusalOf(await engine.restore(accountId, uuid() as ConversationId)).refused).toBe("conversation_not_found");
  await world.check();
});

test("[TICK-1] erasing from the trash ticks nothing and keeps the deletion's tick; erasing a live one ticks once", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const since = await world.clock();
  const [trashed, live] = [await conversationWith(world, 1), await conversationWith(world, 1)];
  await engine.trash(accountId, trashed);
  const clock = await world.clock();
  expect(must(await engine.erase(accountId, trashed))).toEqual({ status: "erased", ...(await world.asOf()) });
  expect(await world.clock()).toBe(clock);
  expect(must(await engine.erase(accountId, live))).toEqual({ status: "erased", ...(await world.asOf()) });
  expect(await world.clock()).toBe(clock + 1);
  expect((await ask(world, { since: since as never })).deleted_ids).toEqual([trashed, live]);
  expect(refusalOf(await engine.erase(accountId, live)).refused).toBe("conversation_not_found");
  await world.check();
});

test("[TICK-1] the sweep purges the trash after its days and tombstones after theirs, without a tick", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const id = await conversationWith(world, 2);
  await engine.trash(accountId, id);
  const clock = await world.clock();
  world.environment.step(29 * DAY_MS);
  await engine.sweep();
  expect(must(await engine.trashList(accountId, { limit: 5, cursor: null })).conversations).toHaveLength(1);
  world.environment.step(2 * DAY_MS);
  await engine.sweep();
  expect(must(await engine.trashList(accountId, { limit: 5, cursor: null })).conversations).toEqual([]);
  expect(await world.storage.read((snapshot) => snapshot.tombstones(accountId))).toHaveLength(1);
  world.environment.step(60 * DAY_MS);
  await engine.sweep();
  expect(await world.storage.read((snapshot) => snapshot.tombstones(accountId))).toEqual([]);
  expect(await world.clock()).toBe(clock);
  await world.check();
});

test("the trash pages, the newest deletion first", async () => {
  const world = await openWorld();
  const ids: ConversationId[] = [];
  for (let n = 0; n < 5; n += 1) {
    const id = await conversationWith(world, 0);
    await world.engine.trash(world.accountId, id);
    ids.unshift(id);
  }
  const seen: string[] = [];
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page: TrashList = must(await world.engine.trashList(world.accountId, { limit: 2, cursor }));
    seen.push(...page.conversations.map((row) => row.id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(ids);
});

test("an account is made once, and its clock stands still for it", async () => {
  const world = await openWorld();
  const account = { id: uuid() as AccountId, email: "ann@example.org", name: "Ann", unreadScope: "device" as const };
  expect(await world.engine.account(account.id)).toBeNull();
  expect(await world.engine.ensureAccount(account)).toEqual(account);
  expect(await world.engine.ensureAccount({ ...account, name: "Other" })).toEqual(account);
  expect(await world.engine.account(account.id)).toEqual(account);
  expect(await world.engine.updateAccount(account.id, { name: "Anna" })).toEqual({ ...account, name: "Anna" });
  expect(await world.engine.isReady()).toBe(true);
});

function purgeOf(deleted: unknown) {
  const { purge_at } = deleted as { purge_at: string };
  return { purge_at };
}

async function listed(world: TurnWorld, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page: ConversationList = must(await world.engine.list(world.accountId, { limit, cursor, archived: false }));
    ids.push(...page.conversations.map((row) => row.id));
    cursor = page.next_cursor;
  }
  return ids;
}

test("[MSG-1] a message that is appended again stands once, and another one under its id is refused", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId } = world;
  const message = { id: uuid() as MessageId, role: "user", content: "words" } as const;
  const first = must(await engine.append(accountId, conversationId, message));
  expect(must(await engine.append(accountId, conversationId, message))).toEqual(first);
  for (const other of [{ content: "other words" }, { role: "assistant" as const }]) {
    const outcome = await engine.append(accountId, conversationId, { ...message, ...other });
    expect(refusalOf(outcome).refused).toBe("duplicate_message_id");
  }
  expect(await world.messages()).toEqual([first.message]);
});

test("[IMPORT-1] what an older export adds does not make its conversation older", async () => {
  const world = await openWorld();
  const { engine, accountId, environment } = world;
  const at = environment.now();
  const said = (n: number) =>
    ({ id: uuid(), role: "user", content: `${n}`, createdAt: at, status: "complete" }) as const;
  const messages = [said(1), said(2)];
  const rest = {
    id: uuid() as ConversationId,
    title: "One",
    model: null,
    pinned: false,
    archived: false,
    createdAt: at,
  };
  const older = (at - 1_000_000) as Micros;
  await engine.importConversations(accountId, [{ ...rest, updatedAt: at, messages: messages.slice(0, 1) }]);
  const before = await world.detail(rest.id);
  await engine.importConversations(accountId, [{ ...rest, updatedAt: older, messages }]);
  expect(await world.detail(rest.id)).toMatchObject({ message_count: 2, updated_at: before.updated_at });
});

test.each([false, true])(
  "what is restored while the trash is emptied is not erased, and all else is; deleted again: %s",
  async (isAgain) => {
    const world = await openWorld();
    const { storage, environment, accountId } = world;
    const [first, restored, last] = [
      await conversationWith(world, 1),
      await conversationWith(world, 1),
      await conversationWith(world, 1),
    ];
    for (const id of [first, restored, last]) must(await world.engine.trash(accountId, id));
    let isEmptying = false;
    const late: Storage = Object.create(storage, {
      epoch: { get: () => storage.epoch },
      onCommit: { value: () => () => undefined },
      transact: { value: storage.transact.bind(storage) },
      read: {
        async value(query: Parameters<Storage["read"]>[0]) {
          const found = await storage.read(query);
          if (isEmptying) must(await world.engine.restore(accountId, restored));
          if (isEmptying && isAgain) must(await world.engine.trash(accountId, restored));
          isEmptying = false;
          return found;
        },
      },
    }) as Storage;
    const engine = createEngine({ storage: late, environment, options: OPTIONS });
    await environment.advance(0);
    isEmptying = true;
    must(await engine.emptyTrash(accountId));
    const inTrash = must(await world.engine.trashList(accountId, { limit: 9, cursor: null })).conversations;
    expect(inTrash.map(({ id }) => id)).toEqual(isAgain ? [restored] : []);
    if (isAgain) must(await world.engine.restore(accountId, restored));
    expect(await world.detail(restored)).toMatchObject({ message_count: 1 });
    for (const id of [first, last]) {
      expect(refusalOf(await world.engine.open(accountId, id, 1)).refused).toBe("conversation_not_found");
    }
    await world.check();
  },
);
