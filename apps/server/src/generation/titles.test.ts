import { describe, expect, test } from "vitest";
import { cleanTitle } from "./titles.ts";

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

  test.each(["", "  \n ", "***", '""', "<think>still thinking", "…"])("finds no title in %o", (answer) => {
    expect(cleanTitle(answer)).toBeNull();
  });

  test("cuts at a word within 80 characters, and never inside a character", () => {
    const long = cleanTitle("Planning ".repeat(20));
    expect(long).toBe(`${"Planning ".repeat(8).trim()}…`);
    expect(cleanTitle("𝐀".repeat(60))).toBe(`${"𝐀".repeat(39)}…`);
  });
});
