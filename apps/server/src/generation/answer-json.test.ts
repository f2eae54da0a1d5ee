import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAnswer } from "./answer-json.ts";

test("[MODEL-3] what an endpoint writes is read as the JSON that it is, and anything else as none", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseAnswer(text)).toEqual(JSON.parse(text));
    }),
  );
  expect(parseAnswer("{")).toBeUndefined();
});

test("[SAFE-2] signs in a text are words, however many, and what has too many parts to be read at once is none", () => {
  const content = '[{,"\\\\'.repeat(100_000);
  expect(parseAnswer(JSON.stringify({ content }))).toEqual({ content });
  for (const text of ["[".repeat(3_000_000), `[${"{},".repeat(1_000_000)}{}]`, `"${"a".repeat(200_000)}`]) {
    expect(parseAnswer(text)).toBeUndefined();
  }
});
