/** Every kind of write there is: snapshot plus changes equals snapshot, and the counts are what they count. */
import type { AccountId, ConversationId, MessageId, Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import type { NodeId } from "../src/storage/turn-statements.ts";
import { writes, type WriteName } from "../src/writes.ts";
import { presetScenarios } from "./preset-scenarios.ts";
import { conversationWith, Device, expectInStep } from "./sync-world.ts";
import { clientId, must, openWorld, uuid, type TurnWorld } from "./turn-world.ts";
import type { VirtualEnvironment } from "./virtual-environment.ts";

type World = TurnWorld & { readonly environment: VirtualEnvironment };

interface Scenario {
  readonly title: string;
  /** What stands before the devices take their snapshot; its result goes to `write`. */
  readonly prepare?: (world: World) => Promise<ConversationId>;
  readonly write: (world: World, id: ConversationId) => Promise<unknown>;
  /** Whether a device sees anything of it [TICK-1]. */
  readonly isVisible: boolean;
}

const DAY_MS = 86_400_000;
const node = "node" as NodeId;

const withMessages = (world: World) => conversationWith(world, 4, "Four messages");
const inTrash = async (world: World) => {
  const id = await withMessages(world);
  must(await world.engine.trash(world.accountId, id));
  return id;
};
const withTurn = async (world: World) => {
  await world.turn("one", "1");
  return world.conversationId;
};
const running = async (world: World) => {
  await world.begin("go on");
  return world.conversationId;
};
const askingAgain = async (world: World) => {
  await withTurn(world);
  await world.turn("two", "2");
  await world.begin(null, { replaceFromSeq: 2 });
  return world.conversationId;
};
const now = (world: World) => ({ accountId: world.accountId, now: world.environment.now() });

/** The table has a row for every write: a new one without a scenario doesn't compile, and the test below fails. */
const scenarios: Readonly<Record<WriteName, readonly Scenario[]>> = {
  ensureAccount: [
    {
      title: "of one that is there",
      isVisible: false,
      write: ({ storage, accountId, environment }) => {
        const account = { id: accountId, email: null, name: "Ann", unreadScope: "device" as const };
        return storage.transact("ensureAccount", { ...account, now: environment.now() });
      },
    },
  ],
  updateAccount: [
    {
      title: "name only",
      isVisible: false,
      prepare: withMessages,
      write: (world) => world.engine.updateAccount(world.accountId, { name: "Anna" }),
    },
    {
      title: "reading everything",
      isVisible: true,
      prepare: withMessages,
      write: (world) => world.engine.updateAccount(world.accountId, { unreadScope: "account" }),
    },
  ],
  ...presetScenarios,
  eraseAccount: [
    {
      title: "of another",
      isVisible: false,
      prepare: withMessages,
      write: async ({ engine }) => {
        const another = { id: uuid() as AccountId, email: null, name: "Bob", unreadScope: "device" as const };
        await engine.ensureAccount(another);
        await engine.create(another.id, { title: "Bob's" });
        await engine.eraseAccount(another.id);
      },
    },
  ],
  noteStart: [{ title: "", isVisible: false, write: ({ engine }) => engine.noteStart() }],
  renewEpoch: [{ title: "", isVisible: false, write: ({ engine }) => engine.renewEpoch() }],
  createConversation: [
    { title: "new", isVisible: true, write: (world) => world.engine.create(world.accountId, { title: "New" }) },
    {
      title: "repeated",
      isVisible: false,
      prepare: withMessages,
      write: (world, id) => world.engine.create(world.accountId, { id, instructions: "Be brief." }),
    },
    {
      title: "of one in the trash",
      isVisible: false,
      prepare: inTrash,
      write: (world, id) => world.engine.create(world.accountId, { id }),
    },
  ],
  patchConversation: [
    {
      title: "everything",
      isVisible: true,
      write: ({ engine, accountId, conversationId }) =>
        engine.patch(accountId, conversationId, { title: "T", pinned: true, archived: true, model: "big" }),
    },
    {
      title: "with what stands",
      isVisible: false,
      write: ({ engine, accountId, conversationId }) => engine.patch(accountId, conversationId, { pinned: false }),
    },
    {
      title: "with instructions",
      isVisible: true,
      write: ({ engine, accountId, conversationId }) =>
        engine.patch(accountId, conversationId, { instructions: "Be brief." }),
    },
    {
      title: "with instructions that say nothing, where there are none",
      isVisible: false,
      write: ({ engine, accountId, conversationId }) => engine.patch(accountId, conversationId, { instructions: " " }),
    },
  ],
  setGeneratedTitle: [
    {
      title: "",
      isVisible: true,
      write: ({ engine, accountId, conversationId }) =>
        engine.setGeneratedTitle(accountId, conversationId, { title: "Made" }),
    },
  ],
  markRead: [
    {
      title: "forward",
      isVisible: true,
      prepare: withMessages,
      write: (world, id) => world.engine.markRead(world.accountId, id, { message_count: 3 }),
    },
    {
      title: "as unread",
      isVisible: true,
      prepare: withMessages,
      write: (world, id) => world.engine.markRead(world.accountId, id, { unread: true }),
    },
    {
      title: "to where it is",
      isVisible: false,
      prepare: withMessages,
      write: (world, id) => world.engine.markRead(world.accountId, id, { seq: 0 }),
    },
  ],
  readAll: [
    {
      title: "",
      isVisible: true,
      prepare: withMessages,
      write: (world) => world.engine.readAll(world.accountId),
    },
    {
      title: "where nothing is unread",
      isVisible: false,
      write: (world) => world.engine.readAll(world.accountId),
    },
  ],
  act: [
    {
      title: "that trashes one while its reply runs",
      isVisible: true,
      prepare: running,
      write: (world, id) => world.engine.act(world.accountId, { action: "trash", ids: [id] }),
    },
    {
      title: "that restores several",
      isVisible: true,
      prepare: inTrash,
      write: (world, id) => world.engine.act(world.accountId, { action: "restore", ids: [id, world.conversationId] }),
    },
    {
      title: "that changes nothing",
      isVisible: false,
      prepare: withMessages,
      write: (world, id) => world.engine.act(world.accountId, { action: "unarchive", ids: [id] }),
    },
  ],
  append: [
    {
      title: "",
      isVisible: true,
      prepare: withMessages,
      write: (world, id) => world.engine.append(world.accountId, id, { role: "user", content: "x" }),
    },
  ],
  trashConversation: [
    {
      title: "",
      isVisible: true,
      prepare: withMessages,
      write: (world, id) => world.engine.trash(world.accountId, id),
    },
    {
      title: "while a reply runs",
      isVisible: true,
      prepare: running,
      write: (world, id) => world.engine.trash(world.accountId, id),
    },
    {
      title: "while a reply is asked again",
      isVisible: true,
      prepare: askingAgain,
      write: (world, id) => world.engine.trash(world.accountId, id),
    },
  ],
  restoreConversation: [
    {
      title: "",
      isVisible: true,
      prepare: inTrash,
      write: (world, id) => world.engine.restore(world.accountId, id),
    },
    {
      title: "of a live one",
      isVisible: false,
      prepare: withMessages,
      write: (world, id) => world.engine.restore(world.accountId, id),
    },
  ],
  eraseConversation: [
    {
      title: "of a live one",
      isVisible: true,
      prepare: withMessages,
      write: (world, id) => world.engine.erase(world.accountId, id),
    },
    {
      title: "from the trash",
      isVisible: false,
      prepare: inTrash,
      write: (world, id) => world.engine.erase(world.accountId, id),
    },
    {
      title: "while a reply runs",
      isVisible: true,
      prepare: running,
      write: (world, id) => world.engine.erase(world.accountId, id),
    },
    {
      title: "with all that is in the trash",
      isVisible: false,
      prepare: inTrash,
      write: (world) => world.engine.emptyTrash(world.accountId),
    },
    {
      title: "with the trash, of one that was restored meanwhile",
      isVisible: false,
      prepare: withMessages,
      write: (world, id) =>
        world.storage.transact("eraseConversation", { ...now(world), id, onlyTrashedAt: now(world).now }),
    },
  ],
  importConversations: [
    {
      title: "",
      isVisible: true,
      write: (world) => world.engine.importConversations(world.accountId, [imported(world), imported(world)]),
    },
  ],
  sweep: [
    {
      title: "of what has been in the trash long enough",
      isVisible: false,
      prepare: inTrash,
      write: (world) => {
        world.environment.step(31 * DAY_MS);
        return world.engine.sweep();
      },
    },
    {
      title: "of versions that were kept long enough",
      isVisible: false,
      prepare: async (world) => {
        await withTurn(world);
        await world.turn("uno", "1 too", { replaceFromSeq: 1 });
        return world.conversationId;
      },
      write: (world) => {
        world.environment.step(31 * DAY_MS);
        return world.engine.sweep();
      },
    },
  ],
  beginTurn: [
    { title: "", isVisible: true, write: (world) => world.begin("Hello") },
    {
      title: "in place of an earlier one",
      isVisible: true,
      prepare: withTurn,
      write: (world) => world.begin("Hello again", { replaceFromSeq: 1 }),
    },
    {
      title: "that asks the reply again",
      isVisible: true,
      prepare: withTurn,
      write: (world) => world.begin(null, { replaceFromSeq: 2 }),
    },
    {
      title: "repeated",
      isVisible: false,
      prepare: async (world) => {
        await world.begin("Hello", { clientMessageId: repeatedId });
        return world.conversationId;
      },
      write: (world) => world.begin("Hello", { clientMessageId: repeatedId }),
    },
  ],
  appendJournal: [
    {
      title: "",
      isVisible: false,
      prepare: running,
      write: async (world) => {
        const { activeReplyId } = await rowOf(world);
        const chunk = { firstEventId: 2, lastEventId: 2, events: '["token"]' };
        const appended = activeReplyId ? [{ accountId: world.accountId, replyId: activeReplyId, chunk }] : [];
        return world.storage.transact("appendJournal", { ownerId: node, appended });
      },
    },
  ],
  finishReply: [
    { title: "with a message", isVisible: true, write: (world) => world.turn("Hello", "Hi.") },
    {
      title: "without one",
      isVisible: true,
      write: async (world) => {
        const error = { code: "model_failed", detail: "It failed." };
        await world.writer(await world.begin("Hello")).end({ kind: "failed", error, retryable: true });
      },
    },
    {
      title: "that asked again and brings back what it had replaced",
      isVisible: true,
      prepare: askingAgain,
      write: (world) => world.endRunning({ kind: "stopped" }),
    },
  ],
  stopTurn: [
    {
      title: "by force, from another process",
      isVisible: true,
      prepare: running,
      write: async (world, conversationId) => {
        const { activeReplyId: replyId } = await rowOf(world);
        if (!replyId) throw new Error("No reply runs");
        return world.storage.transact("stopTurn", { ...now(world), conversationId, replyId, isForced: true });
      },
    },
    {
      title: "by force, of one that brings back what it had replaced",
      isVisible: true,
      prepare: askingAgain,
      write: async (world, conversationId) => {
        const { activeReplyId: replyId } = await rowOf(world);
        if (!replyId) throw new Error("No reply runs");
        return world.storage.transact("stopTurn", { ...now(world), conversationId, replyId, isForced: true });
      },
    },
  ],
  reapReply: [
    {
      title: "of a node that is gone",
      isVisible: true,
      prepare: running,
      write: async (world) => {
        const { activeReplyId: replyId } = await rowOf(world);
        if (!replyId) throw new Error("No reply runs");
        world.environment.step(DAY_MS);
        return world.storage.transact("reapReply", { ...now(world), replyId });
      },
    },
    {
      title: "of one that brings back what it had replaced",
      isVisible: true,
      prepare: askingAgain,
      write: async (world) => {
        const { activeReplyId: replyId } = await rowOf(world);
        if (!replyId) throw new Error("No reply runs");
        world.environment.step(DAY_MS);
        return world.storage.transact("reapReply", { ...now(world), replyId });
      },
    },
  ],
  renewLease: [
    {
      title: "",
      isVisible: false,
      write: (world) => world.storage.transact("renewLease", { ownerId: node, expiresAt: world.environment.now() }),
    },
  ],
  releaseLease: [
    {
      title: "",
      isVisible: false,
      write: (world) => world.storage.transact("releaseLease", { ownerId: node }),
    },
  ],
  restoreVersion: [
    {
      title: "of what an edit replaced",
      isVisible: true,
      prepare: async (world) => {
        await withTurn(world);
        await world.turn("two", "2");
        await world.turn("uno", "1 too", { replaceFromSeq: 1 });
        return world.conversationId;
      },
      write: async (world) => world.restoreVersion(5),
    },
    {
      title: "where a reply runs",
      isVisible: false,
      prepare: async (world) => {
        await withTurn(world);
        await world.begin("uno", { replaceFromSeq: 1 });
        return world.conversationId;
      },
      write: async (world) => world.restoreVersion(3),
    },
  ],
  sweepJournals: [
    {
      title: "",
      isVisible: false,
      prepare: withTurn,
      write: (world) => {
        const endedBefore = (world.environment.now() + 1) as Micros;
        return world.storage.transact("sweepJournals", { now: world.environment.now(), endedBefore, limit: 10 });
      },
    },
  ],
};

const repeatedId = clientId();

test("every write of the engine has its scenario", () => {
  expect(Object.keys(scenarios).sort()).toEqual(Object.keys(writes).sort());
});

const all = Object.entries(scenarios).flatMap(([name, list]) =>
  list.map((scenario) => ({ ...scenario, name: name as WriteName, label: `${name} ${scenario.title}`.trim() })),
);

test.each(all)("[SYNC-10] snapshot plus changes equals snapshot: $label", async (scenario) => {
  const world = await openWorld();
  const called = recordWrites(world);
  const first = new Device(world);
  await first.syncFully();
  const id = (await scenario.prepare?.(world)) ?? world.conversationId;
  const second = new Device(world);
  await second.syncFully();
  called.length = 0;
  const clock = await world.clock();
  await scenario.write(world, id);
  expect(called).toContain(scenario.name);
  expect((await world.clock()) > clock).toBe(scenario.isVisible);
  await world.check();
  for (const device of [first, second]) {
    device.epoch = world.engine.epoch;
    await device.syncChanges(device === first ? 1 : 1000);
    await expectInStep(world, device);
  }
});

/** The names of the writes that the engine asks its storage for. */
function recordWrites(world: World): WriteName[] {
  const called: WriteName[] = [];
  const transact = world.storage.transact.bind(world.storage);
  world.storage.transact = (name, input) => {
    called.push(name);
    return transact(name, input);
  };
  return called;
}

async function rowOf(world: World) {
  const row = await world.storage.read((snapshot) => snapshot.conversation(world.accountId, world.conversationId));
  if (!row) throw new Error("The conversation is gone");
  return row;
}

function imported(world: World) {
  const createdAt = world.environment.now();
  const said = { role: "user" as const, content: "x", status: "complete" as const };
  const message = { id: uuid() as MessageId, ...said, createdAt };
  const rest = { title: "Imported", model: null, pinned: false, archived: false, createdAt, updatedAt: createdAt };
  return { id: uuid() as ConversationId, ...rest, messages: [message] };
}
