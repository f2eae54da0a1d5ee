/** The search in a thread of its own: the same answers, and nobody waits for it but other searches, which are few. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import Database from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import { isRefusal } from "../../refusal.ts";
import type { Storage } from "../storage.ts";
import { openInlineSqliteStorage, openSqliteStorage } from "./index.ts";

const NOW = 1_767_268_800_000_000 as Micros;
const accountId = "ann" as AccountId;
const MESSAGES = 40;

test("the thread finds what is committed, as the same search among the reads does", async () => {
  const { path, storage } = await storageWithHay();
  const inline = openInlineSqliteStorage({ path });
  onTestFinished(() => inline.close());
  for (const question of [ask("needle"), ask("needle", 3), ask("absent"), { ...ask("needle"), cursor: "x" }]) {
    expect(await storage.search(question)).toEqual(await inline.search(question));
  }
  expect(await storage.search(ask("needle", 100))).toMatchObject({ results: { length: MESSAGES } });
});

test("[SAFE-2] a read that is asked after a search doesn't wait for it", async () => {
  const { storage } = await storageWithHay();
  const order: string[] = [];
  const searching = storage.search(ask("needle")).then(() => order.push("search"));
  await storage.read((snapshot) => snapshot.account(accountId)).then(() => order.push("read"));
  await searching;
  expect(order).toEqual(["read", "search"]);
});

test("[SAFE-2] few searches wait at once; what is refused can be asked again", async () => {
  const { storage } = await storageWithHay();
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => storage.search(ask("needle"))));
  expect(outcomes.map(isRefusal)).toEqual(Array.from({ length: 40 }, (_, n) => n >= 33));
  expect(outcomes.at(-1)).toMatchObject({ refused: "unavailable" });
  expect(isRefusal(await storage.search(ask("needle")))).toBe(false);
});

test("[SAFE-2] a search that takes too long is refused, waiting or running, and the next one is answered", async () => {
  const { storage } = await storageWithHay();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const searches = [storage.search(ask("needle")), storage.search(ask("needle"))];
  vi.advanceTimersByTime(10_000);
  for (const outcome of await Promise.all(searches)) expect(outcome).toMatchObject({ refused: "unavailable" });
  expect(isRefusal(await storage.search(ask("needle")))).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("a close ends the search that runs, refuses those that wait, and leaves one file; then none is taken", async () => {
  const { path, storage } = await storageWithHay();
  const searches = [storage.search(ask("needle")), storage.search(ask("needle"))];
  await storage.close();
  expect((await Promise.all(searches)).map(isRefusal)).toEqual([false, true]);
  expect(await readdir(dirname(path))).toEqual(["instep.db", "instep.db-seal"]);
  await expect(storage.search(ask("needle"))).rejects.toMatchObject({ code: "STORAGE_CLOSED" });
});

test("an index that fails in the thread fails that search, and its code comes along", async () => {
  const { path, storage } = await storageWithHay();
  const db = new Database(path);
  db.exec("DROP TABLE message_text");
  db.close();
  await expect(storage.search(ask("needle"))).rejects.toMatchObject({ code: "SQLITE_ERROR" });
  await expect(storage.search(ask("needle"))).rejects.toMatchObject({ code: "SQLITE_ERROR" });
  expect(await storage.read((snapshot) => snapshot.account(accountId))).toMatchObject({ name: "Ann" });
});

test("a thread that died takes nothing with it: the next search has a new one, and a close doesn't wait for the old one", async () => {
  const threads: Worker[] = [];
  const onThread = (thread: Worker) => void threads.push(thread);
  const { storage } = await storageWithHay();
  process.on("worker", onThread);
  onTestFinished(() => void process.off("worker", onThread));
  for (let round = 0; round < 3; round += 1) {
    expect(await storage.search(ask("needle", 100))).toMatchObject({ results: { length: MESSAGES } });
    expect(threads).toHaveLength(round + 1);
    await threads[round]?.terminate();
  }
  await storage.close();
});

function ask(query: string, limit = 20) {
  return { accountId, query, limit, cursor: null };
}

async function storageWithHay(): Promise<{ readonly path: string; readonly storage: Storage }> {
  const folder = await mkdtemp(join(tmpdir(), "instep-search-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "instep.db");
  const storage = await openSqliteStorage({ path, isDurable: false });
  onTestFinished(() => storage.close());
  await storage.transact("ensureAccount", { id: accountId, email: null, name: "Ann", unreadScope: "device", now: NOW });
  const message = { role: "user", content: "a needle in the hay", status: "complete", createdAt: NOW } as const;
  const messages = Array.from({ length: MESSAGES }, (_, n) => ({ ...message, id: `m${n}` }));
  const rest = { title: "Hay", model: null, pinned: false, archived: false, createdAt: NOW, updatedAt: NOW };
  const conversation = { ...rest, id: "c" as ConversationId, messages };
  await storage.transact("importConversations", { accountId, now: NOW, keepFor: 1, conversations: [conversation] });
  return { path, storage };
}
