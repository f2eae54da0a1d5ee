/** Notifications of replies that ended: one each, only where wanted. */
import { expect, test } from "vitest";
import { followReplies } from "./reply-notices.ts";

const RUNNING = { id: "a", title: "Garlic", isGenerating: true };
const ENDED = { ...RUNNING, isGenerating: false };
const wanted = () => true;
const unwanted = () => false;

test("a reply that ended gives one notice, whose tag is its conversation", () => {
  const follow = followReplies();
  expect(follow(RUNNING, wanted)).toBeNull();
  expect(follow(RUNNING, wanted)).toBeNull();
  expect(follow(ENDED, wanted)).toEqual({ title: "Garlic", tag: "a" });
  expect(follow(ENDED, wanted)).toBeNull();
  follow(RUNNING, wanted);
  expect(follow({ ...ENDED, title: "" }, wanted)).toEqual({ title: "New chat", tag: "a" });
});

test("a reply that ended while a tab was focused, or unasked for, is not told later either", () => {
  const follow = followReplies();
  follow(RUNNING, unwanted);
  expect(follow(ENDED, unwanted)).toBeNull();
  expect(follow(ENDED, wanted)).toBeNull();
});

test("a conversation that was never seen running gives no notice, nor another one's reply", () => {
  const follow = followReplies();
  follow(RUNNING, wanted);
  expect(follow({ ...ENDED, id: "b" }, wanted)).toBeNull();
});
