/** Who hears of a reply's end: the process that ended it, once it is durable, and nobody twice. */
import { expect, test } from "vitest";
import type { ReplyEnding } from "../src/engine.ts";
import { must, openWorld } from "./turn-world.ts";

const ENDINGS: readonly ReplyEnding[] = [
  { kind: "complete" },
  { kind: "stopped" },
  { kind: "failed", error: { code: "model_failed", detail: "No." }, retryable: true },
];

test.each(ENDINGS)(
  "[PUSH-1] a reply that is $kind is told once, with its conversation's title, however often it is ended",
  async (ending) => {
    const world = await openWorld();
    const turn = await world.begin("Hello quince");
    const writer = world.writer(turn);
    await Promise.all([writer.end(ending), writer.end({ kind: "complete" }), world.stop(turn.replyId)]);
    const { accountId, conversationId } = world;
    const { title } = must(await world.engine.open(accountId, conversationId, 1));
    expect(title).not.toBe("");
    expect(world.told).toEqual([{ accountId, conversationId, replyId: turn.replyId, kind: ending.kind, title }]);
  },
);

test("[PUSH-1] a reply that waits for a database that is away is told when its end is durable", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  world.database.isAway = true;
  const ended = world.writer(turn).end({ kind: "complete" });
  await world.environment.advance(5000);
  expect(world.told).toEqual([]);
  world.database.isAway = false;
  await world.environment.advance(5000);
  await ended;
  expect(world.told.map(({ kind }) => kind)).toEqual(["complete"]);
});

test("[PUSH-1] [TURN-8] a reply that goes with its conversation is told to nobody", async () => {
  const world = await openWorld();
  const turn = await world.begin("Hello");
  must(await world.engine.trash(world.accountId, world.conversationId));
  await world.writer(turn).end({ kind: "complete" });
  expect(world.told).toEqual([]);
});

test("[PUSH-1] an end whose answer is lost on its way from the database is told at most once", async () => {
  const world = await openWorld();
  const process = world.mortalProcess();
  const turn = must(await world.tryBegin("Hello", {}, process.replies));
  let lost = 0;
  process.losing = (name) => name === "finishReply" && (lost += 1) === 1;
  const ended = world.writer(turn, process.replies).end({ kind: "complete" });
  await world.environment.advance(5000);
  await ended;
  expect([lost > 0, world.told.length <= 1]).toEqual([true, true]);
  await process.replies.close();
});
