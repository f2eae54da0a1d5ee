/** How often and how long a model is asked: bounds at their edges, whatever the endpoint says and the clock shows. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelError, type Model, type ModelChunk, type ModelMessage } from "../src/generation/model.ts";
import { createOpenAiModel } from "../src/generation/openai-model.ts";
import { answering } from "./case-stream.ts";
import { ManualEnvironment } from "./manual-environment.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { eventOf } from "./openai-fake-answers.ts";

const QUESTION: readonly ModelMessage[] = [{ role: "user", content: "Hi" }];

let fake: OpenAiFake;
beforeEach(async () => {
  fake = await startOpenAiFake();
});
afterEach(async () => fake.close());

interface Asked {
  readonly environment?: ManualEnvironment;
  readonly model?: Model;
  readonly messages?: readonly ModelMessage[];
  readonly signal?: AbortSignal;
}

function modelIn(environment: ManualEnvironment): Model {
  const limits = { firstTokenTimeoutMs: 60_000, silenceTimeoutMs: 60_000 };
  const endpoint = { baseUrl: fake.baseUrl, apiKey: null, ...limits };
  return createOpenAiModel({ id: "m", name: "m", endpoint, environment });
}

/** All that a model gives, and behind it the code of its error where it fails. */
async function ask(asked: Asked = {}) {
  const { environment = new ManualEnvironment(), messages = QUESTION, signal } = asked;
  const { model = modelIn(environment) } = asked;
  const chunks: (ModelChunk | string)[] = [];
  try {
    for await (const chunk of model.generate({ messages, signal: signal ?? new AbortController().signal })) {
      chunks.push(chunk);
    }
  } catch (error) {
    chunks.push(error instanceof ModelError ? error.code : String(error));
  }
  // However it went, nobody waits for this model any more.
  expect(environment.pendingTimers).toBe(0);
  return chunks;
}

/** How long a model that has said why it ends may still say something. */
const FAREWELL_MS = 6000;

const choice = (delta: object, finish_reason: string | null = null) =>
  Buffer.from(eventOf({ choices: [{ index: 0, delta, finish_reason }] }));
const usage = Buffer.from(eventOf({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }));

test("[MODEL-1] the usage that comes seconds after a reason without words is counted, whatever the clock shows", async () => {
  const environment = answering([choice({ content: "Yes" }), choice({}, "stop"), 4000, usage]);
  environment.advance(1_767_268_800_000);
  expect(await ask({ environment })).toEqual([
    { kind: "text", text: "Yes" },
    { kind: "end", stopReason: "stop", usage: { prompt_tokens: 3, completion_tokens: 4 } },
  ]);
});

test("[TURN-5] a reply that is stopped between its reason and its farewell ends as stopped, not as complete", async () => {
  fake.behave({ kind: "raw", pieces: [choice({ content: "Yes" }), choice({}, "stop")], keepsOpen: true });
  const stopping = new AbortController();
  const environment = new ManualEnvironment();
  const asking = ask({ signal: stopping.signal, environment });
  const request = await fake.waitForRequest();
  // Its reason was read: only the farewell is waited for.
  await expect.poll(() => environment.startedDelays).toContain(FAREWELL_MS);
  stopping.abort(new Error("stopped"));
  expect(await asking).toEqual([{ kind: "text", text: "Yes" }, "Error: stopped"]);
  await fake.waitForAbandon(request);
});

test.each([
  [10, 2],
  [11, 1],
])("[TURN-9] 429 with a Retry-After of %d s is asked %d times", async (seconds, times) => {
  fake.next({ kind: "status", status: 429, headers: { "retry-after": String(seconds) } });
  await ask({ environment: ManualEnvironment.skipping((delayMs) => delayMs > 1000 && delayMs < 20_000) });
  expect(fake.requests).toHaveLength(times);
});

test("[MODEL-3] an endpoint that likes no form is asked six times, and then fails", async () => {
  const words = "stream_options; max_tokens is required, unsupported; 'stream'; roles must alternate; system";
  fake.behave({ kind: "status", status: 400, body: { error: { message: words } } });
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "assistant", content: "Hello." },
    { role: "user", content: "Hi" },
  ] as const;
  expect(await ask({ messages })).toEqual(["model_failed"]);
  expect(fake.requests).toHaveLength(6);
});

test.each([401, 402, 403, 404, 429])(
  "[MODEL-3] a refusal with %i is about no form, whatever it says",
  async (status) => {
    fake.behave({
      kind: "status",
      status,
      body: { error: { message: "stream_options needs a quota" } },
      headers: { "retry-after": "60" },
    });
    await ask();
    expect(fake.requests).toHaveLength(1);
  },
);

test("[SAFE-2] of what an endpoint says of its refusal no more is read than anybody is told, however long it goes on", async () => {
  const environment = new ManualEnvironment();
  let read = 0;
  environment.fetch = async () => {
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          read += 10_000;
          if (read > 20_000_000) controller.close();
          else controller.enqueue(Buffer.from("no ".repeat(3333)));
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status: 418 });
  };
  expect(await ask({ environment })).toEqual(["model_failed"]);
  expect(read).toBeLessThan(200_000);
});

const NO_STREAM = { error: { message: "'stream' does not support true with this model" } };
const isStreamed = ({ body }: RequestInit) => typeof body === "string" && body.includes('"stream":true');

test("[MODEL-3] a model that answers in one piece may take as long as a reply may, the first time and the next", async () => {
  const whole = JSON.stringify({ choices: [{ message: { content: "Yes" }, finish_reason: "stop" }] });
  const environment = answering([Buffer.from(whole.slice(0, 20)), 600_000, Buffer.from(whole.slice(20))]);
  const answer = environment.fetch.bind(environment);
  environment.fetch = async (url, init) => {
    if (isStreamed(init)) return Response.json(NO_STREAM, { status: 400 });
    environment.advance(600_000);
    init.signal?.throwIfAborted();
    return answer(url, init);
  };
  const model = modelIn(environment);
  const expected = [{ kind: "text", text: "Yes" }, expect.objectContaining({ kind: "end" })];
  for (let count = 0; count < 2; count++) expect(await ask({ environment, model })).toEqual(expected);
});

test("[MODEL-3] one that is asked for a stream again has to begin in time", async () => {
  const environment = ManualEnvironment.skipping((delayMs) => delayMs < 2_000);
  const answers = [Response.json(NO_STREAM, { status: 400 }), Response.json({}, { status: 503 })];
  environment.fetch = async (_url, { signal }) => {
    const next = answers.shift();
    if (next) return next;
    environment.advance(60_000);
    signal?.throwIfAborted();
    throw new Error("Nobody ended this");
  };
  expect(await ask({ environment })).toEqual(["model_failed"]);
});
