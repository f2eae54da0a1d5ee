/** The OpenAI-compatible adapter against a real HTTP server: what real servers do, and every failure. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generationEnvironment, type GenerationEnvironment } from "../src/generation/environment.ts";
import { ModelError, type ModelChunk } from "../src/generation/model.ts";
import { createOpenAiModel } from "../src/generation/openai-model.ts";
import { ManualEnvironment } from "./manual-environment.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { eventOf, FAKE_ANSWER } from "./openai-fake-answers.ts";

const FIRST_TOKEN_MS = 60_000;
const SILENCE_MS = 45_000;
const KEY = "sk-verysecret123456";

let fake: OpenAiFake;
beforeEach(async () => {
  fake = await startOpenAiFake();
});
afterEach(async () => fake.close());

interface Asked {
  readonly environment?: GenerationEnvironment;
  readonly apiKey?: string | null;
  readonly signal?: AbortSignal;
  readonly baseUrl?: string;
}

function ask(asked: Asked = {}): AsyncIterable<ModelChunk> {
  const model = createOpenAiModel({
    id: "fake-model",
    name: "Fake",
    endpoint: {
      baseUrl: asked.baseUrl ?? fake.baseUrl,
      apiKey: asked.apiKey === undefined ? KEY : asked.apiKey,
      firstTokenTimeoutMs: FIRST_TOKEN_MS,
      silenceTimeoutMs: SILENCE_MS,
    },
    environment: asked.environment ?? generationEnvironment,
  });
  const signal = asked.signal ?? new AbortController().signal;
  return model.generate({ messages: [{ role: "user", content: "Hello?" }], signal });
}

async function read(chunks: AsyncIterable<ModelChunk>) {
  let text = "";
  let end: Extract<ModelChunk, { kind: "end" }> | null = null;
  for await (const chunk of chunks) {
    if (chunk.kind === "text") text += chunk.text;
    else if (chunk.kind === "end") end = chunk;
  }
  return { text, stopReason: end?.stopReason, usage: end?.usage };
}

async function failure(chunks: AsyncIterable<ModelChunk>): Promise<{ error: ModelError; text: string }> {
  let text = "";
  try {
    for await (const chunk of chunks) if (chunk.kind === "text") text += chunk.text;
  } catch (error) {
    if (error instanceof ModelError) return { error, text };
    throw error;
  }
  throw new Error(`The model did not fail; it said: ${text}`);
}

function delta(content: string, finish: string | null = null): string {
  return eventOf({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
}

describe("a model that answers", () => {
  test("streams text, the stop reason and the usage, asked with the key and stream: true", async () => {
    expect(await read(ask())).toEqual({
      text: FAKE_ANSWER,
      stopReason: "stop",
      usage: { prompt_tokens: 7, completion_tokens: 13 },
    });
    expect(fake.requests).toHaveLength(1);
    expect(fake.requests[0]?.authorization).toBe(`Bearer ${KEY}`);
    expect(fake.requests[0]?.body).toMatchObject({
      model: "fake-model",
      stream: true,
      messages: [{ role: "user", content: "Hello?" }],
    });
  });

  test("is asked without an Authorization header where there is no key, and with a slash at the end of the address", async () => {
    await read(ask({ apiKey: null, baseUrl: `${fake.baseUrl}/` }));
    expect(fake.requests[0]?.authorization).toBeNull();
  });

  test.each<[string, readonly string[], object]>([
    ["no [DONE] after a finish reason", [delta("Hi"), delta("!", "stop")], { text: "Hi!", stopReason: "stop" }],
    ["the end of the bytes and no finish reason", [delta("Hi")], { text: "Hi", stopReason: "stop" }],
    ["[DONE] without a finish reason", [delta("Hi"), "data: [DONE]\n\n"], { text: "Hi", stopReason: "stop" }],
    [
      "a last event without its blank line",
      [delta("Hi"), delta("!", "length").trimEnd()],
      { text: "Hi!", stopReason: "length" },
    ],
    ["CRLF", [delta("Hi", "stop").replaceAll("\n", "\r\n"), "data: [DONE]\r\n\r\n"], { text: "Hi" }],
    ["comments and keep-alives", [": PROCESSING\n\n", ":\n\n", delta("Hi", "stop")], { text: "Hi" }],
    ["events cut anywhere", delta("Hi", "stop").split(""), { text: "Hi" }],
    ["no blank line between events", [delta("a").slice(0, -1) + delta("b", "stop")], { text: "ab" }],
    ["a byte order mark", [`\uFEFF${delta("Hi", "stop")}`], { text: "Hi" }],
    [
      "a whole document to a stream request",
      ['{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}'],
      { text: "Hi" },
    ],
    [
      "content that is null and reasoning that is not shown",
      [eventOf({ choices: [{ index: 0, delta: { content: null, reasoning_content: "hm" } }] }), delta("Hi", "stop")],
      { text: "Hi" },
    ],
    [
      "content in parts",
      [eventOf({ choices: [{ delta: { content: [{ type: "text", text: "Hi" }] }, finish_reason: "stop" }] })],
      { text: "Hi" },
    ],
    [
      "usage without choices",
      [delta("Hi", "stop"), eventOf({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } })],
      { text: "Hi", usage: { prompt_tokens: 1, completion_tokens: 2 } },
    ],
    [
      "a second choice that nobody asked for",
      [eventOf({ choices: [{ index: 1, delta: { content: "no" } }] }), delta("Hi", "stop")],
      { text: "Hi" },
    ],
    ["an empty data line", ["data:\n\n", delta("Hi", "stop")], { text: "Hi" }],
  ])("is understood with %s", async (_name, pieces, expected) => {
    fake.behave({ kind: "raw", pieces });
    expect(await read(ask())).toMatchObject(expected);
  });

  test("is understood where a character of many bytes is cut", async () => {
    const bytes = Buffer.from(delta("naïve 日本 🙂", "stop"));
    fake.behave({ kind: "raw", pieces: [...bytes].map((byte) => Uint8Array.of(byte)) });
    expect((await read(ask())).text).toBe("naïve 日本 🙂");
  });

  test("gives all text of one network read as one chunk", async () => {
    fake.behave({ kind: "raw", pieces: [delta("a") + delta("b") + delta("c", "stop")] });
    const texts: string[] = [];
    for await (const chunk of ask()) if (chunk.kind === "text") texts.push(chunk.text);
    expect(texts).toEqual(["abc"]);
  });

  test("that keeps the connection after its finish reason is waited for six seconds", async () => {
    fake.behave({ kind: "raw", pieces: [delta("Hi", "stop")], keepsOpen: true });
    const environment = ManualEnvironment.skipping((delayMs) => delayMs === 6_000);
    expect(await read(ask({ environment }))).toMatchObject({ text: "Hi", stopReason: "stop" });
  });

  test("that refuses stream_options is asked again without them", async () => {
    fake.next({ kind: "status", status: 400, body: { error: { message: "Unknown field: stream_options" } } });
    expect((await read(ask())).text).toBe(FAKE_ANSWER);
    expect(fake.requests[1]?.body).not.toHaveProperty("stream_options");
  });
});

const OVERLOADED = `data: {"error":{"message":"overloaded","code":529}}\n\n`;

describe("a model that fails", () => {
  test.each<[number, unknown, string, RegExp, boolean]>([
    [
      401,
      undefined,
      "model_unauthorized",
      /refused the key \(401\): The fake was told to answer 401; check OPENAI_API_KEY/,
      false,
    ],
    [403, undefined, "model_unauthorized", /does not allow this \(403\): The fake was told to answer 403;/, false],
    [
      404,
      { error: { message: "model 'x' not found, try pulling it first" } },
      "model_failed",
      /"fake-model" was not found at http.*: model 'x' not found, .*; check the model's name and OPENAI_BASE_URL\./,
      false,
    ],
    [404, "<html>nothing here</html>", "model_failed", /check OPENAI_BASE_URL/, false],
    [400, { detail: [{ msg: "too many tokens" }] }, "model_failed", /400: too many tokens; shorten the message/, false],
    [
      400,
      { error: "no such option" },
      "model_failed",
      /"fake-model" at http.* 400: no such option; choose another model/,
      false,
    ],
    [422, [{ error: { message: "listed" } }], "model_failed", /422: listed; choose another model/, false],
    [500, { error: "the engine crashed" }, "model_failed", /500: the engine crashed; try again in a moment\./, true],
    [502, "<html><body>Bad gateway</body></html>", "model_failed", /answered 502; try again/, true],
    [500, "plain words", "model_failed", /500: plain words; try again/, true],
  ])("[TURN-9] with HTTP %i says a code and what to do (%o)", async (...row) => {
    const [status, body, code, detail, retryable] = row;
    fake.behave({ kind: "status", status, ...(body !== undefined && { body }) });
    const { error } = await failure(ask());
    expect(error).toMatchObject({ code, retryable });
    expect(error.detail).toMatch(detail);
    expect(fake.requests).toHaveLength(1);
  });

  test("[TURN-9] never repeats the key, whatever the server says", async () => {
    const said = `Key ${KEY} is wrong, and so is sk-other9876543; header was Bearer abc.def`;
    fake.behave({ kind: "status", status: 400, body: { error: { message: said } } });
    const { detail } = (await failure(ask())).error;
    expect(detail).not.toMatch(/secret|other9876|abc\.def/);
  });

  test("[TURN-9] without a key says that one is wanted", async () => {
    fake.behave({ kind: "status", status: 401 });
    expect((await failure(ask({ apiKey: null }))).error.detail).toMatch(/wants a key \(401\): .*; set OPENAI_API_KEY/);
  });

  test.each([
    ["packets of their own", [delta("Half"), OVERLOADED]],
    ["one packet", [delta("Half") + OVERLOADED]],
  ])("[TURN-9] by an error inside the stream keeps the text before it, in %s", async (_how, pieces) => {
    fake.behave({ kind: "raw", pieces });
    expect(await failure(ask())).toMatchObject({ text: "Half", error: { code: "model_failed" } });
  });

  test("[TURN-9] by a rate limit inside the stream is model_rate_limited", async () => {
    fake.behave({ kind: "raw", pieces: [`data: {"error":{"message":"slow down","type":"rate_limit_error"}}\n\n`] });
    expect((await failure(ask())).error.code).toBe("model_rate_limited");
  });

  test.each<[string, string, string]>([
    ["a web page", "<!doctype html><p>Welcome</p>", "text/html"],
    ["words", "hello there\n\nhow are you", "text/plain"],
    ["JSON of something else", '{"hello":"world"}', "application/json"],
    ["cut JSON", '{"choices":[', "application/json"],
    ["events that hold no JSON", "data: hello\n\n", "text/event-stream"],
    ["nothing", "", "text/event-stream"],
  ])("[TURN-9] with %s is model_bad_response", async (_name, piece, contentType) => {
    fake.behave({ kind: "raw", pieces: [piece], contentType });
    expect((await failure(ask())).error.code).toBe("model_bad_response");
  });

  test("[TURN-9] in the middle, by breaking the connection, is model_interrupted", async () => {
    fake.behave({ kind: "cut", words: 3 });
    expect(await failure(ask())).toMatchObject({
      text: "Hello from the",
      error: { code: "model_interrupted", retryable: true },
    });
  });

  test("[MODEL-1] whose bytes end in the middle of a chunk is model_interrupted", async () => {
    fake.behave({ kind: "raw", pieces: [delta("Half"), 'data: {"choices":[{"del'] });
    expect(await failure(ask())).toMatchObject({ text: "Half", error: { code: "model_interrupted" } });
  });

  test("[TURN-9] to begin within the first-token timeout is model_timeout, and its request ends", async () => {
    fake.behave({ kind: "silent", words: 0 });
    const environment = new ManualEnvironment();
    const failed = failure(ask({ environment }));
    const request = await fake.waitForRequest();
    environment.advance(FIRST_TOKEN_MS);
    expect((await failed).error).toMatchObject({
      code: "model_timeout",
      detail: "The model did not begin to answer for 60 s; try again, or choose another model.",
    });
    await fake.waitForAbandon(request);
    expect(environment.pendingTimers).toBe(0);
  });

  test("[TURN-9] by silence in the middle is model_timeout with the text so far", async () => {
    fake.behave({ kind: "silent", words: 2 });
    const environment = ManualEnvironment.skipping((delayMs) => delayMs === SILENCE_MS);
    const { error, text } = await failure(ask({ environment }));
    expect(error.code).toBe("model_timeout");
    expect(text).toMatch(/^Hello/);
  });

  test("[TURN-9] by being refused is model_unreachable after three tries", async () => {
    await fake.refuse();
    const environment = ManualEnvironment.skipping((delayMs) => delayMs < 5_000);
    const { error } = await failure(ask({ environment }));
    expect(error).toMatchObject({ code: "model_unreachable", retryable: true });
    expect(error.detail).toMatch(/Nothing answers at http:\/\/127\.0\.0\.1:\d+; start the model's server/);
    expect(environment.startedDelays).toEqual([FIRST_TOKEN_MS, 500, 750]);
  });

  test.each(["ENOTFOUND", "CERT_HAS_EXPIRED", "UND_ERR_CONNECT_TIMEOUT", "ECONNRESET"])(
    "[TURN-9] by %s is model_unreachable at once",
    async (code) => {
      const environment = new ManualEnvironment();
      environment.fetch = async () => {
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code }) });
      };
      expect((await failure(ask({ environment }))).error).toMatchObject({ code: "model_unreachable" });
    },
  );
});

describe("asking again", () => {
  test("a refused connection that comes back in time goes unnoticed", async () => {
    await fake.refuse();
    const environment = ManualEnvironment.skipping((delayMs) => delayMs < 5_000);
    const connect = environment.fetch.bind(environment);
    let tries = 0;
    environment.fetch = async (url, init) => {
      if (++tries === 2) await fake.accept();
      return connect(url, init);
    };
    expect((await read(ask({ environment }))).text).toBe(FAKE_ANSWER);
  });

  test("429 waits as long as Retry-After says", async () => {
    fake.next({ kind: "status", status: 429, headers: { "retry-after": "7" } });
    const environment = ManualEnvironment.skipping((delayMs) => delayMs > 6_999 && delayMs < 10_000);
    expect((await read(ask({ environment }))).text).toBe(FAKE_ANSWER);
    expect(environment.startedDelays[1]).toBe(7_125);
  });

  test("429 with a Retry-After beyond the bound fails at once and says when", async () => {
    fake.behave({ kind: "status", status: 429, headers: { "retry-after": "120" } });
    const { error } = await failure(ask());
    expect(error).toMatchObject({ code: "model_rate_limited", retryAfterMs: 120_000 });
    expect(error.detail).toMatch(/The fake was told to answer 429; try again in 120 s\./);
    expect(fake.requests).toHaveLength(1);
  });

  test("a quota that is used up is not asked again", async () => {
    fake.behave({ kind: "status", status: 429, body: { error: { message: "You exceeded your current quota" } } });
    expect((await failure(ask())).error.code).toBe("model_rate_limited");
    expect(fake.requests).toHaveLength(1);
  });

  test("429 that stays fails after three tries", async () => {
    fake.behave({ kind: "status", status: 429 });
    const environment = ManualEnvironment.skipping((delayMs) => delayMs < 5_000);
    expect((await failure(ask({ environment }))).error.code).toBe("model_rate_limited");
    expect(fake.requests).toHaveLength(3);
  });

  test("out of time while asking again, the first refusal is told and not the time-out", async () => {
    fake.next({ kind: "status", status: 429 });
    fake.behave({ kind: "answer", firstTokenDelayMs: 60_000 });
    const environment = ManualEnvironment.skipping((delayMs) => delayMs < 5_000);
    const connect = environment.fetch.bind(environment);
    let tries = 0;
    environment.fetch = async (url, init) => {
      if (++tries === 2) setImmediate(() => environment.advance(600_000));
      return connect(url, init);
    };
    expect((await failure(ask({ environment }))).error.code).toBe("model_rate_limited");
  });

  test("never happens after the first token", async () => {
    fake.behave({ kind: "cut", words: 1 });
    await failure(ask());
    expect(fake.requests).toHaveLength(1);
  });
});

describe("stopping", () => {
  test("[TURN-5] an aborted signal ends the request to the model at once", async () => {
    fake.behave({ kind: "silent", words: 2 });
    const aborting = new AbortController();
    const reading = read(ask({ signal: aborting.signal }));
    const request = await fake.waitForRequest();
    aborting.abort(new Error("stopped"));
    await expect(reading).rejects.toThrow("stopped");
    await fake.waitForAbandon(request);
  });

  test("[TURN-5] an aborted signal ends the wait for another try", async () => {
    fake.behave({ kind: "status", status: 503 });
    const aborting = new AbortController();
    const environment = new ManualEnvironment();
    const start = environment.startTimer.bind(environment);
    environment.startTimer = (delayMs, callback) => {
      if (delayMs < FIRST_TOKEN_MS) setImmediate(() => aborting.abort(new Error("stopped")));
      return start(delayMs, callback);
    };
    await expect(read(ask({ environment, signal: aborting.signal }))).rejects.toThrow("stopped");
    expect(fake.requests).toHaveLength(1);
    expect(environment.pendingTimers).toBe(0);
  });

  test("[TURN-5] a reader that goes away ends the request too", async () => {
    fake.behave({ kind: "silent", words: 2 });
    for await (const chunk of ask()) {
      expect(chunk.kind).toBe("text");
      break;
    }
    await fake.waitForAbandon(await fake.waitForRequest());
  });
});
