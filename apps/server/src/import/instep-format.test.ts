import type { Message } from "@instep/protocol";
import type { StandingConversation } from "@instep/sync-server";
import { expect, test } from "vitest";
import { exportedFields, exportedMessage, readInstepConversation } from "./instep-format.ts";

test("[MODEL-5, MODEL-7] an export carries what a model thought and what it cost, and its import brings it back", () => {
  const id = "00000000-0000-4000-8000-000000000001";
  const created_at = "2026-01-01T12:00:00.000000Z";
  const times = { created_at, updated_at: created_at };
  const counts = { message_count: 1, last_seq: 1, read_seq: 1, unread_count: 0, marked_unread: false };
  const rest = { pinned: false, archived: false, model: "m", active_reply_id: null };
  const standing: StandingConversation = { instructions: null, id, title: "One", ...counts, ...rest, ...times };
  const message: Message = {
    id,
    conversation_id: id,
    seq: 1,
    role: "assistant",
    content: "Yes",
    thoughts: "Hm",
    usage: { prompt_tokens: 12 },
    created_at,
    status: "complete",
  };
  const exported = { ...exportedFields(standing), messages: [exportedMessage(message)] };
  const read = readInstepConversation(exported, Date.parse(created_at));
  expect(read).toMatchObject({
    conversation: { messages: [{ content: "Yes", thoughts: "Hm", usage: { prompt_tokens: 12 } }] },
  });
});

test("[ID-1] ids of any case, titles of several lines and models that can be none become what a device can open", () => {
  const id = "5CABF7F9-0000-4000-8000-00000000000A";
  const created_at = "2026-01-01T12:00:00.000000Z";
  const message = { id, role: "user", content: "Yes", created_at, model: "\u0000" };
  const exported = {
    id,
    title: `One\n${"two ".repeat(600)}`,
    model: "m".repeat(100_000),
    created_at,
    messages: [message],
  };
  const read = readInstepConversation(exported, Date.parse(created_at));
  if (read.kind !== "conversation") throw new Error("it is one");
  const { conversation } = read;
  expect([conversation.id, conversation.messages[0]?.id]).toEqual([id.toLowerCase(), id.toLowerCase()]);
  expect(conversation.title).toMatch(/^One two two .*…$/);
  expect(conversation.title.length).toBe(500);
  expect([conversation.model, conversation.messages[0]?.model]).toEqual([null, undefined]);
});
