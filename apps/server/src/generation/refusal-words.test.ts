/** What of an endpoint's refusal is shown: never the key, in whatever form it comes back. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { wordsOf } from "./refusal-words.ts";

const key = fc
  .array(fc.constantFrom(...Array.from('abcXYZ0189/+=%&"\\-_.~')), { minLength: 12, maxLength: 40 })
  .map((letters) => letters.join(""));

const FORMS: Record<string, (key: string) => string> = {
  "as it is": (text) => text,
  "in an address": encodeURIComponent,
  "in JSON": (text) => JSON.stringify(text).slice(1, -1),
  "in capitals": (text) => text.toUpperCase(),
};

test.each(Object.entries(FORMS))("[MODEL-6] the key %s is in no words, whatever it is made of", (_name, formOf) => {
  fc.assert(
    fc.property(key, fc.constantFrom("Bad key ", "key=", "(", ""), (apiKey, before) => {
      const text = `${before}${formOf(apiKey)}`;
      for (const body of [JSON.stringify({ error: { message: `Refused: ${text} is wrong` } }), `Refused: ${text}`]) {
        expect(wordsOf(body, apiKey)).not.toContain(formOf(apiKey));
      }
    }),
    { numRuns: 300 },
  );
});
