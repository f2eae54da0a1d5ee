/** What was shared goes into a new chat's message box once, under what is written there, whoever has to sign in first. */
import { expect, test } from "vitest";
import { createDrafts, NEW_CHAT } from "../composer/drafts.ts";
import { testEnvironment } from "../../test/test-environment.ts";
import { keepShared, takeShared } from "./take-shared.ts";

const SHARED = "?shared_title=Bread&shared_url=https%3A%2F%2Fa.example";
const TEXT = "Bread\nhttps://a.example";

function opened() {
  const environment = testEnvironment();
  const drafts = createDrafts(environment.keyValue);
  return { environment, drafts, take: (search: string) => takeShared(search, environment, drafts) };
}

test("it becomes a new chat's draft", () => {
  const { drafts, take } = opened();
  expect(take("")).toBe(false);
  expect(drafts.get(NEW_CHAT)).toBe("");
  expect(take(SHARED)).toBe(true);
  expect(drafts.get(NEW_CHAT)).toBe(TEXT);
});

test("a draft that is there stays, above it", () => {
  const { drafts, take } = opened();
  drafts.set(NEW_CHAT, "Half a thought");
  take(SHARED);
  expect(drafts.get(NEW_CHAT)).toBe(`Half a thought\n\n${TEXT}`);
});

test("it survives a sign-in elsewhere, from where one comes back without it, and comes once", () => {
  const { environment, drafts, take } = opened();
  keepShared(SHARED, environment);
  keepShared("", environment);
  environment.advance(899_000);
  expect(take("")).toBe(true);
  expect(take("")).toBe(false);
  expect(drafts.get(NEW_CHAT)).toBe(TEXT);
});

test("it comes once where one comes back with it, too", () => {
  const { environment, drafts, take } = opened();
  keepShared(SHARED, environment);
  take(SHARED);
  take("");
  expect(drafts.get(NEW_CHAT)).toBe(TEXT);
});

test("it survives a clock that steps back meanwhile", () => {
  const { environment, drafts, take } = opened();
  keepShared(SHARED, environment);
  environment.advance(-60_000);
  expect(take("")).toBe(true);
  expect(drafts.get(NEW_CHAT)).toBe(TEXT);
});

test("what nobody fetched in a quarter of an hour is nobody's any more", () => {
  const { environment, drafts, take } = opened();
  keepShared(SHARED, environment);
  environment.advance(900_000);
  expect(take("")).toBe(false);
  expect([drafts.get(NEW_CHAT), environment.keyValue.get("instep.shared")]).toEqual(["", null]);
});

test.each(["no JSON", "null", "[]", '{"text":7,"at":0}', '{"text":"x"}', '{"text":"x","at":9e99}'])(
  "what is kept and can't be read is passed over: %s",
  (kept) => {
    const { environment, drafts, take } = opened();
    environment.keyValue.set("instep.shared", kept);
    expect(take("")).toBe(false);
    expect(drafts.get(NEW_CHAT)).toBe("");
  },
);
