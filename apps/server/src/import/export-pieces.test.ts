/** The text of one exported conversation, from an engine whose every answer is there at once, as a read of SQLite is. */
import type { AccountId, Message } from "@instep/protocol";
import type { Engine, StandingConversation } from "@instep/sync-server";
import { expect, test } from "vitest";
import { exportedPieces } from "./export-pieces.ts";

const PAGES = 5;

test("[SIGN-9] [SAFE-2] whoever else asks has a turn between two pages of a long conversation, and between two of its versions", async () => {
  let turn = 0;
  let next = setImmediate(function count() {
    turn += 1;
    next = setImmediate(count);
  });
  const turns = { messages: new Set<number>(), versions: new Set<number>() };
  const messagesOf = (seq: number) => [{ seq, content: `message ${seq}` } as Message];
  const engine = {
    async messages(_account: unknown, _id: unknown, { after }: { readonly after: number }) {
      turns.messages.add(turn);
      return { messages: messagesOf(after + 1), message_pagination: { has_newer: after + 1 < PAGES } };
    },
    async allVersions(_account: unknown, _id: unknown, cursor: string | null) {
      turns.versions.add(turn);
      const page = Number(cursor) + 1;
      const versions = [{ version_id: `version ${page}`, messages: messagesOf(page) }];
      return { versions, ...(page < PAGES && { next_cursor: String(page) }) };
    },
  } as unknown as Engine;
  let text = "";
  const detail = { id: "a", title: "Long" } as StandingConversation;
  for await (const piece of exportedPieces({ engine, accountId: "one" as AccountId }, detail)) text += piece;
  clearImmediate(next);
  expect(JSON.parse(text)).toMatchObject({ messages: { length: PAGES }, versions: { length: PAGES } });
  expect([turns.messages.size, turns.versions.size]).toEqual([PAGES, PAGES]);
});
