/** The storage's contract on SQLite, with its writer in this thread and in another; and what only SQLite has. */
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AccountId, ConversationId, MessageId } from "@instep/protocol";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkEverything } from "../../checker.ts";
import { describePresets } from "../../../test/storage/preset-contract.ts";
import { describeStorage } from "../../../test/storage/storage-contract.ts";
import { NOW } from "../../../test/storage/subject.ts";
import { describeTurns } from "../../../test/storage/turn-contract.ts";
import type { Storage } from "../storage.ts";
import { openWriter } from "./connection.ts";
import { openInlineSqliteStorage, openSqliteStorage } from "./index.ts";
import { SqliteWriter } from "./writer.ts";

const accountId = "ann" as AccountId;

describe("with its writer inline", () => {
  const open = async () => openInlineSqliteStorage({ path: await temporaryFile(), isDurable: false });
  describe("as a storage", () => describeStorage(open));
  describe("with turns", () => describeTurns(open));
  describe("with presets", () => describePresets(open));
});

describe("with its writer in a thread", () => {
  const open = async () => openSqliteStorage({ path: await temporaryFile() });
  describe("as a storage", () => describeStorage(open));
  describe("with turns", () => describeTurns(open));
  describe("with presets", () => describePresets(open));
});

test("[CLOCK-2] a commit is durable: synchronous is FULL, and the journal a write-ahead log", async () => {
  const db = openWriter({ path: await temporaryFile(), isDurable: true, checkpointPages: 0 });
  expect(db.pragma("synchronous", { simple: true })).toBe(2);
  expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
  db.close();
});

test("a database opens again with what was written, and its epoch", async () => {
  const path = await temporaryFile();
  const first = await openSqliteStorage({ path });
  await addAccount(first);
  const { epoch } = first;
  await first.close();
  const second = await openSqliteStorage({ path });
  onTestFinished(() => second.close());
  expect(second.epoch).toBe(epoch);
  expect(await second.read((snapshot) => snapshot.account(accountId))).toMatchObject({ name: "Ann" });
});

test.each([
  ["a thread, and its seal", async (path: string) => openSqliteStorage({ path }), ["instep.db", "instep.db-seal"]],
  ["this thread", async (path: string) => openInlineSqliteStorage({ path }), ["instep.db"]],
] as const)(
  "a close waits for reads and leaves the database as one file: with its writer in %s",
  async (_where, open, files) => {
    const path = await temporaryFile();
    const storage = await open(path);
    await addAccount(storage);
    const reading = storage.read(async (snapshot) => {
      const account = await snapshot.account(accountId);
      await new Promise((resolve) => setImmediate(resolve));
      return account?.clock === (await snapshot.account(accountId))?.clock;
    });
    await storage.close();
    expect(await reading).toBe(true);
    expect((await readdir(dirname(path))).sort()).toEqual(files);
  },
);

test("a write that SQLite refuses keeps its code on the way from the thread", async () => {
  const path = await temporaryFile();
  const storage = await openSqliteStorage({ path });
  const strange = new Database(path);
  strange.exec("CREATE TRIGGER no BEFORE INSERT ON account BEGIN SELECT RAISE(ABORT, 'no'); END");
  strange.close();
  await expect(addAccount(storage)).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_TRIGGER", message: "no" });
  await storage.close();
  await expect(addAccount(storage)).rejects.toMatchObject({ code: "STORAGE_CLOSED" });
  await expect(storage.read((snapshot) => snapshot.account(accountId))).rejects.toMatchObject({
    code: "STORAGE_CLOSED",
  });
});

test("a file that a newer program wrote isn't opened", async () => {
  const path = await temporaryFile();
  const db = openWriter({ path, isDurable: false, checkpointPages: 0 });
  db.pragma("user_version = 999");
  db.close();
  await expect(openSqliteStorage({ path })).rejects.toThrow(/schema 999/);
});

test("a file that is no database isn't opened, and says so", async () => {
  const path = await temporaryFile();
  await writeFile(path, "this is a letter to my aunt, not a database ".repeat(100));
  await expect(openSqliteStorage({ path })).rejects.toThrow(/not a database/);
});

test("another process's commit is told within a second or two", async () => {
  const path = await temporaryFile();
  const [storage, elsewhere] = [await openSqliteStorage({ path }), openInlineSqliteStorage({ path })];
  onTestFinished(async () => {
    await storage.close();
    await elsewhere.close();
  });
  const told = new Promise((resolve) => storage.onCommit(resolve));
  await addAccount(elsewhere);
  expect(await told).toEqual({ kind: "unknown" });
});

test("many writers share commits, and the log is moved into the database while they write", async () => {
  const path = await temporaryFile();
  const storage = await openSqliteStorage({ path, isDurable: false });
  onTestFinished(() => storage.close());
  await addAccount(storage);
  const id = "c" as ConversationId;
  await storage.transact("createConversation", { accountId, now: NOW, id, title: null, model: null });
  let commits = 0;
  storage.onCommit(() => (commits += 1));
  const content = "a message of some length, ".repeat(2000);
  const append = (n: number) =>
    storage.transact("append", { accountId, now: NOW, conversationId: id, draft: draft(n, content) });
  for (let round = 0; round < 16; round += 1) {
    await Promise.all(Array.from({ length: 64 }, (_, n) => append(round * 64 + n)));
  }
  expect(commits).toBeLessThan(256);
  expect(await storage.read(checkEverything)).toEqual([]);
  await expect.poll(async () => (await stat(path)).size / 4096).toBeGreaterThan(4000);
});

test("[CLOCK-2] a writer has the file before it reads: nobody else commits between that and its write", async () => {
  const path = await temporaryFile();
  const elsewhere = openInlineSqliteStorage({ path });
  await addAccount(elsewhere);
  await elsewhere.close();
  const other = new Database(path, { timeout: 0 });
  const refusals: unknown[] = [];
  const tryToWrite = (sql: string): void => {
    if (!/^select/i.test(sql)) return;
    try {
      other.exec("UPDATE account SET name = 'Bea'");
      refusals.push("none");
    } catch (error) {
      refusals.push((error as { code?: unknown }).code);
    }
  };
  let onStatement: ((sql: string) => void) | null = null;
  const options = { path, isDurable: false, checkpointPages: 0, onStatement: (sql: string) => onStatement?.(sql) };
  const writer = new SqliteWriter(options);
  onTestFinished(() => {
    writer.close();
    other.close();
  });
  onStatement = tryToWrite;
  const input = { accountId, now: NOW, id: "c" as ConversationId, title: null, model: null };
  const { answers } = await writer.run([{ id: 1, name: "createConversation", input }]);
  onStatement = null;
  expect(answers).toMatchObject([{ isDone: true }]);
  expect(new Set(refusals)).toEqual(new Set(["SQLITE_BUSY"]));
  expect(() => other.exec("UPDATE account SET name = 'Bea'")).not.toThrow();
});

test("[CLOCK-2] two processes that write one file at once take turns, and neither is refused", async () => {
  const path = await temporaryFile();
  const storages = [await openSqliteStorage({ path }), await openSqliteStorage({ path })] as const;
  onTestFinished(async () => {
    for (const storage of storages) await storage.close();
  });
  await addAccount(storages[0]);
  const id = "c" as ConversationId;
  await storages[0].transact("createConversation", { accountId, now: NOW, id, title: null, model: null });
  const write = async (storage: Storage, first: number): Promise<void> => {
    for (let n = first; n < first + 100; n += 1) {
      await storage.transact("append", { accountId, now: NOW, conversationId: id, draft: draft(n, "one of many") });
    }
  };
  await Promise.all(storages.map((storage, index) => write(storage, index * 100)));
  const conversation = await storages[1].read((snapshot) => snapshot.conversation(accountId, id));
  expect(conversation).toMatchObject({ lastSeq: 200 });
  expect(await storages[1].read(checkEverything)).toEqual([]);
});

test("a write that the database can't take any more fails instead of hanging", async () => {
  const path = await temporaryFile();
  const storage = await openSqliteStorage({ path });
  await addAccount(storage);
  const blocker = new Database(path);
  blocker.exec("DROP TABLE meta");
  blocker.close();
  const id = "c" as ConversationId;
  const lost = storage.transact("createConversation", { accountId, now: NOW, id, title: null, model: null });
  await expect(lost).rejects.toThrow();
  await storage.close();
});

async function addAccount(storage: Storage): Promise<void> {
  await storage.transact("ensureAccount", { id: accountId, email: null, name: "Ann", unreadScope: "device", now: NOW });
}

function draft(n: number, content: string) {
  const rest = { status: "complete", stopReason: null, error: null, model: null, clientMessageId: null } as const;
  return { id: `m${n}` as MessageId, role: "user", content, ...rest } as const;
}

async function temporaryFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "instep-storage-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "instep.db");
}
