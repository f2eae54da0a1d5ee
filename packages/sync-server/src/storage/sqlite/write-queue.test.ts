/** What waits to be written, and what is done between two transactions: nothing is lost or silent, whatever one of them does. */
import { expect, test } from "vitest";
import type { BatchAnswer, Command } from "./command.ts";
import { WriteQueue } from "./write-queue.ts";
import type { SqliteWriter } from "./writer.ts";

const commandsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: first + n }) as Command);

function openQueue() {
  const batches: number[][] = [];
  const troubles: string[] = [];
  const writer = {
    async run(commands: readonly Command[]): Promise<BatchAnswer> {
      batches.push(commands.map(({ id }) => id));
      return { answers: [], clocks: new Map(), epoch: "one" };
    },
  } as unknown as SqliteWriter;
  const onTrouble = (error: Error) => troubles.push(error.message);
  return { queue: new WriteQueue({ writer, onBatch: () => undefined, onTrouble }), batches, troubles };
}

test("what comes while nothing runs is one transaction, and none has more than 256 commands", async () => {
  const { queue, batches } = openQueue();
  queue.push(commandsFrom(1, 2));
  queue.push(commandsFrom(3, 600));
  await queue.whenIdle();
  expect(batches.map(({ length }) => length)).toEqual([256, 256, 90]);
  expect(batches.flat()).toEqual(Array.from({ length: 602 }, (_, n) => n + 1));
});

test("a job between two transactions that fails is told, and the next one and every command are done as ever", async () => {
  const { queue, batches, troubles } = openQueue();
  const done: string[] = [];
  for (const what of [new Error("the disk is full"), "words"]) {
    queue.runBetween(() => {
      throw what;
    });
  }
  queue.runBetween(() => done.push("tidied"));
  queue.push(commandsFrom(1, 1));
  await queue.whenIdle();
  expect(troubles).toEqual(["the disk is full", "words"]);
  expect(done).toEqual(["tidied"]);
  expect(batches).toEqual([[1]]);
  queue.push(commandsFrom(2, 1));
  await queue.whenIdle();
  expect(batches).toEqual([[1], [2]]);
});
