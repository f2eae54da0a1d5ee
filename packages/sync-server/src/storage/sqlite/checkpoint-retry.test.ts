/** A checkpoint that fails is tried again: the writer's thread alone, with the test in the checkpoints' thread's place. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import { expect, onTestFinished, test } from "vitest";
import { checkpointLog } from "./connection.ts";
import { exitOf, startThread } from "./start-thread.ts";
import type { FromWriter, ToWriter } from "./thread-messages.ts";

const NOW = 1_767_268_800_000_000 as Micros;
const accountId = "ann" as AccountId;
/** Failed checkpoints are not tried at once. */
const PATIENCE_MS = 700;
const CHECKPOINT_PAGES = 20;

interface LoneWriter {
  readonly path: string;
  readonly heard: readonly FromWriter[];
  readonly tell: (message: ToWriter) => void;
  /** How often a checkpoint was asked for. */
  readonly asked: () => number;
}

async function startWriter(): Promise<LoneWriter> {
  const folder = await mkdtemp(join(tmpdir(), "instep-checkpoint-"));
  const path = join(folder, "instep.db");
  const writer: Worker = startThread("writer-thread", { path, isDurable: false, checkpointPages: CHECKPOINT_PAGES });
  const heard: FromWriter[] = [];
  writer.on("message", (message: FromWriter) => heard.push(message));
  const tell = (message: ToWriter): void => writer.postMessage(message);
  onTestFinished(async () => {
    tell({ kind: "close" });
    await exitOf(writer);
    await rm(folder, { recursive: true, force: true });
  });
  return { path, heard, tell, asked: () => heard.filter(({ kind }) => kind === "checkpoint-due").length };
}

function fillLog({ tell }: LoneWriter, name: string): void {
  const input = { accountId, now: NOW, id: name as ConversationId, title: "x".repeat(200_000), model: null };
  const account = { id: accountId, email: null, name: "Ann", unreadScope: "device", now: NOW } as const;
  tell({ kind: "run", commands: [{ id: 1, name: "ensureAccount", input: account }] });
  tell({ kind: "run", commands: [{ id: 2, name: "createConversation", input }] });
}

test("[SAFE-3] a checkpoint that failed is asked for again after a pause, and again until one succeeds", async () => {
  const writer = await startWriter();
  fillLog(writer, "long");
  await expect.poll(writer.asked, { timeout: 15_000 }).toBe(1);
  for (const failures of [1, 2]) {
    const failedAt = performance.now();
    writer.tell({ kind: "checkpoint-failed" });
    await expect.poll(writer.asked, { timeout: 15_000, interval: 10 }).toBe(failures + 1);
    expect(performance.now() - failedAt).toBeGreaterThan(PATIENCE_MS);
  }
  // One that nobody has answered yet is not asked for a second time.
  await new Promise((done) => setTimeout(done, 2500));
  expect(writer.asked()).toBe(3);
  checkpointLog({ path: writer.path, isDurable: false });
  writer.tell({ kind: "finish-checkpoint" });
  await new Promise((done) => setTimeout(done, 2500));
  expect(writer.asked(), "what is moved needs no other checkpoint").toBe(3);
  fillLog(writer, "as long");
  await expect.poll(writer.asked, { timeout: 15_000 }).toBe(4);
  expect(writer.heard.filter(({ kind }) => kind === "trouble" || kind === "health")).toEqual([]);
});
