/** What a turn replaces is kept as a version of its place, and comes back whole. */
import type { ClientMessageId, ConversationId, MessageId, VersionId } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReplyEnding } from "../src/engine.ts";
import { createEngine } from "../src/create-engine.ts";
import { Device, expectInStep } from "./sync-world.ts";
import { clientId, must, openWorld, OPTIONS, refusalOf, uuid, type TurnWorld } from "./turn-world.ts";
import type { VirtualEnvironment } from "./virtual-environment.ts";

type World = TurnWorld & { readonly environment: VirtualEnvironment };

const DAY_MS = 86_400_000;
const FAILED: ReplyEnding = {
  kind: "failed",
  error: { code: "model_failed", detail: "It failed." },
  retryable: true,
};
const WORDLESS: readonly ReplyEnding[] = [{ kind: "stopped" }, { kind: "interrupted" }, FAILED];

async function worldOf(turns: number): Promise<World> {
  const world = await openWorld();
  for (let n = 1; n <= turns; n++) await world.turn(`question ${n}`, `answer ${n}`);
  return world;
}

const place = (seq: number) => ({ seq, cursor: null });
const texts = async (world: World) => (await world.messages()).map(({ content }) => content);
const versionTexts = async (world: World, seq: number) =>
  (await world.versions(seq)).map(({ messages }) => messages.map(({ content }) => content));

test("[MSG-5] an edit keeps all that it replaced as a version of the place, neither live nor counted nor found", async () => {
  const world = await worldOf(3);
  const before = await world.messages();
  const turn = await world.turn("question 2 anew", "answer 2 anew", { replaceFromSeq: 3 });
  expect(turn.userMessage).toMatchObject({ seq: 7, version_count: 1 });
  expect(await texts(world)).toEqual(["question 1", "answer 1", "question 2 anew", "answer 2 anew"]);
  expect(await world.detail()).toMatchObject({ message_count: 4, last_seq: 8, unread_count: 4 });
  const messages = await world.messages();
  expect(messages.map(({ version_count }) => version_count)).toEqual([undefined, undefined, 1, undefined]);
  const versions = await world.versions(7);
  expect(versions).toEqual([
    { version_id: expect.any(String), replaced_at: expect.any(String), messages: before.slice(2) },
  ]);
  expect(await world.versions(1)).toEqual([]);
  for (const query of ["question 3", "answer 3"]) {
    const page = { query, limit: 10, cursor: null };
    expect(must(await world.engine.search(world.accountId, page)).results).toEqual([]);
  }
  await world.check();
});

test("[MSG-5] a turn's first event says how many messages it replaced, and which version they are", async () => {
  const world = await worldOf(2);
  const { replyId } = await world.turn("again", "again", { replaceFromSeq: 1 });
  const [version] = await world.versions(5);
  const replaced = { version_id: version?.version_id, message_count: 4 };
  expect((await world.events(replyId))[0]).toMatchObject({ event: "start", data: { replaced } });
  const plain = await world.turn("on", "on");
  expect((await world.events(plain.replyId))[0]?.data).not.toHaveProperty("replaced");
});

test("[MSG-5] [TURN-3] a repeat is told of its message as it stands: with its versions, and under the seq that it came back with", async () => {
  const world = await worldOf(1);
  const edit = { clientMessageId: clientId(), replaceFromSeq: 1 };
  const first = await world.turn("anew", "second", edit);
  const repeat = async () => (await world.begin("anew", edit)).userMessage;
  expect(await repeat()).toEqual(first.userMessage);
  expect(await repeat()).toMatchObject({ seq: 3, version_count: 1 });
  must(await world.restoreVersion(3));
  expect(await repeat()).toEqual({ ...first.userMessage, version_count: undefined });
  must(await world.restoreVersion(5));
  expect(await repeat()).toEqual({ ...first.userMessage, seq: 7 });
  expect((await world.messages())[0]).toEqual(await repeat());
});

test("[MSG-5] versions of one place stand oldest first, whether replies or questions were replaced", async () => {
  const world = await worldOf(1);
  await world.turn("ignored", "second", { text: null, replaceFromSeq: 2 });
  await world.turn("ignored", "third", { text: null, replaceFromSeq: 3 });
  expect(await versionTexts(world, 4)).toEqual([["answer 1"], ["second"]]);
  await world.turn("anew", "fourth", { replaceFromSeq: 1 });
  expect(await versionTexts(world, 5)).toEqual([["question 1", "third"]]);
  expect(await world.versions(6)).toEqual([]);
  await world.check();
  // What was kept inside the version comes back with it.
  must(await world.restoreVersion(5));
  const messages = await world.messages();
  expect(messages.map(({ seq, content, version_count }) => [seq, content, version_count])).toEqual([
    [7, "question 1", 1],
    [8, "third", 2],
  ]);
  expect(await versionTexts(world, 7)).toEqual([["anew", "fourth"]]);
  expect(await versionTexts(world, 8)).toEqual([["answer 1"], ["second"]]);
  await world.check();
});

test("[MSG-5] a version comes back as new messages, and what stood becomes a version", async () => {
  const world = await worldOf(2);
  await world.turn("anew", "answer anew", { replaceFromSeq: 3 });
  const device = new Device(world);
  await device.syncFully();
  const page = must(await world.restoreVersion(5));
  expect(page.messages.map(({ seq, content }) => [seq, content])).toEqual([
    [7, "question 2"],
    [8, "answer 2"],
  ]);
  expect(page.message_pagination).toMatchObject({ total_count: 4, has_newer: false });
  expect(await texts(world)).toEqual(["question 1", "answer 1", "question 2", "answer 2"]);
  expect(await world.detail()).toMatchObject({ message_count: 4, last_seq: 8, unread_count: 4 });
  expect(await versionTexts(world, 7)).toEqual([["anew", "answer anew"]]);
  await device.syncChanges();
  await expectInStep(world, device);
  const found = must(await world.engine.search(world.accountId, { query: "answer 2", limit: 10, cursor: null }));
  expect(found.results).toMatchObject([{ seq: 8 }]);
  await world.check();
});

test.each(WORDLESS)(
  "[MSG-5] a reply that was asked again and ends without a word, $kind, brings back what it had replaced",
  async (ending) => {
    const world = await worldOf(3);
    const before = await texts(world);
    await world.engine.markRead(world.accountId, world.conversationId, { seq: 6 });
    const turn = await world.begin(null, { replaceFromSeq: 2 });
    expect(await texts(world)).toEqual(["question 1"]);
    await world.endRunning(ending, " \n");
    expect(await texts(world)).toEqual(before);
    const detail = await world.detail();
    expect(detail).toMatchObject({ message_count: 6, last_seq: 11, unread_count: 5, active_reply: null });
    expect(detail.messages.map(({ version_count }) => version_count)).toEqual(before.map(() => undefined));
    const end = (await world.events(turn.replyId)).at(-1);
    expect(end).toMatchObject({ data: { message_count: 6, last_seq: 11, brought_back: 5 } });
    expect(end).toMatchObject(
      ending.kind === "stopped"
        ? { event: "done", data: { message: { content: "answer 1", seq: 7 } } }
        : { event: "error", data: { message: null } },
    );
    await world.check();
    // The same when nothing is left of the journal.
    world.environment.step(2 * DAY_MS);
    await world.engine.sweep();
    const late = (await world.events(turn.replyId)).at(-1);
    expect(late).toMatchObject({ event: end?.event, data: { brought_back: 5 } });
  },
);

test("[MSG-5] a version inside of one that came back replaces just what stands behind its place there", async () => {
  const world = await worldOf(1);
  await world.turn("", "second", { text: null, replaceFromSeq: 2 });
  await world.turn("anew", "third", { replaceFromSeq: 1 });
  must(await world.restoreVersion((await world.messages())[0]?.seq ?? 0));
  expect(await texts(world)).toEqual(["question 1", "second"]);
  must(await world.restoreVersion((await world.messages())[1]?.seq ?? 0));
  expect(await texts(world)).toEqual(["question 1", "answer 1"]);
  await world.check();
});

test("[MSG-5] [TURN-6] the reaper brings back what a reply without a word had replaced", async () => {
  const world = await worldOf(1);
  const { replyId } = await world.begin(null, { replaceFromSeq: 2 });
  world.environment.step(DAY_MS);
  const now = world.environment.now();
  expect(await world.storage.transact("reapReply", { accountId: world.accountId, replyId, now })).toBe(true);
  expect(await texts(world)).toEqual(["question 1", "answer 1"]);
  await world.check();
});

test.each([
  ["partly", { kind: "stopped" } as const],
  ["whole", { kind: "complete" } as const],
])("[MSG-5] a reply with a word stays, and what it replaced is its version: %s", async (word, ending) => {
  const world = await worldOf(1);
  const turn = await world.begin(null, { replaceFromSeq: 2 });
  await world.endRunning(ending, word);
  expect(await world.messages()).toMatchObject([{ seq: 1 }, { seq: 3, content: word, version_count: 1 }]);
  const end = (await world.events(turn.replyId)).at(-1);
  expect(end?.data).toMatchObject({ message: { version_count: 1 } });
  expect(end?.data).not.toHaveProperty("brought_back");
  await world.check();
});

test("[MSG-5] an edit that ends without a word keeps its text, and what it replaced as a version", async () => {
  const world = await worldOf(2);
  await world.begin("anew", { replaceFromSeq: 1 });
  await world.endRunning(FAILED);
  expect(await world.messages()).toMatchObject([{ seq: 5, content: "anew", version_count: 1 }]);
  expect(await versionTexts(world, 5)).toEqual([["question 1", "answer 1", "question 2", "answer 2"]]);
  // The same words again, of which nothing came: there is nothing to keep.
  await world.turn("anew", "at last", { replaceFromSeq: 5 });
  expect(await world.messages()).toMatchObject([{ seq: 6, version_count: 1 }, { seq: 7 }]);
  await world.turn("other words", "x", { replaceFromSeq: 6 });
  expect(await world.versions(8)).toHaveLength(2);
  await world.check();
});

test("[MSG-5] a conversation that is deleted while a reply is asked again has its old one when it is restored", async () => {
  const world = await worldOf(2);
  const before = await texts(world);
  await world.begin(null, { replaceFromSeq: 2 });
  must(await world.engine.trash(world.accountId, world.conversationId));
  await world.check();
  must(await world.engine.restore(world.accountId, world.conversationId));
  expect(await texts(world)).toEqual(before);
  await world.check();
});

test("[MSG-5] versions go after the days of the trash, with what was kept inside them, and without a tick", async () => {
  const world = await worldOf(1);
  await world.turn("", "second", { text: null, replaceFromSeq: 2 });
  world.environment.step(DAY_MS);
  await world.turn("anew", "third", { replaceFromSeq: 1 });
  const clock = await world.clock();
  world.environment.step(29 * DAY_MS - 60_000);
  await world.engine.sweep();
  expect(await world.versions(4)).toHaveLength(1);
  world.environment.step(2 * 60_000);
  await world.engine.sweep();
  // The older one, inside the other, has gone; the other not yet.
  expect(await world.versions(4)).toHaveLength(1);
  expect(await keptRows(world)).toHaveLength(1);
  world.environment.step(DAY_MS);
  await world.engine.sweep();
  expect(await world.versions(4)).toEqual([]);
  expect(await keptRows(world)).toEqual([]);
  expect((await world.messages())[0]).not.toHaveProperty("version_count");
  expect(await world.clock()).toBe(clock);
  await world.check();
});

test("[MSG-5] a version goes with the one that it was kept inside of, also where versions are kept shorter since", async () => {
  const world = await worldOf(1);
  await world.turn("", "second", { text: null, replaceFromSeq: 2 });
  const shorter = createEngine({
    storage: world.storage,
    environment: world.environment,
    options: { ...OPTIONS, trashDays: 1 },
  });
  const edited = must(await world.tryBegin("anew", { replaceFromSeq: 1 }, shorter));
  await world.writer(edited, shorter).end({ kind: "complete" });
  expect(await keptRows(world)).toHaveLength(2);
  world.environment.step(DAY_MS + 60_000);
  await world.engine.sweep();
  expect(await keptRows(world)).toEqual([]);
  await world.check();
});

test("[MSG-5] the sweep leaves alone what a running reply may bring back", async () => {
  const world = await worldOf(1);
  await world.begin(null, { replaceFromSeq: 2 });
  await world.storage.transact("sweep", {
    now: Number.MAX_SAFE_INTEGER as never,
    horizon: 0 as never,
    limit: 10,
    after: null,
  });
  await world.endRunning({ kind: "stopped" });
  expect(await texts(world)).toEqual(["question 1", "answer 1"]);
});

test("[MSG-5] versions are erased with their conversation", async () => {
  const world = await worldOf(1);
  await world.turn("anew", "second", { replaceFromSeq: 1 });
  must(await world.engine.erase(world.accountId, world.conversationId));
  await world.check();
  expect(await keptRows(world)).toEqual([]);
  const message = { role: "user", content: "anew" } as const;
  expect(await world.engine.append(world.accountId, world.conversationId, message)).toMatchObject({
    refused: "conversation_not_found",
  });
});

test("[MSG-5] bringing a version back is refused where the conversation has moved on, a reply runs, or there is none", async () => {
  const world = await worldOf(1);
  await world.turn("anew", "second", { replaceFromSeq: 1 });
  const [version] = await world.versions(3);
  const id = version?.version_id ?? "";
  const clock = await world.clock();
  expect(refusalOf(await world.tryRestoreVersion(id, 3))).toMatchObject({
    refused: "stale_conversation",
    members: { last_seq: 4, message_count: 2, messages: [{ seq: 4 }] },
  });
  expect(refusalOf(await world.tryRestoreVersion(uuid(), 4))).toMatchObject({ refused: "version_not_found" });
  expect(await world.clock()).toBe(clock);
  const elsewhere = await world.newConversation();
  const { accountId, engine } = world;
  const expected = { expectedLastSeq: 0 };
  expect(await engine.restoreVersion(accountId, elsewhere, { versionId: id as VersionId, ...expected })).toMatchObject({
    refused: "version_not_found",
  });
  await world.begin("on");
  expect(refusalOf(await world.tryRestoreVersion(id, 5))).toMatchObject({ refused: "reply_running" });
  await world.endRunning({ kind: "complete" }, "yes");
  // What it stood behind was replaced itself.
  await world.turn("", "third", { text: null, replaceFromSeq: 4 });
  const inner = (await world.versions(7))[0]?.version_id ?? "";
  await world.turn("anew again", "fourth", { replaceFromSeq: 3 });
  expect(refusalOf(await world.tryRestoreVersion(inner, 9))).toMatchObject({ refused: "stale_conversation" });
  must(await engine.trash(accountId, world.conversationId));
  expect(await world.tryRestoreVersion(id, 9)).toMatchObject({ refused: "conversation_trashed" });
  expect(await engine.versions(accountId, world.conversationId, place(8))).toMatchObject({
    refused: "conversation_trashed",
  });
  expect(await engine.versions(accountId, uuid() as ConversationId, place(1))).toMatchObject({
    refused: "conversation_not_found",
  });
});

test("[MSG-5] what stands in no place has no versions: a seq of a replaced message, or of none", async () => {
  const world = await worldOf(1);
  await world.turn("anew", "second", { replaceFromSeq: 1 });
  for (const seq of [1, 2, 5]) {
    expect(await world.engine.versions(world.accountId, world.conversationId, place(seq))).toMatchObject({
      refused: "message_not_found",
    });
  }
});

test("[MSG-5] a message whose id was given again comes back beside the other one", async () => {
  const world = await openWorld();
  const id = uuid() as MessageId;
  const message = { id, role: "user", content: "brought in" } as const;
  must(await world.engine.append(world.accountId, world.conversationId, message));
  await world.turn("anew", "second", { replaceFromSeq: 1 });
  const { userMessage } = await world.turn("sent", "third", { clientMessageId: id as string as ClientMessageId });
  expect(userMessage.id).toBe(id);
  must(await world.restoreVersion(2));
  expect(await texts(world)).toEqual(["brought in"]);
  must(await world.restoreVersion(6));
  expect(await texts(world)).toEqual(["anew", "second", "sent", "third"]);
  await world.check();
});

test("[TURN-11] replace_from_seq of the wrong kind is invalid_body, whatever else is right, and nothing is written", async () => {
  const world = await worldOf(1);
  const clock = await world.clock();
  expect(await world.tryBegin(null, { replaceFromSeq: 1 })).toMatchObject({ refused: "invalid_body" });
  expect(await world.tryBegin("text", { replaceFromSeq: 2 })).toMatchObject({ refused: "invalid_body" });
  expect(await world.tryBegin("text", { replaceFromSeq: 9 })).toMatchObject({ refused: "stale_conversation" });
  expect(await world.tryBegin(null, { replaceFromSeq: 9 })).toMatchObject({ refused: "stale_conversation" });
  expect(await world.tryBegin("text", { replaceFromSeq: 2, expectedLastSeq: 1 })).toMatchObject({
    refused: "stale_conversation",
  });
  expect(await world.clock()).toBe(clock);
  const unasked = await openWorld();
  must(await unasked.engine.append(unasked.accountId, unasked.conversationId, { role: "assistant", content: "Hi." }));
  expect(await unasked.tryBegin(null, { replaceFromSeq: 1 })).toMatchObject({ refused: "invalid_body" });
});

const step = fc.oneof(
  fc.record({ do: fc.constant("turn" as const), replace: fc.option(fc.nat(9)), end: fc.nat(4) }),
  fc.record({ do: fc.constant("restore" as const), place: fc.nat(9), index: fc.nat(3) }),
  fc.record({ do: fc.constant("trash" as const), place: fc.nat(9) }),
  fc.record({ do: fc.constant("read" as const), place: fc.nat(9) }),
);

test("[MSG-5] no word is ever lost, whatever is edited, asked again, stopped, deleted and brought back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const world = await worldOf(2);
      const device = new Device(world);
      await device.syncFully();
      const written = new Set(await texts(world));
      for (const [n, next] of steps.entries()) {
        await take(world, { n, next, written });
        await world.check();
        expect([...(await everyText(world))].sort()).toEqual([...written].sort());
        await device.syncChanges();
      }
      await expectInStep(world, device);
    }),
    { numRuns: 60 },
  );
}, 60_000);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(
  world: World,
  { n, next, written }: { n: number; next: Step; written: Set<string> },
): Promise<void> {
  const { accountId, conversationId, engine } = world;
  const messages = await world.messages();
  const chosen = (place: number | null) => (place === null ? undefined : messages[place % messages.length]);
  if (next.do === "read") return void engine.markRead(accountId, conversationId, { seq: chosen(next.place)?.seq ?? 0 });
  if (next.do === "restore") {
    const { seq, version_count: count = 0 } = chosen(next.place) ?? { seq: 0 };
    if (count > 0) must(await world.restoreVersion(seq, next.index % count));
    return;
  }
  const replaced = chosen(next.do === "turn" ? next.replace : next.place);
  const text = replaced?.role === "assistant" ? null : `question at ${n}`;
  await world.begin(text, { replaceFromSeq: replaced?.seq ?? null });
  if (text) written.add(text);
  if (next.do === "trash") {
    must(await engine.trash(accountId, conversationId));
    must(await engine.restore(accountId, conversationId));
    return;
  }
  const ending = [...WORDLESS, { kind: "complete" } as const][next.end];
  // An empty reply is no word.
  if (ending && next.end < 3) {
    if (text !== null && ending.kind !== "failed") written.add("");
    return world.endRunning(ending);
  }
  written.add(`answer at ${n}`);
  return world.endRunning(ending ?? FAILED, `answer at ${n}`);
}

/** The texts that stand, or once stood and are kept. */
async function everyText(world: World): Promise<Set<string>> {
  const kept = must(await world.engine.allVersions(world.accountId, world.conversationId, null));
  return new Set([
    ...(await texts(world)),
    ...kept.versions.flatMap(({ messages }) => messages.map(({ content }) => content)),
  ]);
}

async function keptRows(world: World) {
  return world.storage.read((snapshot) => snapshot.versions(world));
}
