/** Addresses of the page. */
import { expect, test } from "vitest";
import { conversationPath, foundSeqOf, parseRoute } from "./route.ts";

test("`/` is a new chat and `/c/<id>` a conversation, in upper case too [ID-1]", () => {
  expect(parseRoute("/")).toEqual({ kind: "new" });
  expect(parseRoute("/c/abc")).toEqual({ kind: "conversation", id: "abc" });
  expect(parseRoute("/c/abc/")).toEqual({ kind: "conversation", id: "abc" });
  expect(parseRoute("/c/ABC")).toEqual({ kind: "conversation", id: "abc" });
});

test("an address leads back to its id, whatever is in it", () => {
  for (const id of ["temp-1", "a/b", "ü %", "?x#y"]) {
    expect(parseRoute(conversationPath(id))).toEqual({ kind: "conversation", id });
  }
  expect(parseRoute("/c/%E0%A4%A")).toEqual({ kind: "conversation", id: "%e0%a4%a" });
});

test("any other address is not here", () => {
  for (const path of ["/c/", "/c", "/settings", "/c/a/b"]) expect(parseRoute(path)).toEqual({ kind: "unknown" });
});

test("what a search led to is read from the history's entry, whatever stands there", () => {
  expect(foundSeqOf({ foundSeq: 7 })).toBe(7);
  for (const state of [null, undefined, "7", 7, {}, { foundSeq: "7" }, { foundSeq: null }]) {
    expect(foundSeqOf(state)).toBeNull();
  }
});
