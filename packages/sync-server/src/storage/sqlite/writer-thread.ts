/** The writer's thread: takes whatever has queued up, commits it at once, and answers. Nothing but this thread waits for the disk. */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { unreachable } from "@instep/protocol";
import { StorageError } from "../storage-error.ts";
import { failureOf } from "./command.ts";
import type { FromWriter, ThreadOptions, ToWriter } from "./thread-messages.ts";
import { WriteQueue } from "./write-queue.ts";
import { SqliteWriter } from "./writer.ts";

/** How often another process's commits are looked for, and the log's length. */
const WATCH_MS = 1000;
/** How many commits pass before the log's length is looked at again. */
const COMMITS_PER_LOOK = 32;

/** How long after a commit what it left to do is looked after. */
const TIDY_DELAY_MS = 100;
/** The pause between two slices: commits that wait come first. */
const SLICE_PAUSE_MS = 2;
/** After a slice that failed: the first pause, which doubles up to the longest; nothing else may ever come to try it again. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

const port = parentPort;
if (!port) throw new Error("This file is the writer's thread; it can't run by itself");

const options = workerData as ThreadOptions;
const writer = new SqliteWriter({ ...options, checkpointPages: 0 });
let commits = 0;
let isCheckpointDue = false;
let tidying: NodeJS.Timeout | null = null;
let retryMs = FIRST_RETRY_MS;
let toldTrouble: Error | null = null;
let isDamageTold = false;

const queue = new WriteQueue({
  writer,
  onBatch(batch) {
    tellTrouble();
    answer({ kind: "batch", batch });
    commits += 1;
    if (commits % COMMITS_PER_LOOK === 0) queue.runBetween(lookAtLog);
    scheduleTidying(TIDY_DELAY_MS);
  },
  drain() {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
      perform(next.message as ToWriter);
    }
  },
  onTrouble(error) {
    // What fails besides, while nothing can be written at all, was told by that.
    if (writer.trouble === null) answer({ kind: "trouble", failure: failureOf(error) });
  },
});
const watch = setInterval(() => queue.runBetween(lookAround), WATCH_MS);

port.on("message", (message: ToWriter) => perform(message));
answer({ kind: "ready", epoch: writer.epoch });
scheduleTidying(TIDY_DELAY_MS);

function perform(message: ToWriter): void {
  switch (message.kind) {
    case "run":
      queue.push(message.commands);
      break;
    case "finish-checkpoint":
      queue.runBetween(finishCheckpoint);
      break;
    case "checkpoint-failed":
      // Not at once: the disk needs time, and a log that is full of the same failure helps nobody.
      setTimeout(() => (isCheckpointDue = false), WATCH_MS).unref();
      break;
    case "close":
      void close();
      break;
    default:
      unreachable(message);
  }
}

function lookAround(): void {
  try {
    writer.lookAtFiles();
  } finally {
    tellTrouble();
  }
  tellDamagedIndex();
  if (writer.trouble !== null) return;
  if (writer.hasForeignCommit()) answer({ kind: "foreign", epoch: writer.epoch });
  lookAtLog();
}

/** Once when it begins and once when it is over: the log is no place for the same line every second. */
function tellTrouble(): void {
  const { trouble } = writer;
  if ((trouble === null) === (toldTrouble === null)) return;
  toldTrouble = trouble;
  answer({ kind: "health", failure: trouble && failureOf(trouble) });
}

/** Once: it stays so until the next start. */
function tellDamagedIndex(): void {
  if (isDamageTold || !writer.isIndexGivenUp) return;
  isDamageTold = true;
  const words = "The full-text index is damaged: search lacks what is new until `instep reindex` makes it anew";
  answer({ kind: "trouble", failure: failureOf(new StorageError("SEARCH_INDEX_DAMAGED", words)) });
}

function lookAtLog(): void {
  if (isCheckpointDue || !writer.hasLongLog(options.checkpointPages)) return;
  isCheckpointDue = true;
  answer({ kind: "checkpoint-due" });
}

/** Moves the few pages that came during the long checkpoint, between two commits: only then does the log begin anew. */
function finishCheckpoint(): void {
  isCheckpointDue = false;
  writer.checkpoint();
}

/** What commits left to do, for the full-text index and of erased conversations, is done by slices, between commits. */
function scheduleTidying(delayMs: number): void {
  tidying ??= setTimeout(() => {
    tidying = null;
    queue.runBetween(tidySlice);
  }, delayMs);
}

function tidySlice(): void {
  let nextMs: number | null = retryMs;
  try {
    nextMs = writer.tidy() ? SLICE_PAUSE_MS : null;
    retryMs = FIRST_RETRY_MS;
  } catch (error) {
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
    throw error;
  } finally {
    if (nextMs !== null) scheduleTidying(nextMs);
  }
}

async function close(): Promise<void> {
  clearInterval(watch);
  await queue.whenIdle();
  if (tidying) clearTimeout(tidying);
  writer.close();
  answer({ kind: "closed" });
  port?.close();
}

function answer(message: FromWriter): void {
  port?.postMessage(message);
}
