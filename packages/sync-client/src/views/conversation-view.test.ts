/** What pages do to what is loaded. */
import type { ConversationId } from "@instep/protocol";
import { expect, test } from "vitest";
import { NOTHING_LOADED, viewOf, withTail } from "./conversation-view.ts";
import { failure } from "../failure.ts";
import { message } from "../../test/scripted-transport.ts";
import { withOlder } from "./found-window.ts";

test("a page of older messages clears the failure of the try before it", () => {
  const loaded = { ...NOTHING_LOADED, phase: "ready" as const, olderCursor: "51", problem: failure("unreachable", "") };
  const pagination = { total_count: 60, has_older: false, older_cursor: null, has_newer: true, newer_cursor: "50" };
  const after = withOlder({ ...loaded, isLoadingOlder: true }, { messages: [], message_pagination: pagination });
  expect(after).toMatchObject({ problem: null, olderCursor: null, isLoadingOlder: false });
});

test("of a conversation that is left only the newest page is kept, and the way to what is older", () => {
  const ready = { ...NOTHING_LOADED, phase: "ready" as const };
  const loaded = {
    ...ready,
    messages: [3, 5, 6, 9].map((seq) => message("a", seq)),
    olderCursor: null,
    isLoadingOlder: true,
  };
  const tail = withTail(loaded, 2);
  expect(tail).toMatchObject({ olderCursor: "6", isLoadingOlder: false });
  expect(tail.messages.map(({ seq }) => seq)).toEqual([6, 9]);
  for (const count of [4, 5]) expect(withTail(loaded, count)).toBe(loaded);
  expect(withTail(ready, 2)).toBe(ready);
});

test("where the new begins is told as long as that is older than what is loaded, and there is more to load", () => {
  const besides = { id: message("a", 1).conversation_id as ConversationId, pending: [], reply: null, newMessages: 0 };
  const messages = [51, 52].map((seq) => message("a", seq));
  const at = (seenUpTo: number | null, olderCursor: string | null) =>
    viewOf({ ...NOTHING_LOADED, messages, seenUpTo, olderCursor }, besides).earlierNewSeq;
  expect(at(6, "51")).toBe(7);
  expect(at(49, "51")).toBe(50);
  expect(at(50, "51")).toBeNull();
  expect(at(51, "51")).toBeNull();
  expect(at(6, null)).toBeNull();
  expect(at(null, "51")).toBeNull();
});
