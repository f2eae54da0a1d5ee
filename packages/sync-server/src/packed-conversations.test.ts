import type { ConversationId, Micros } from "@instep/protocol";
import { expect, test } from "vitest";
import type { ImportedConversation } from "./imported.ts";
import { packConversations, unpackConversations } from "./packed-conversations.ts";

function conversation(id: string, content: string): ImportedConversation {
  const at = 1_767_268_800_000_000 as Micros;
  const said = { id: `${id}-1`, role: "user", content, status: "complete", createdAt: at, seq: 3 } as const;
  const standing = { title: "Quinces", model: null, pinned: false, archived: true, createdAt: at, updatedAt: at };
  return { id: id as ConversationId, ...standing, messages: [said] };
}

const both = [conversation("a", "plain"), conversation("b", "字😀\u0000")];

test("[IMPORT-1] what is packed for another thread comes out as it was, and what is not packed stays as it is", () => {
  expect(unpackConversations(packConversations(both))).toEqual(both);
  expect(unpackConversations(both)).toBe(both);
});

test("[LIMIT-2] of what is packed those come out that are asked for", () => {
  const packed = packConversations(both);
  expect(unpackConversations({ ...packed, ids: ["b" as ConversationId] })).toEqual([both[1]]);
});
