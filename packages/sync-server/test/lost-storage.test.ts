/** A storage whose writer's thread has died says so, and nothing waits for it; the thread really ends. */
import type { Worker } from "node:worker_threads";
import type { AccountId, Micros } from "@instep/protocol";
import { expect, onTestFinished, test } from "vitest";
import { openSqliteStorage, type SqliteOptions } from "../src/storage/sqlite/index.ts";
import type { Storage } from "../src/storage/storage.ts";
import { temporaryFile, TurnWorld } from "./turn-world.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

const NOW = 1_767_268_800_000_000 as Micros;

test("a storage whose writer's thread has died says so once, and fails its writes instead of hanging", async () => {
  const { storage, losses, loseWriter } = await openMortalStorage();
  await addAccount(storage);
  expect(storage.failure).toBeNull();
  await loseWriter();
  await expect(addAccount(storage)).rejects.toMatchObject({ code: "STORAGE_LOST" });
  expect(storage.failure).toMatchObject({ code: "STORAGE_LOST" });
  await storage.close();
  expect(losses).toHaveLength(1);
});

test("what a storage was writing when its writer's thread died fails too, instead of hanging", async () => {
  const { storage, loseWriter } = await openMortalStorage();
  const ends = Promise.allSettled([addAccount(storage), addAccount(storage)]);
  await loseWriter();
  const lost = { status: "rejected", reason: expect.objectContaining({ code: "STORAGE_LOST" }) };
  expect(await ends).toEqual([lost, lost]);
});

test("[SAFE-3] a storage whose checkpoints' thread has failed says so once, since nothing would shorten its log any more", async () => {
  const { storage, losses, threads } = await openMortalStorage({ checkpointPages: 1 });
  await addAccount(storage);
  await expect.poll(() => threads.length, { timeout: 15_000 }).toBe(2);
  threads[1]?.emit("error", new Error("out of memory"));
  expect(losses).toMatchObject([{ code: "STORAGE_LOST" }]);
  expect(storage.failure).toMatchObject({ code: "STORAGE_LOST" });
});

test("a storage that was closed is not lost", async () => {
  const { storage, losses } = await openMortalStorage();
  await storage.close();
  expect(losses).toEqual([]);
});

test("without its writer an engine isn't ready, and a reply's end rejects instead of being tried for ever", async () => {
  const { storage, loseWriter } = await openMortalStorage();
  const world = new TurnWorld(storage, new VirtualEnvironment());
  onTestFinished(() => world.close());
  await world.prepare();
  const writer = world.writer(await world.begin());
  expect(await world.engine.isReady()).toBe(true);
  await loseWriter();
  expect(await world.engine.isReady()).toBe(false);
  await expect(writer.end({ kind: "complete" })).rejects.toMatchObject({ code: "STORAGE_LOST" });
});

/** A storage, the losses that it tells, and a way to end its writer's thread. */
async function openMortalStorage(options: Pick<SqliteOptions, "checkpointPages"> = {}) {
  const threads: Worker[] = [];
  const onThread = (thread: Worker) => void threads.push(thread);
  process.on("worker", onThread);
  const losses: Error[] = [];
  const storage = await openSqliteStorage({
    ...options,
    path: await temporaryFile(),
    onLost: (error) => losses.push(error),
  });
  onTestFinished(async () => {
    await storage.close();
    process.off("worker", onThread);
  });
  return { storage, losses, threads, loseWriter: async () => threads[0]?.terminate() };
}

async function addAccount(storage: Storage): Promise<void> {
  const account = { id: "ann" as AccountId, email: null, name: "Ann", unreadScope: "device" as const, now: NOW };
  await storage.transact("ensureAccount", account);
}
