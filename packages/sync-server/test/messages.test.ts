/** Messages, the read position, and what is counted. */
import type { ConversationId, MessageId } from "@instep/protocol";
import { expect, test } from "vitest";
import { conversationWith } from "./sync-world.ts";
import { must, openWorld, refusalOf, uuid, type TurnWorld } from "./turn-world.ts";

test("[MSG-1] seq numbers messages in commit order, also where many are appended at once", async () => {
  const world = await openWorld();
  const appended = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      world.engine.append(world.accountId, world.conversationId, { role: "user", content: String(n) }),
    ),
  );
  expect(appended.map((outcome) => must(outcome).message.seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  expect(await world.detail()).toMatchObject({ message_count: 20, last_seq: 20, unread_count: 20 });
  await world.check();
});

test("[MSG-1] a seq is never given again, and the counts are those of what is left", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("two", "2");
  must(await world.engine.markRead(world.accountId, world.conversationId, { seq: 3 }));
  await world.turn("two, better", "2!", { replaceFromSeq: 3 });
  const detail = await world.detail();
  expect(detail.messages.map((message) => message.seq)).toEqual([1, 2, 5, 6]);
  expect(detail).toMatchObject({ message_count: 4, last_seq: 6, read_seq: 3, unread_count: 2 });
  await world.check();
});

test("[MSG-2] an append with an id that stands appends nothing; with another text it is refused", async () => {
  const world = await openWorld();
  const message = { id: uuid() as MessageId, role: "user" as const, content: "once" };
  const append = (content: string) =>
    world.engine.append(world.accountId, world.conversationId, { ...message, content });
  const first = must(await append("once"));
  const clock = await world.clock();
  expect(must(await append("once"))).toEqual(first);
  expect(refusalOf(await append("twice")).refused).toBe("duplicate_message_id");
  expect(await world.clock()).toBe(clock);
  expect(await world.messages()).toHaveLength(1);
});

test("[MSG-2] [MSG-5] an append that is repeated after it was replaced appends nothing, and says what it was", async () => {
  const world = await openWorld();
  const message = { id: uuid() as MessageId, role: "user" as const, content: "once" };
  const append = (content: string) =>
    world.engine.append(world.accountId, world.conversationId, { ...message, content });
  const first = must(await append("once"));
  await world.turn("better", "yes", { replaceFromSeq: 1 });
  const clock = await world.clock();
  expect(must(await append("once")).message).toEqual(first.message);
  expect(refusalOf(await append("twice")).refused).toBe("duplicate_message_id");
  expect(await world.clock()).toBe(clock);
  expect((await world.messages()).map(({ content }) => content)).toEqual(["better", "yes"]);
});

test("[DEV-6] a page of messages tells the total, and where older and newer ones are", async () => {
  const world = await openWorld();
  const id = await conversationWith(world, 10);
  const newest = must(await world.engine.open(world.accountId, id, 4));
  expect(newest.messages.map((message) => message.seq)).toEqual([7, 8, 9, 10]);
  expect(newest.message_pagination).toEqual(pagination({ older: "7" }));
  expect(await page(world, id, { before: 7 })).toEqual([[3, 4, 5, 6], pagination({ older: "3", newer: "6" })]);
  expect(await page(world, id, { before: 3 })).toEqual([[1, 2], pagination({ newer: "2" })]);
  expect(await page(world, id, { after: 4 })).toEqual([[5, 6, 7, 8], pagination({ older: "5", newer: "8" })]);
  expect(await page(world, id, { after: 10 })).toEqual([[], pagination({ older: "11" })]);
  expect(await page(world, id, { before: 1 })).toEqual([[], pagination({ newer: "0" })]);
});

test("[SAFE-2] a page ends before it has too much text, and paging on gives every message once", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId: id } = world;
  const lengths = [1_500_000, 3, 400_000, 400_000, 400_000, 5, 999_990, 20, 1_200_000, 1];
  for (const length of lengths) must(await engine.append(accountId, id, { role: "user", content: "x".repeat(length) }));
  const ask = async (at: { before?: number; after?: number; around?: number }) =>
    must(await engine.messages(accountId, id, { before: null, after: null, ...at, limit: 1000 }));
  const all = lengths.map((_, n) => n + 1);
  const up: number[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page = await ask({ after });
    expectBounded(page.messages);
    up.push(...page.messages.map(({ seq }) => seq));
    after = page.message_pagination.has_newer ? Number(page.message_pagination.newer_cursor) : null;
  }
  expect(up).toEqual(all);
  const down: number[] = [];
  for (let before: number | null = lengths.length + 1; before !== null;) {
    const page = await ask({ before });
    expectBounded(page.messages);
    down.unshift(...page.messages.map(({ seq }) => seq));
    before = page.message_pagination.has_older ? Number(page.message_pagination.older_cursor) : null;
  }
  expect(down).toEqual(all);
  expect((await ask({ around: 6 })).messages.map(({ seq }) => seq)).toContain(6);
  const opened = must(await engine.open(accountId, id, 50));
  expectBounded(opened.messages);
  expect(opened).toMatchObject({ message_count: 10, message_pagination: { total_count: 10, has_older: true } });
});

function expectBounded(messages: readonly { readonly content: string }[]): void {
  const length = messages.reduce((sum, { content }) => sum + content.length, 0);
  expect(messages.length === 1 || length <= 1_000_000, `${messages.length} messages have ${length}`).toBe(true);
}

test("an empty conversation has an empty page and no cursors", async () => {
  const world = await openWorld();
  const { messages, message_pagination, active_reply } = await world.detail();
  expect({ messages, active_reply }).toEqual({ messages: [], active_reply: null });
  expect(message_pagination).toEqual({ ...pagination({}), total_count: 0, last_seq: 0 });
});

test("[DEV-3] the read position moves forward only, and no further than what exists", async () => {
  const world = await openWorld();
  const id = await conversationWith(world, 5);
  const read = readerOf(world, id);
  expect(await read({ seq: 3 })).toMatchObject({ read_seq: 3, unread_count: 2 });
  const clock = await world.clock();
  expect(await read({ seq: 2 })).toMatchObject({ read_seq: 3, unread_count: 2 });
  expect(await world.clock()).toBe(clock);
  expect(await read({ seq: 99 })).toMatchObject({ read_seq: 5, unread_count: 0 });
  must(await world.engine.append(world.accountId, id, { role: "user", content: "mine" }));
  expect(await world.detail(id)).toMatchObject({ read_seq: 5, unread_count: 1 });
  await world.check();
});

test("[DEV-3] message_count moves it up to the n-th live message, whatever was removed before", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("two", "2", { replaceFromSeq: 1 });
  await world.turn("three", "3");
  const read = readerOf(world, world.conversationId);
  expect((await world.messages()).map((message) => message.seq)).toEqual([3, 4, 5, 6]);
  expect(await read({ message_count: 0 })).toMatchObject({ read_seq: 0, unread_count: 4 });
  expect(await read({ message_count: 1 })).toMatchObject({ read_seq: 3, unread_count: 3 });
  expect(await read({ message_count: 3, seq: 4 })).toMatchObject({ read_seq: 5, unread_count: 1 });
  expect(await read({ message_count: 40 })).toMatchObject({ read_seq: 6, unread_count: 0 });
  await world.check();
});

test("[DEV-3] unread marks and moves nothing; the next reading clears the mark", async () => {
  const world = await openWorld();
  const id = await conversationWith(world, 2);
  const read = readerOf(world, id);
  await read({ seq: 2 });
  expect(await read({ unread: true, seq: 1 })).toMatchObject({ marked_unread: true, read_seq: 2, unread_count: 0 });
  const clock = await world.clock();
  await read({ unread: true });
  expect(await world.clock()).toBe(clock);
  expect(await read({ seq: 2 })).toMatchObject({ marked_unread: false, read_seq: 2 });
  expect(refusalOf(await world.engine.markRead(world.accountId, id, {})).refused).toBe("invalid_body");
});

test("[DEV-3] unreadAfter counts live messages after a seq, at most to a thousand", async () => {
  const world = await openWorld();
  await world.turn("one", "1");
  await world.turn("two", "2", { replaceFromSeq: 1 });
  const { engine, accountId, conversationId: id } = world;
  expect(must(await engine.unreadAfter(accountId, id, 0)).count).toBe(2);
  expect(must(await engine.unreadAfter(accountId, id, 3)).count).toBe(1);
  expect(must(await engine.unreadAfter(accountId, id, 99)).count).toBe(0);
  const long = uuid() as ConversationId;
  const messages = Array.from({ length: 1200 }, () => importedMessage(world));
  await engine.importConversations(accountId, [imported(world, long, messages)]);
  expect(must(await engine.unreadAfter(accountId, long, 0)).count).toBe(1000);
  expect(must(await engine.unreadAfter(accountId, long, 1199)).count).toBe(1);
});

test("[DEV-3] choosing the account's reading first marks everything read, each row with its tick", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const [read, unread, marked] = [
    await conversationWith(world, 0),
    await conversationWith(world, 3),
    await conversationWith(world, 0),
  ];
  must(await engine.markRead(accountId, marked, { unread: true }));
  const clock = await world.clock();
  expect(await engine.updateAccount(accountId, { unreadScope: "account" })).toMatchObject({ unreadScope: "account" });
  expect(await world.clock()).toBe(clock + 2);
  for (const id of [read, unread, marked]) {
    expect(await world.detail(id)).toMatchObject({ unread_count: 0, marked_unread: false });
  }
  await conversationWith(world, 1);
  const later = await world.clock();
  await engine.updateAccount(accountId, { unreadScope: "account" });
  expect(await world.clock()).toBe(later);
  await world.check();
});

test("an import adds whole conversations, read, each once; what was deleted stays deleted", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const [id, trashed] = [uuid() as ConversationId, await conversationWith(world, 0)];
  const own = await conversationWith(world, 1);
  await engine.trash(accountId, trashed);
  const messages = [importedMessage(world), importedMessage(world)];
  const nothing = { added: 0, grown: 0, messages: 0, versions: 0, versionsLeftOut: 0 };
  const batch = [
    { ...imported(world, id, messages), pinned: true, archived: true, model: "old" },
    imported(world, trashed, messages),
    imported(world, own, messages),
  ];
  expect(await engine.importConversations(accountId, batch)).toEqual({
    ...nothing,
    added: 1,
    messages: 2,
    kept: [own],
  });
  expect(await world.detail(id)).toMatchObject({
    title: "Imported",
    message_count: 2,
    last_seq: 2,
    read_seq: 2,
    unread_count: 0,
    pinned: true,
    archived: true,
    model: "old",
    created_at: "2026-01-01T11:00:00.000000Z",
    updated_at: "2026-01-01T11:30:00.000000Z",
    messages: messages.map((message) => ({ id: message.id, content: message.content })),
  });
  const clock = await world.clock();
  expect(await engine.importConversations(accountId, batch)).toEqual({ ...nothing, kept: [own] });
  expect(await world.clock()).toBe(clock);
  await world.check();
});

function readerOf(world: TurnWorld, id: ConversationId) {
  return async (position: Parameters<TurnWorld["engine"]["markRead"]>[2]) =>
    must(await world.engine.markRead(world.accountId, id, position));
}

async function page(world: TurnWorld, id: ConversationId, edge: { before?: number; after?: number }) {
  const question = { before: edge.before ?? null, after: edge.after ?? null, limit: 4 };
  const { messages, message_pagination } = must(await world.engine.messages(world.accountId, id, question));
  return [messages.map((message) => message.seq), message_pagination];
}

function pagination({ older = null, newer = null }: { older?: string | null; newer?: string | null }) {
  return {
    total_count: 10,
    last_seq: 10,
    has_older: older !== null,
    older_cursor: older,
    has_newer: newer !== null,
    newer_cursor: newer,
  };
}

function importedMessage(world: TurnWorld) {
  const createdAt = minutesAgo(world, 60);
  return { id: uuid(), role: "user" as const, content: "from elsewhere", status: "complete" as const, createdAt };
}

function imported(world: TurnWorld, id: ConversationId, messages: ReturnType<typeof importedMessage>[]) {
  const [createdAt, updatedAt] = [minutesAgo(world, 60), minutesAgo(world, 30)];
  return { id, title: "Imported", model: null, pinned: false, archived: false, createdAt, updatedAt, messages };
}

function minutesAgo(world: TurnWorld, minutes: number) {
  return (world.environment.now() - minutes * 60_000_000) as ReturnType<TurnWorld["environment"]["now"]>;
}
