import type { Message } from "@instep/protocol";
import { describe, expect, test } from "vitest";
import { buildContext, estimateTokens } from "./context.ts";

function message(role: Message["role"], content: string, status: Message["status"] = "complete"): Message {
  return {
    id: "00000000-0000-4000-8000-000000000001",
    conversation_id: "00000000-0000-4000-8000-000000000002",
    seq: 1,
    role,
    content,
    created_at: "2026-01-01T12:00:00.000000Z",
    status,
  };
}

const words = (count: number) => "word".repeat(count);
const build = (
  history: readonly Message[],
  window: number | null,
  { olderCount = 0, instructions = null }: { olderCount?: number; instructions?: string | null } = {},
) => buildContext({ history, olderCount, instructions }, window);
const contents = (history: readonly Message[], window: number | null) =>
  build(history, window).messages.map((kept) => kept.content);

describe("buildContext", () => {
  test("keeps roles and order, and stopped, interrupted and failed replies that have text", () => {
    const history = [
      message("system", "Be kind."),
      message("user", "one"),
      message("assistant", "half", "stopped"),
      message("user", "two"),
      message("assistant", "cut", "interrupted"),
      message("user", "three"),
      message("assistant", "broken", "failed"),
      message("user", "four"),
    ];
    expect(build(history, null).messages.map(({ role, content }) => `${role}:${content}`)).toEqual([
      "system:Be kind.",
      "user:one",
      "assistant:half",
      "user:two",
      "assistant:cut",
      "user:three",
      "assistant:broken",
      "user:four",
    ]);
  });

  test("leaves out replies without text", () => {
    const history = [message("user", "one"), message("assistant", "", "stopped"), message("user", "two")];
    expect(contents(history, null)).toEqual(["one", "two"]);
  });

  test("without a window nothing is left out", () => {
    const history = Array.from({ length: 500 }, () => message("user", words(1000)));
    expect(build(history, null)).toMatchObject({ leftOut: 0 });
    expect(contents(history, null)).toHaveLength(500);
  });

  test("drops the oldest turns whole, never an answer without its question, and says how many messages", () => {
    const history = [
      message("system", "rule"),
      message("user", `q1${words(50)}`),
      message("assistant", `a1${words(50)}`),
      message("user", `q2${words(50)}`),
      message("assistant", `a2${words(50)}`),
      message("user", "q3"),
    ];
    // Room for 150 tokens: the rule, the last question, and one turn of two messages.
    const context = build(history, 200);
    expect(context.messages.map(({ content }) => content.slice(0, 2))).toEqual(["ru", "q2", "a2", "q3"]);
    expect(context.leftOut).toBe(2);
    expect([build(history, 200, { olderCount: 7 }).leftOut, build(history, null, { olderCount: 7 }).leftOut]).toEqual([
      9, 7,
    ]);
  });

  test("instructions come first, and stay whatever has to go", () => {
    const history = [message("system", "rule"), message("user", words(100)), message("user", "hello")];
    const { messages, leftOut } = build(history, 100, { instructions: "Be brief." });
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ["system", "Be brief."],
      ["system", "rule"],
      ["user", "hello"],
    ]);
    expect(leftOut).toBe(1);
  });

  test("keeps the newest turn even where it alone is larger than the window", () => {
    const history = [message("user", "old"), message("assistant", "older"), message("user", words(1000))];
    expect(contents(history, 100)).toEqual([words(1000)]);
  });

  test("a conversation that begins with an answer is trimmed there first", () => {
    const history = [message("assistant", words(100)), message("user", "hello")];
    expect(contents(history, 100)).toEqual(["hello"]);
    expect(contents(history, 1000)).toHaveLength(2);
  });
});

describe("estimateTokens", () => {
  test("takes four ASCII characters for a token and every other one by itself", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("abcdefgh")).toBe(2);
    expect(estimateTokens("日本語")).toBe(3);
  });
});
