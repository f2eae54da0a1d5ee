/** How much text the index takes in at once: a slice is bounded by its length as well as by its number of texts. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFile } from "../../../test/turn-world.ts";
import { newConversation } from "../../writes/new-conversation.ts";
import { openWriter } from "./connection.ts";
import { searchIndexing } from "./search-index.ts";
import { searchReads } from "./search-statements.ts";
import { sqliteTransaction } from "./transaction.ts";

const accountId = "ann" as AccountId;
const conversationId = "long" as ConversationId;
const at = 1_767_268_800_000_000 as Micros;
const SLICE = 64;

/** A conversation of messages that the index hasn't taken in yet. */
async function openWith(contents: readonly string[]) {
  const db = openWriter({ path: await temporaryFile(), isDurable: false, checkpointPages: 0 });
  onTestFinished(() => void db.close());
  const tx = sqliteTransaction(db, () => {});
  const given = { id: conversationId, title: "", model: null, pinned: false, archived: false };
  const empty = newConversation({ ...given, createdAt: at, updatedAt: at }, at);
  await tx.insertConversation(accountId, { ...empty, messageCount: contents.length, lastSeq: contents.length });
  const said = { role: "user", status: "complete", stopReason: null, error: null, model: null } as const;
  for (const [index, content] of contents.entries()) {
    const id = `m${index}` as never;
    const row = { ...said, conversationId, id, content, seq: index + 1, createdAt: at, clientMessageId: null };
    await tx.insertMessage(accountId, row);
  }
  const search = searchReads(db);
  const taken = db.prepare<[], number>("SELECT count(*) FROM message_text_docsize").pluck();
  return {
    db,
    takeIn: searchIndexing(db),
    taken: () => taken.get(),
    found: async (text: string, isPrefix = false) => {
      const hits = await search.search(accountId, { terms: [{ text, isPrefix }], after: null, limit: 10 });
      return hits.map(({ seq }) => seq);
    },
  };
}

test("[SAFE-2] a slice of long texts ends at 256,000 characters, and short ones are taken in many at once", async () => {
  const long = "word ".repeat(20_000);
  const { takeIn, taken } = await openWith([long, long, long, long, long, "short", "short", "short"]);
  const slices: unknown[] = [];
  for (let isMore = true; isMore;) {
    isMore = takeIn(SLICE);
    slices.push(taken());
  }
  expect(slices).toEqual([2, 4, 8]);
});

test("[SAFE-2] a text that is longer than a slice is taken in alone, and found by its first million characters only", async () => {
  const words = `quince ${"字".repeat(1_000_000)} medlar`;
  const { takeIn, taken, found } = await openWith(["before", words, "behind"]);
  expect([takeIn(SLICE), taken()]).toEqual([true, 1]);
  expect([takeIn(SLICE), taken()]).toEqual([true, 2]);
  expect([takeIn(SLICE), taken()]).toEqual([false, 3]);
  expect(await found("quince")).toEqual([2]);
  expect(await found("medlar")).toEqual([]);
  expect(await found("behind")).toEqual([3]);
});

test("[SAFE-2] a search for up to three letters reads none of the words that begin with them, of whichever account", async () => {
  const words = Array.from({ length: 20_000 }, (_, n) => `was${n.toString(36)}`).join(" ");
  const { db, takeIn, found } = await openWith([words]);
  takeIn(SLICE);
  db.exec("INSERT INTO message_text (message_text) VALUES ('optimize')");
  // Every page of the words themselves but the last, on which the beginnings begin: who reads one finds the index damaged.
  db.unsafeMode(true);
  const wordPages = db.prepare(`DELETE FROM message_text_data WHERE id IN
    (SELECT (segid << 37) + (pgno >> 1) FROM message_text_idx WHERE substr(term, 1, 2) = x'3077' ORDER BY pgno DESC LIMIT -1 OFFSET 1)`);
  expect(wordPages.run().changes).toBeGreaterThan(10);
  for (const text of ["w", "wa", "was"]) expect(await found(text, true), text).toEqual([1]);
  await expect(found("was5", true)).rejects.toThrow("corruption");
});
