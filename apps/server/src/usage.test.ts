/** What an endpoint or a file says of tokens, and that nothing is made up of it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { usageOf } from "./usage.ts";

test.each<[unknown, unknown]>([
  [
    { prompt_tokens: 7, completion_tokens: 13, total_tokens: 20 },
    { prompt_tokens: 7, completion_tokens: 13 },
  ],
  [{ prompt_tokens: 7 }, { prompt_tokens: 7 }],
  [{ completion_tokens: 1 }, { completion_tokens: 1 }],
  [{ prompt_tokens: 7, completion_tokens: 0 }, { prompt_tokens: 7 }],
  [{ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, null],
  [{ prompt_tokens: "7", completion_tokens: 1.5 }, null],
  [{ prompt_tokens: 2 ** 53, completion_tokens: -1 }, null],
  [{}, null],
  [null, null],
])("[MODEL-7] of %j what is a count is kept: %j", (said, kept) => {
  expect(usageOf(said)).toEqual(kept);
});

test("[MODEL-7] whatever is said, nothing but counts that were said is kept", () => {
  fc.assert(
    fc.property(fc.record({ prompt_tokens: fc.anything(), completion_tokens: fc.anything() }), (said) => {
      for (const [name, count] of Object.entries(usageOf(said) ?? {})) {
        expect(Number.isSafeInteger(count) && count > 0).toBe(true);
        expect(count).toBe(said[name === "prompt_tokens" ? "prompt_tokens" : "completion_tokens"]);
      }
    }),
  );
});
