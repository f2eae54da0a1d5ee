/** Replies whose journal is far longer than anybody should hold in memory at once [TURN-12, SAFE-2]. */
import type { ReplyId, TurnEvent } from "@instep/protocol";
import { expect, test } from "vitest";
import { MAX_SAID_LENGTH } from "../src/replies/journal-reading.ts";
import { collect, must, openWorld, type TurnWorld } from "./turn-world.ts";

const CHUNK = "a word ".repeat(1500);

/** A reply that another process generates, whose journal has so many chunks of ten thousand characters, the last one different. */
async function journalled(
  world: TurnWorld,
  chunks: number,
): Promise<{ readonly replyId: ReplyId; readonly end: () => Promise<void> }> {
  const owner = world.mortalProcess();
  const { replyId } = must(await world.tryBegin("Hello", {}, owner.replies));
  const { accountId, storage } = world;
  const ownerId = (await storage.read((snapshot) => snapshot.turn({ accountId, replyId })))?.ownerId;
  if (ownerId === undefined) throw new Error("The turn has gone");
  for (let n = 0; n < chunks; n += 1) {
    const id = 2 + n;
    const events = JSON.stringify([n === chunks - 1 ? "the end" : CHUNK]);
    const chunk = { firstEventId: id, lastEventId: id, events };
    await storage.transact("appendJournal", { ownerId, appended: [{ accountId, replyId, chunk }] });
  }
  return {
    replyId,
    end: async () => {
      const ending = { kind: "complete" } as const;
      await storage.transact("finishReply", {
        accountId,
        replyId,
        ownerId,
        now: world.environment.now(),
        chunk: null,
        ending,
      });
    },
  };
}

const textOf = (events: readonly TurnEvent[]): string =>
  events.map((event) => (event.event === "token" ? event.data.text : "")).join("");

test("[TURN-12] a journal is read by pieces of a bounded length, each going on where the one before ended", async () => {
  const world = await openWorld();
  const { replyId } = await journalled(world, 40);
  const key = { accountId: world.accountId, replyId };
  const lengths: number[] = [];
  let after = 0;
  for (;;) {
    const piece = await world.storage.read((snapshot) => snapshot.journalPiece(key, after));
    if (piece.length === 0) break;
    expect(piece[0]?.firstEventId).toBe(after + 1);
    lengths.push(piece.reduce((sum, { events }) => sum + events.length, 0));
    after = piece.at(-1)?.lastEventId ?? 0;
  }
  expect(after).toBe(41);
  expect(lengths.length).toBeGreaterThan(4);
  expect(Math.max(...lengths)).toBeLessThan(65_536 + CHUNK.length + 10);
  expect(await world.storage.read((snapshot) => snapshot.journalEnd(key))).toBe(41);
  await world.close();
});

test("[TURN-4] a long ended reply is shown from any event, whole and once, and its end is one for all its readers", async () => {
  const world = await openWorld();
  const { replyId, end } = await journalled(world, 40);
  await end();
  const whole = await world.events(replyId);
  expect(whole.map(({ id }) => id)).toEqual(Array.from({ length: 42 }, (_, n) => n + 1));
  expect(textOf(whole)).toBe(`${CHUNK.repeat(39)}the end`);
  for (const after of [1, 20, 40, 41, 42, 99]) {
    const events = await world.events(replyId, after);
    expect(events).toEqual(whole.slice(Math.min(after, 41)));
    expect(events.at(-1), "the very same object").toBe(whole.at(-1));
  }
  await world.close();
});

test("[TURN-12] a silent reader of a long reply holds a piece of it, not the reply", async () => {
  const world = await openWorld();
  const { replyId, end } = await journalled(world, 40);
  await end();
  let read = 0;
  const { storage } = world;
  const readAll = storage.read.bind(storage);
  storage.read = (query) =>
    readAll((snapshot) =>
      query(
        new Proxy(snapshot, {
          get: (target, name) => (name === "journalPiece" ? counted(target) : Reflect.get(target, name)),
        }),
      ),
    );
  const counted =
    (snapshot: Parameters<Parameters<typeof readAll>[0]>[0]) =>
    (...asked: Parameters<typeof snapshot.journalPiece>) => {
      read += 1;
      return snapshot.journalPiece(...asked);
    };
  const view = must(await world.view(replyId))[Symbol.asyncIterator]();
  await view.next();
  await view.next();
  expect(read, "for the check that it is there, and for the first events").toBe(2);
  await view.return?.(undefined);
  await world.close();
});

test("[TURN-12] a journal of whatever length is closed, with as much of its text as a message may have", async () => {
  const world = await openWorld();
  const chunks = Math.ceil(MAX_SAID_LENGTH / CHUNK.length) + 30;
  const { replyId, end } = await journalled(world, chunks);
  await end();
  const last = (await collect(must(await world.view(replyId, chunks + 1)))).at(-1);
  if (last?.event !== "done") throw new Error("It did not end well");
  expect(last.data.message.content).toHaveLength(MAX_SAID_LENGTH);
  expect(last.data.message.content.startsWith(CHUNK)).toBe(true);
  await world.check();
  await world.close();
}, 60_000);
