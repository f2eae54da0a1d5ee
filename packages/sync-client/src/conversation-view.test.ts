/** What pages do to what is loaded. */
import { expect, test } from "vitest";
import { NOTHING_LOADED } from "./conversation-view.ts";
import { failure } from "./failure.ts";
import { withOlder } from "./found-window.ts";

test("a page of older messages clears the failure of the try before it", () => {
  const loaded = { ...NOTHING_LOADED, phase: "ready" as const, olderCursor: "51", problem: failure("unreachable", "") };
  const pagination = { total_count: 60, has_older: false, older_cursor: null, has_newer: true, newer_cursor: "50" };
  const after = withOlder({ ...loaded, isLoadingOlder: true }, { messages: [], message_pagination: pagination });
  expect(after).toMatchObject({ problem: null, olderCursor: null, isLoadingOlder: false });
});
