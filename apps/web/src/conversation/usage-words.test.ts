import { expect, test } from "vitest";
import { usageWords } from "./usage-words.ts";

test.each([
  [{ prompt_tokens: 1204, completion_tokens: 356 }, "1,204 tokens in, 356 out"],
  [{ prompt_tokens: 1, completion_tokens: 1 }, "1 token in, 1 out"],
  [{ prompt_tokens: 1204 }, "1,204 tokens in"],
  [{ completion_tokens: 1 }, "1 token out"],
  [{}, null],
])("[MODEL-7] %j reads %j", (usage, words) => {
  expect(usageWords(usage)).toBe(words);
});

test("a count of nothing is a count", () => {
  expect(usageWords({ prompt_tokens: 0, completion_tokens: 3 })).toBe("0 tokens in, 3 out");
  expect(usageWords({ prompt_tokens: 2, completion_tokens: 0 })).toBe("2 tokens in, 0 out");
});
