/** What pages do to what is loaded. */
import { expect, test } from "vitest";
import { NOTHING_LOADED, withTail } from "./conversation-view.ts";
import { failure } from "./failure.ts";
import { message } from "../test/scripted-transport.ts";
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
