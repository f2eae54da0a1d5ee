/** The text of an export, from an engine whose every answer is there at once, as a read of SQLite is. */
import type { AccountId, Message } from "@instep/protocol";
import type { Engine, StandingConversation } from "@instep/sync-server";
import { expect, onTestFinished, test } from "vitest";
import { exportConversations } from "./export-conversations.ts";
import { exportedPieces } from "./export-pieces.ts";

const PAGES = 5;
const accountId = "one" as AccountId;

/** Says which turn of the event loop it is. */
function countTurns(): () => number {
  let turn = 0;
  let next = setImmediate(function count() {
    turn += 1;
    next = setImmediate(count);
  });
  onTestFinished(() => clearImmediate(next));
  return () => turn;
}

test("[SIGN-9] [SAFE-2] whoever else asks has a turn between two pages of a long conversation, and between two of its versions", async () => {
  const turn = countTurns();
  const turns = { messages: new Set<number>(), versions: new Set<number>() };
  const messagesOf = (seq: number) => [{ seq, content: `message ${seq}` } as Message];
  const engine = {
    async messages(_account: unknown, _id: unknown, { after }: { readonly after: number }) {
      turns.messages.add(turn());
      return { messages: messagesOf(after + 1), message_pagination: { has_newer: after + 1 < PAGES } };
    },
    async allVersions(_account: unknown, _id: unknown, cursor: string | null) {
      turns.versions.add(turn());
      const page = Number(cursor) + 1;
      const versions = [{ version_id: `version ${page}`, messages: messagesOf(page) }];
      return { versions, ...(page < PAGES && { next_cursor: String(page) }) };
    },
  } as unknown as Engine;
  let text = "";
  const detail = { id: "a", title: "Long" } as StandingConversation;
  for await (const piece of exportedPieces({ engine, accountId }, detail)) text += piece;
  expect(JSON.parse(text)).toMatchObject({ messages: { length: PAGES }, versions: { length: PAGES } });
  expect([turns.messages.size, turns.versions.size]).toEqual([PAGES, PAGES]);
});

test("[SIGN-9] [SAFE-2] whoever else asks has a turn between two conversations, however short", async () => {
  const turn = countTurns();
  const turns = new Set<number>();
  const conversations = Array.from({ length: PAGES }, (_, n) => ({ id: `id ${n}`, last_seq: 0, message_count: 0 }));
  const engine = {
    presets: async () => ({ presets: [] }),
    listById: async () => ({ conversations, nextAfterId: null }),
    standing: async (_account: unknown, id: string) => conversations.find((conversation) => conversation.id === id),
    messages: async () => ({ messages: [], message_pagination: {} }),
    async allVersions() {
      turns.add(turn());
      return { versions: [] };
    },
  } as unknown as Engine;
  let text = "";
  const parts = { engine, accountId, exportedAt: "2026-01-01T12:00:00.000Z", onProgress: () => undefined };
  for await (const piece of exportConversations(parts)) text += piece;
  expect(JSON.parse(text)).toMatchObject({ conversations: { length: PAGES } });
  expect(turns.size).toBe(PAGES);
});
