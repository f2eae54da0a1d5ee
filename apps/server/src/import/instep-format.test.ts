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

const ID = "00000000-0000-4000-8000-000000000001";
const TIME = "2026-01-01T12:00:00.000000Z";

/** What is read of one message that ended so, in the conversation and in a version of it. */
function endingRead(ending: object) {
  const message = { id: ID, seq: 1, role: "assistant", content: "Yes", created_at: TIME, ...ending };
  const version = { version_id: ID, replaced_at: TIME, after_seq: 0, messages: [message] };
  const exported = { id: ID, title: "", created_at: TIME, messages: [message], versions: [version] };
  const read = readInstepConversation(exported, Date.parse(TIME));
  if (read.kind !== "conversation") throw new Error("it is one");
  const found = [read.conversation.messages[0], read.conversation.versions?.[0]?.messages[0]];
  expect(found[1]).toEqual(found[0]);
  return { stopReason: found[0]?.stopReason, error: found[0]?.error };
}

test("[MODEL-2] an export says how each reply ended, and its import brings it back", () => {
  const message = { id: ID, conversation_id: ID, seq: 1, role: "assistant", content: "Yes", created_at: TIME } as const;
  const error = { code: "model_interrupted", detail: "The model ended its answer in the middle; try again." };
  for (const stop_reason of ["stop", "length", "content_filter", "tool_calls", "context_trimmed:12"]) {
    expect(endingRead(exportedMessage({ ...message, status: "complete", stop_reason })).stopReason).toBe(stop_reason);
  }
  expect(endingRead(exportedMessage({ ...message, status: "failed", error })).error).toEqual(error);
  expect(exportedMessage({ ...message, status: "complete" })).not.toHaveProperty("error");
});

test("[MODEL-2, SAFE-2] what no reply can have ended by is left out of an import, and no error is longer than one can be", () => {
  const nothing = { stopReason: undefined, error: undefined };
  const error = { code: "model_failed", detail: "No." };
  for (const stop_reason of [
    "error",
    "",
    "x".repeat(100_000),
    "context_trimmed:",
    "context_trimmed:1e9",
    1,
    null,
    {},
  ]) {
    expect(endingRead({ status: "complete", stop_reason })).toEqual(nothing);
  }
  for (const odd of [
    null,
    "No.",
    {},
    { code: "model_failed" },
    { ...error, code: "No\n" },
    { ...error, code: "a".repeat(101) },
  ]) {
    expect(endingRead({ status: "failed", error: odd })).toEqual(nothing);
  }
  expect(endingRead({ status: "complete", error })).toEqual(nothing);
  expect(endingRead({ status: "failed", stop_reason: "stop" })).toEqual(nothing);
  expect(endingRead({ role: "user", status: "failed", stop_reason: "length", error })).toEqual(nothing);
  const long = endingRead({
    status: "failed",
    error: { ...error, detail: `\u0000\uD800${"no ".repeat(100_000)}`, more: 1 },
  });
  expect(Object.keys(long.error ?? {})).toEqual(["code", "detail"]);
  expect(long.error?.detail.isWellFormed()).toBe(true);
  expect(long.error?.detail).toHaveLength(1000);
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
