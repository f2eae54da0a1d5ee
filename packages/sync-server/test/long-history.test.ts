/** What a model is asked with in a long conversation: read by slices, all of it that fits, in order. */
import type { ConversationId } from "@instep/protocol";
import { expect, test } from "vitest";
import { must, openWorld, uuid, type VirtualWorld } from "./turn-world.ts";

/** Far more than one slice of the reading has. */
const LONG = 400_000;

async function importLong(world: VirtualWorld, texts: readonly string[]): Promise<ConversationId> {
  const id = uuid() as ConversationId;
  const at = world.environment.now();
  const messages = texts.map((content) => {
    const role = "user" as const;
    return { id: uuid() as never, role, content, status: "complete" as const, createdAt: at };
  });
  const standing = { title: "Long", model: null, pinned: false, archived: false, createdAt: at, updatedAt: at };
  await world.engine.importConversations(world.accountId, [{ id, ...standing, messages }]);
  return id;
}

async function asked(world: VirtualWorld, conversationId: ConversationId) {
  const turn = must(await world.tryBegin("And now?", { conversationId }));
  if (turn.kind !== "started") throw new Error("The turn was joined");
  return { history: turn.history.map(({ content }) => content), olderCount: turn.olderCount };
}

test("[SAFE-2] a long history is read by slices, and is whole and in order all the same", async () => {
  const world = await openWorld();
  const texts = Array.from({ length: 7 }, (_, n) => String(n).repeat(LONG));
  const id = await importLong(world, [...texts, "short", "x".repeat(2 * LONG)]);
  expect(await asked(world, id)).toEqual({
    history: [...texts, "short", "x".repeat(2 * LONG), "And now?"],
    olderCount: 0,
  });
});

test("[SAFE-2] a history ends before ten million characters, and what is older is counted", async () => {
  const world = await openWorld();
  const id = await importLong(world, Array<string>(30).fill("x".repeat(LONG)));
  const { history, olderCount } = await asked(world, id);
  expect([history.length, olderCount]).toEqual([25, 6]);
});

test("[SAFE-2] a history has the newest thousand messages, and what is older is counted", async () => {
  const world = await openWorld();
  const id = await importLong(
    world,
    Array.from({ length: 1200 }, (_, n) => `message ${n}`),
  );
  const { history, olderCount } = await asked(world, id);
  expect([history.length, history[0], history.at(-1), olderCount]).toEqual([1000, "message 201", "And now?", 201]);
});

test("[MSG-3] the last of very many replies to one question is asked again, and the others stay", async () => {
  const world = await openWorld();
  const { engine, accountId, conversationId } = world;
  must(await engine.append(accountId, conversationId, { role: "user", content: "How?" }));
  for (let n = 1; n <= 60; n++) {
    must(await engine.append(accountId, conversationId, { role: "assistant", content: `answer ${n}` }));
  }
  const turn = must(await world.tryBegin(null, { replaceFromSeq: 61 }));
  if (turn.kind !== "started") throw new Error("The turn was joined");
  expect(turn.history.map(({ content }) => content)).toEqual(["How?"]);
  expect((await world.messages()).at(-1)?.content).toBe("answer 59");
  await world.check();
});
