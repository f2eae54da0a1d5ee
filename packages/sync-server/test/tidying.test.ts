/** What commits leave to do is done by slices: erased conversations are gone for everybody at once, and from the file soon after. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { checkEverything } from "../src/checker.ts";
import { openInlineSqliteStorage, openSqliteStorage } from "../src/storage/sqlite/index.ts";
import type { Storage } from "../src/storage/storage.ts";
import { temporaryFile, uuid } from "./turn-world.ts";

const NOW = 1_767_268_800_000_000 as Micros;
const LATER = (NOW + 1_000_000) as Micros;
const accountId = "ann" as AccountId;
const id = "long" as ConversationId;
const MESSAGES = 1000;

test("a long conversation that is erased is gone at once, and its messages are by slices", async () => {
  const path = await temporaryFile();
  const storage = openInlineSqliteStorage({ path, isDurable: false });
  onTestFinished(() => storage.close());
  await importLong(storage);
  await storage.lookAround();
  expect(rowsLeft(path)).toEqual({ messages: MESSAGES, texts: MESSAGES });
  expect(await erase(storage)).toMatchObject({ erased: id });
  expect(await storage.read((snapshot) => snapshot.conversation(accountId, id))).toBeNull();
  expect(await found(storage, "lighthouse")).toBe(0);
  expect(rowsLeft(path).messages).toBeGreaterThan(MESSAGES / 2);
  expect(await storage.read(checkEverything)).toEqual([]);
  await storage.lookAround();
  expect(rowsLeft(path)).toEqual({ messages: 0, texts: 0 });
  expect(await storage.read(checkEverything)).toEqual([]);
});

test("an erasing that a stop cut short goes on at the next start", async () => {
  const path = await temporaryFile();
  const first = openInlineSqliteStorage({ path, isDurable: false });
  await importLong(first);
  await erase(first);
  await first.close();
  expect(rowsLeft(path).messages).toBeGreaterThan(0);
  const second = await openSqliteStorage({ path, isDurable: false });
  onTestFinished(() => second.close());
  await expect.poll(() => rowsLeft(path), { timeout: 10_000 }).toEqual({ messages: 0, texts: 0 });
});

test("[MSG-1] an id that is given again has nothing of what it named before", async () => {
  const path = await temporaryFile();
  const storage = openInlineSqliteStorage({ path, isDurable: false });
  onTestFinished(() => storage.close());
  await importLong(storage);
  await erase(storage);
  await storage.transact("sweep", { now: LATER, horizon: LATER, limit: 10, after: null });
  const again = { accountId, now: LATER, id, title: null, model: null };
  expect(await storage.transact("createConversation", again)).toMatchObject({ created: true });
  expect(rowsLeft(path).messages).toBe(0);
  await storage.lookAround();
  expect(await storage.read((snapshot) => snapshot.conversation(accountId, id))).toMatchObject({ messageCount: 0 });
  expect(await storage.read(checkEverything)).toEqual([]);
});

test("what the trash has kept long enough goes by slices too", async () => {
  const path = await temporaryFile();
  const storage = openInlineSqliteStorage({ path, isDurable: false });
  onTestFinished(() => storage.close());
  await importLong(storage);
  await storage.transact("trashConversation", { accountId, now: NOW, id, keepFor: 1 });
  const swept = await storage.transact("sweep", { now: LATER, horizon: NOW, limit: 10, after: null });
  expect(swept).toEqual({ isDone: false, after: null });
  expect(await storage.read((snapshot) => snapshot.conversation(accountId, id))).toBeNull();
  expect(rowsLeft(path).messages).toBeGreaterThan(MESSAGES / 2);
  await storage.lookAround();
  expect(rowsLeft(path)).toEqual({ messages: 0, texts: 0 });
});

test("an index that takes nothing in is told once, keeps nobody from writing, and is taken up again by the next start", async () => {
  const path = await temporaryFile();
  const before = openInlineSqliteStorage({ path, isDurable: false });
  await importLong(before);
  await before.close();
  expect(rowsLeft(path).texts).toBeLessThan(MESSAGES);
  change(path, "CREATE TRIGGER no BEFORE UPDATE ON search_state BEGIN SELECT RAISE(ABORT, 'no'); END");
  const trouble = Promise.withResolvers<Error>();
  const storage = await openSqliteStorage({ path, isDurable: false, onTrouble: trouble.resolve });
  onTestFinished(() => storage.close());
  expect(await trouble.promise).toMatchObject({ code: "SEARCH_INDEX_DAMAGED" });
  await storage.transact("createConversation", {
    accountId,
    now: NOW,
    id: uuid() as ConversationId,
    title: "New",
    model: null,
  });
  await storage.close();
  change(path, "DROP TRIGGER no");
  const next = await openSqliteStorage({ path, isDurable: false });
  onTestFinished(() => next.close());
  await expect.poll(() => rowsLeft(path).texts, { timeout: 10_000 }).toBe(MESSAGES);
});

async function importLong(storage: Storage): Promise<void> {
  await storage.transact("ensureAccount", { id: accountId, email: null, name: "Ann", unreadScope: "device", now: NOW });
  const message = { role: "user", content: "a lighthouse", status: "complete", createdAt: NOW } as const;
  const messages = Array.from({ length: MESSAGES }, (_, n) => ({ ...message, id: `m${n}` }));
  const rest = { title: "Long", model: null, pinned: false, archived: false, createdAt: NOW, updatedAt: NOW };
  await storage.transact("importConversations", {
    accountId,
    now: NOW,
    keepFor: 1,
    conversations: [{ ...rest, id, messages }],
  });
}

function erase(storage: Storage) {
  return storage.transact("eraseConversation", { accountId, now: NOW, id });
}

async function found(storage: Storage, word: string): Promise<number> {
  const page = { terms: [{ text: word, isPrefix: true }], after: null, limit: 10 };
  return (await storage.read((snapshot) => snapshot.search(accountId, page))).length;
}

function change(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

/** What the file itself has, whatever the engine shows. */
function rowsLeft(path: string): { readonly messages: number; readonly texts: number } {
  const db = new Database(path, { readonly: true });
  const count = (table: string) => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const left = { messages: count("message"), texts: count("message_text_docsize") };
  db.close();
  return left;
}
