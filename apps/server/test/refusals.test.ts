/** What endpoints refuse reaches the person in their own words, with advice that fits them, and never with a key. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { httpError, embeddedError } from "../src/generation/openai-errors.ts";
import { readWait } from "../src/generation/refusal-kinds.ts";

const endpoint = { modelId: "m", apiKey: "sk-verysecret123456", origin: "http://127.0.0.1:9" };

function refuse(status: number, body: unknown, more: Partial<typeof endpoint> & { apiKey?: string | null } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return httpError({ status, body: text, retryAfterMs: null }, { ...endpoint, ...more });
}

interface Case {
  readonly status: number;
  readonly body: { readonly error: string | { readonly message: string } };
}

function readCases(name: string): readonly Case[] {
  return JSON.parse(readFileSync(new URL(`./cases/${name}.json`, import.meta.url), "utf8")) as readonly Case[];
}

const said = ({ body: { error } }: Case) => (typeof error === "string" ? error : error.message).replace(/\.$/, "");

describe("a refusal", () => {
  test.each(readCases("e15-403-that-is-no-key"))(
    "[MODEL-6] 403 that is no key's says what the server said: %j",
    (each) => {
      const { detail, code } = refuse(each.status, each.body);
      expect(detail).toContain(said(each));
      expect(detail).not.toMatch(/key/i);
      expect(code).toBe("model_failed");
    },
  );

  test.each(readCases("e17-context-too-long"))("[MODEL-6] too much for the model says how to go on: %j", (each) => {
    const { detail } = refuse(each.status, each.body);
    expect(detail).toContain(said(each));
    expect(detail).toMatch(/shorten the message, or start a new chat\.$/);
  });

  test.each([
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. Please reduce the length of the messages.",
    "prompt is too long: 208310 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
    "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).",
    "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
    "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens",
    "Input validation error: `inputs` must have less than 1024 tokens. Given: 2000",
    "Input is too long for requested model.",
    "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000.",
    "The number of tokens to keep from the initial prompt is greater than the context length.",
    "Invalid request: Your request exceeded model token limit: 8192",
    "Range of input length should be [1, 30720]",
    "Invalid 'messages[1].content': string too long. Expected a string with maximum length 1048576",
    "Request body too large for gpt-4o model. Max size: 8000 tokens.",
    "context window exceeds limit",
  ])("[MODEL-6] %o is about its length in every status and inside a stream", (message) => {
    for (const status of [400, 413, 422, 500]) {
      expect(refuse(status, { error: { message } }).detail).toMatch(/shorten the message, or start a new chat\.$/);
    }
    expect(embeddedError({ message }, endpoint).detail).toMatch(/shorten the message, or start a new chat\.$/);
  });

  test.each<[number, unknown, string, RegExp]>([
    [
      401,
      { error: { message: "Incorrect API key provided" } },
      "model_unauthorized",
      /401\): Incorrect API key provided; check OPENAI_API_KEY\.$/,
    ],
    [402, { error: { message: "Insufficient credits" } }, "model_failed", /402\): Insufficient credits; add credit/],
    [403, "", "model_unauthorized", /check OPENAI_API_KEY/],
    [
      403,
      { error: { message: "Key has no permission" } },
      "model_unauthorized",
      /Key has no permission; check OPENAI_API_KEY/,
    ],
    [
      403,
      { error: { message: "Project m1 is suspended" } },
      "model_unauthorized",
      /403\): Project m1 is suspended; choose another model/,
    ],
    [
      400,
      { error: { code: "content_filter", message: "The response was filtered" } },
      "model_failed",
      /was filtered; put the message in other words/,
    ],
    [
      400,
      { error: { code: "data_inspection_failed", message: "Output data may contain inappropriate content." } },
      "model_failed",
      /in other words/,
    ],
    [400, { error: "no such option" }, "model_failed", /no such option; choose another model/],
    [
      400,
      { error: { message: "m is not a valid model ID" } },
      "model_failed",
      /not a valid model ID; check the model's name/,
    ],
    [
      429,
      { error: { message: "You exceeded your current quota, check your billing" } },
      "model_rate_limited",
      /quota.*; add credit/,
    ],
    [
      429,
      { error: { message: "Rate limit reached. Please try again in 7.2s." } },
      "model_rate_limited",
      /try again in 8 s\.$/,
    ],
    [
      429,
      [{ error: { message: "Busy", details: [{ retryDelay: "34s" }] } }],
      "model_rate_limited",
      /Busy; try again in 34 s\.$/,
    ],
    [
      400,
      { error: { message: "Provider returned error", metadata: { raw: '{"error":{"message":"bad image"}}' } } },
      "model_failed",
      /Provider returned error: bad image/,
    ],
    [500, { detail: '{"message":"wrapped"}' }, "model_failed", /wrapped; try again in a moment/],
  ])("[MODEL-6] %i with %j is %s and says what helps", (...row) => {
    const [status, body, code, detail] = row;
    const error = refuse(status, body);
    expect(error.detail).toMatch(detail);
    expect(error.code).toBe(code);
  });

  test("[MODEL-6] a quota that is used up is not asked again by itself", () => {
    expect(refuse(429, { error: { message: "insufficient_quota" } })).toMatchObject({ hasNotBegun: false });
  });
});

test.each<[string, number | null]>([
  ["try again in 20s", 20_000],
  ["Please retry after 2 minutes", 120_000],
  ["try again in 350ms", 350],
  ['"retryDelay": "34.5s"', 34_500],
  ["retry after 30 seconds", 30_000],
  ["try another model", null],
  ["", null],
])("[MODEL-6] the wait in %o is %o ms", (words, waitMs) => {
  expect(readWait(words)).toBe(waitMs);
});

describe("a key", () => {
  const key = fc.stringMatching(/^[!-~]{12,40}$/).filter((text) => !/^[\d.]+$/.test(text));
  const words = fc.string();

  test("[MODEL-6] is in no error, however a server echoes it", () => {
    fc.assert(
      fc.property(
        key,
        fc.tuple(words, words),
        fc.constantFrom(400, 401, 402, 403, 404, 429, 500),
        (apiKey, [before, after], status) => {
          for (const echo of [apiKey, encodeURIComponent(apiKey), apiKey.toUpperCase()]) {
            const message = `${before} ${echo} ${after}`;
            for (const body of [
              JSON.stringify({ error: { message } }),
              JSON.stringify({ detail: [{ msg: message }] }),
              message,
            ]) {
              const { detail } = httpError({ status, body, retryAfterMs: null }, { ...endpoint, apiKey });
              expect(detail.toLowerCase()).not.toContain(apiKey.toLowerCase());
            }
            expect(embeddedError({ message }, { ...endpoint, apiKey }).detail).not.toContain(apiKey);
          }
        },
      ),
    );
  });

  test.each([
    "Wrong key: verysecret…",
    "Wrong key sk-ver***3456",
    "Wrong key 'secret123456'",
    "Bearer abc.def",
    "Wrong key: AIzaSyD4iE2xVSpkLLOXoyqT-RuPwURN3ddScAI",
  ])("[MODEL-6] is not in %o either", (message) => {
    expect(refuse(401, { error: { message } }).detail).not.toMatch(/secret|3456|abc|SyD4|ver\*/);
  });
});
