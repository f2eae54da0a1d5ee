import { expect, test } from "vitest";
import { titleFromWords } from "./title-words.ts";

test.each([
  ["short enough", "Why?", "Why?"],
  ["a question of six words or fewer keeps its mark", "How long does dough rest?", "How long does dough rest?"],
  ["six words", "one two three four five six seven", "one two three four five six"],
  ["48 characters", `${"long ".repeat(3)}${"longer ".repeat(6)}`, "long long long longer longer longer"],
  ["no comma where it was cut", "Now, in a few more words, tell me", "Now, in a few more words"],
  ["one line", "  one\n\ttwo ", "one two"],
  ["a word without end", "x".repeat(60), "x".repeat(48)],
  ["no half of a character", `x${"🙂".repeat(60)}`, `x${"🙂".repeat(47)}`],
  ["no half of a flag", `xx${"🇩🇪".repeat(40)}`, `xx${"🇩🇪".repeat(23)}`],
  ["no half of a flag, one place on", `x${"🇩🇪".repeat(40)}`, `x${"🇩🇪".repeat(23)}`],
  ["nothing", " \n ", ""],
])("a title is %s", (_name, text, title) => {
  expect(titleFromWords(text)).toBe(title);
});
