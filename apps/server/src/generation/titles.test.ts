import { describe, expect, test } from "vitest";
import { ManualEnvironment } from "../../test/manual-environment.ts";
import type { Model, ModelRequest } from "./model.ts";
import { ThoughtSplitter } from "./thought-splitter.ts";
import { askForTitle, cleanTitle } from "./titles.ts";

describe("cleanTitle", () => {
  test.each([
    ["Planning a garden", "Planning a garden"],
    ['"Planning a garden."', "Planning a garden"],
    ["**Title: Planning a garden**", "Planning a garden"],
    ["Title - „Gartenplanung“", "Gartenplanung"],
    ["# Planning\ta   garden\n\nI hope that helps!", "Planning a garden"],
    ["<think>The user wants\na title</think>\n\nPlanning a garden", "Planning a garden"],
    ["\n\n- Planning a garden\n", "Planning a garden"],
    ["日本の庭", "日本の庭"],
    ["Is it “really” so?", "Is it “really” so?"],
  ])("makes %o the title %o", (answer, title) => {
    expect(cleanTitle(answer)).toBe(title);
  });

  test.each(["", "  \n ", "***", '""', "<think>still thinking", "…", "\u3164"])("finds no title in %o", (answer) => {
    expect(cleanTitle(answer)).toBeNull();
  });

  test("leaves a thought out that stands behind a mark, which is text to whoever reads the reply", () => {
    const splitter = new ThoughtSplitter();
    const answer = "**<think>The user wants\na title</think>Planning a garden**";
    expect([...splitter.feed(answer), ...splitter.finish()].every(({ kind }) => kind === "text")).toBe(true);
    expect(cleanTitle(answer)).toBe("Planning a garden");
  });

  test("cuts at a word within 80 characters, and never inside a character", () => {
    const long = cleanTitle("Planning ".repeat(20));
    expect(long).toBe(`${"Planning ".repeat(8).trim()}…`);
    expect(cleanTitle(`a${"🇩🇪".repeat(60)}`)).toBe(`a${"🇩🇪".repeat(19)}…`);
    expect(cleanTitle("𝐀".repeat(60))).toBe(`${"𝐀".repeat(39)}…`);
  });
});

test("a model is asked with the beginnings of both texts, each cut between its characters", async () => {
  const asked: ModelRequest[] = [];
  const model: Model = {
    id: "m",
    name: "m",
    makesTitles: true,
    async *generate(request) {
      asked.push(request);
      yield { kind: "text", text: "Pears" };
    },
  };
  const text = `x${"🍐".repeat(2000)}`;
  const { signal } = new AbortController();
  const title = await askForTitle({ model, question: text, reply: text, environment: new ManualEnvironment(), signal });
  const content = asked[0]?.messages[0]?.content ?? "";
  expect([title, content.isWellFormed(), content.match(/x🍐+/gu)?.map(({ length }) => length)]).toEqual([
    "Pears",
    true,
    [1999, 1999],
  ]);
});

test("[SAFE-2] a model that goes on and on is not heard to its end, and its first line is the title", async () => {
  let [said, hasLeft] = [0, false];
  const model: Model = {
    id: "m",
    name: "m",
    makesTitles: true,
    async *generate() {
      try {
        yield { kind: "text", text: "Pears\n" };
        for (; said < 10_000; said += 1) yield { kind: "text", text: "and more and more ".repeat(5) };
      } finally {
        hasLeft = true;
      }
    },
  };
  const environment = new ManualEnvironment();
  const { signal } = new AbortController();
  expect(await askForTitle({ model, question: "Hi", reply: "Yes", environment, signal })).toBe("Pears");
  expect([said < 100, hasLeft, environment.pendingTimers]).toEqual([true, true, 0]);
});
