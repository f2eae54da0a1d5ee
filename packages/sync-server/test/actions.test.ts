/** The same done to many conversations: it comes to what the calls on one come to, in one transaction. */
import type { AccountId, ConversationAction, ConversationId } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Engine } from "../src/engine.ts";
import { isRefusal } from "../src/refusal.ts";
import { Device, expectInStep, importEmpty } from "./sync-world.ts";
import { clientId, must, openWorld, uuid, type TurnWorld } from "./turn-world.ts";

const IDS = [1, 2, 3, 4, 5].map((n) => `0000000${n}-0000-4000-8000-000000000000` as ConversationId);
const UNKNOWN = ["00000009-0000-4000-8000-000000000000", "temp-draft"] as ConversationId[];
const ACTIONS = ["archive", "unarchive", "pin", "unpin", "trash", "restore", "read", "unread"] as const;

/** What the call on one conversation does; for each action the one that people made before. */
const SINGLE: Readonly<
  Record<ConversationAction, (engine: Engine, who: AccountId, id: ConversationId) => Promise<object>>
> = {
  archive: (engine, who, id) => engine.patch(who, id, { archived: true }),
  unarchive: (engine, who, id) => engine.patch(who, id, { archived: false }),
  pin: (engine, who, id) => engine.patch(who, id, { pinned: true }),
  unpin: (engine, who, id) => engine.patch(who, id, { pinned: false }),
  trash: (engine, who, id) => engine.trash(who, id),
  restore: (engine, who, id) => engine.restore(who, id),
  read: async (engine, who, id) => {
    const opened = await engine.open(who, id, 1);
    return isRefusal(opened) ? opened : engine.markRead(who, id, { seq: opened.last_seq });
  },
  unread: (engine, who, id) => engine.markRead(who, id, { unread: true }),
};

const before = fc.array(
  fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(...ACTIONS, "append", "turn", "running", "erase", "replace")),
  { maxLength: 15 },
);

async function prepare(world: TurnWorld, steps: readonly (readonly [ConversationId, string])[]): Promise<void> {
  const { engine, accountId } = world;
  for (const id of IDS) must(await engine.create(accountId, { id }));
  for (const [id, step] of steps) {
    const send = { conversationId: id, clientMessageId: clientId() };
    if (step === "append") await engine.append(accountId, id, { role: "user", content: "x" });
    else if (step === "erase") await engine.erase(accountId, id);
    else if (step === "running") await world.tryBegin("go on", send);
    else if (step === "turn" || step === "replace") {
      const replaceFromSeq = step === "replace" ? 1 : null;
      const turn = await world.tryBegin("Hello", { ...send, replaceFromSeq });
      if ("replyId" in turn) await world.writer(turn).end({ kind: "complete" });
    } else await SINGLE[step as ConversationAction](engine, accountId, id);
  }
}

/** All that is stored of the conversations, but for what is drawn at random. */
function stored(world: TurnWorld) {
  return world.storage.read(async (snapshot) => {
    const rows = await snapshot.conversationsAfter(world.accountId, { afterId: "", limit: 100 });
    return {
      rows: rows
        .filter(({ id }) => IDS.includes(id))
        .map((row) => ({ ...row, activeReplyId: row.activeReplyId !== null })),
      tombstones: await snapshot.tombstones(world.accountId),
      clock: (await snapshot.account(world.accountId))?.clock,
      running: await snapshot.countRunningTurns(world.accountId),
    };
  });
}

test("[CLOCK-1, TICK-1, TURN-8] an action on many is the same as the calls on each, one after the other", async () => {
  const ids = fc.array(fc.constantFrom(...IDS, ...UNKNOWN), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(before, fc.constantFrom(...ACTIONS), ids, async (steps, action, asked) => {
      const [many, one] = [await openWorld(), await openWorld()];
      await prepare(many, steps);
      await prepare(one, steps);
      expect(await stored(many)).toEqual(await stored(one));
      const device = new Device(many);
      await device.syncFully();

      const answer = must(await many.engine.act(many.accountId, { action, ids: asked }));
      const distinct = [...new Set(asked)];
      const outcomes = new Map<ConversationId, object>();
      for (const id of distinct) outcomes.set(id, await SINGLE[action](one.engine, one.accountId, id));

      expect(await stored(many)).toEqual(await stored(one));
      const missing = distinct.filter((id) => isRefusal(outcomes.get(id)));
      const found = distinct.filter((id) => !missing.includes(id));
      expect(answer.missing_ids).toEqual(missing);
      expect(answer.deleted_ids).toEqual(action === "trash" ? found : []);
      expect(answer.conversations.map(({ id }) => id)).toEqual(action === "trash" ? [] : found);
      for (const summary of answer.conversations) {
        const { server_time: _, epoch: __, ...single } = outcomes.get(summary.id as ConversationId) as typeof answer;
        expect({ ...summary, active_reply_id: null }).toEqual({ ...single, active_reply_id: null });
      }
      expect(answer).toMatchObject(await many.asOf());
      await device.syncChanges();
      await expectInStep(many, device);
      await many.check();
      await many.close();
      await one.close();
    }),
    { numRuns: 40 },
  );
});

test("an action on many is one commit, however many it is about", async () => {
  const world = await openWorld();
  const ids: ConversationId[] = [];
  for (let n = 0; n < 20; n += 1) ids.push(await world.newConversation());
  let commits = 0;
  world.storage.onCommit(() => (commits += 1));
  must(await world.engine.act(world.accountId, { action: "archive", ids }));
  expect(commits).toBe(1);
});

test("[SYNC-9] an action finds nothing of another account", async () => {
  const world = await openWorld();
  const other = uuid() as AccountId;
  await world.engine.ensureAccount({ id: other, email: null, name: "Bob", unreadScope: "device" });
  const clock = await world.clock();
  for (const action of ACTIONS) {
    const answer = must(await world.engine.act(other, { action, ids: [world.conversationId] }));
    expect(answer).toMatchObject({ conversations: [], deleted_ids: [], missing_ids: [world.conversationId] });
  }
  must(await world.engine.readAll(other));
  expect(await world.clock()).toBe(clock);
});

test("[SAFE-2, SYNC-11] reading all is done some at a time, tells the first of them as of their own commit, and leaves nothing unread", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const ids = await importEmpty(world, 503);
  for (let from = 0; from < ids.length; from += 500) {
    must(await engine.act(accountId, { action: "unread", ids: ids.slice(from, from + 500) }));
  }
  must(await engine.append(accountId, world.conversationId, { role: "user", content: "x" }));
  must(await engine.act(accountId, { action: "archive", ids: ids.slice(0, 3) }));
  const device = new Device(world);
  await device.syncFully();
  const ticks: number[] = [];
  world.storage.onCommit((commit) => commit.kind === "moved" && ticks.push(commit.clocks.get(accountId) ?? 0));
  const answer = must(await engine.readAll(accountId));
  expect(ticks).toHaveLength(3);
  expect(answer).toMatchObject({ has_more: true, deleted_ids: [], missing_ids: [] });
  expect(answer.conversations).toHaveLength(200);
  expect(answer.server_time < (await world.asOf()).server_time).toBe(true);
  await device.syncChanges();
  await expectInStep(world, device);
  expect([...device.rows.values()].filter((row) => row.marked_unread || row.unread_count)).toEqual([]);
  await world.check();
  const asOf = await world.asOf();
  const nothing = { conversations: [], deleted_ids: [], missing_ids: [], ...asOf };
  expect(must(await engine.readAll(accountId))).toEqual(nothing);
  expect(await world.asOf()).toEqual(asOf);
});
