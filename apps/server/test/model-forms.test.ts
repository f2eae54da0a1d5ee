/** What an endpoint refuses and can do without is left out, found out once and remembered; over HTTP. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generationEnvironment } from "../src/generation/environment.ts";
import type { Model, ModelMessage } from "../src/generation/model.ts";
import { createOpenAiModel } from "../src/generation/openai-model.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { FAKE_ANSWER, type FakeRequest } from "./openai-fake-answers.ts";

let fake: OpenAiFake;
beforeEach(async () => {
  fake = await startOpenAiFake();
});
afterEach(async () => fake.close());

const QUESTION: readonly ModelMessage[] = [{ role: "user", content: "Hello?" }];

function makeModel(baseUrl = fake.baseUrl): Model {
  const endpoint = { baseUrl, apiKey: "key-12345678", firstTokenTimeoutMs: 20_000, silenceTimeoutMs: 20_000 };
  return createOpenAiModel({ id: "fake-model", name: "Fake", endpoint, environment: generationEnvironment });
}

async function ask(model: Model, messages = QUESTION): Promise<string> {
  let text = "";
  for await (const chunk of model.generate({ messages, signal: new AbortController().signal })) {
    if (chunk.kind === "text") text += chunk.text;
  }
  return text;
}

function refusing(isRefused: (body: FakeRequest["body"]) => boolean, message: unknown, status = 400) {
  const body = typeof message === "string" ? { error: { message } } : message;
  fake.behave({ kind: "picky", refuses: (asked) => (isRefused(asked) ? { status, body } : null) });
}

const rolesOf = (body: FakeRequest["body"]) => (body.messages ?? []).map(({ role }) => role);
const given = JSON.parse(readFileSync(new URL("./cases/e06-stream-options-refused.json", import.meta.url), "utf8")) as {
  readonly status: number;
  readonly body: unknown;
};

describe("stream_options", () => {
  test.each<[number, unknown]>([
    [given.status, given.body],
    [400, "Unknown field: stream_options"],
    [400, "Unrecognized request argument supplied: stream_options"],
    [400, { object: "error", message: "[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options')}]" }],
    [422, { detail: [{ loc: ["body", "stream_options"], msg: "extra fields not permitted" }] }],
    [422, { detail: [{ loc: ["body"], msg: "Extra inputs are not permitted" }] }],
    [400, 'json: unknown field "stream_options"'],
    [500, { message: "Additional properties are not allowed ('stream_options' was unexpected)" }],
    [400, "Unsupported parameter(s): `stream_options`"],
  ])("[MODEL-3] refused with %i %j are left out, found out once", async (status, message) => {
    refusing((body) => "stream_options" in body, message, status);
    const model = makeModel();
    expect([await ask(model), await ask(model)]).toEqual([FAKE_ANSWER, FAKE_ANSWER]);
    expect(fake.requests.map(({ body }) => "stream_options" in body)).toEqual([true, false, false]);
  });
});

describe("roles", () => {
  const history: readonly ModelMessage[] = [
    { role: "system", content: "Be kind." },
    { role: "assistant", content: "Welcome" },
    { role: "user", content: "One" },
    { role: "user", content: "Two" },
  ];

  function isAlternating(body: FakeRequest["body"]): boolean {
    const roles = rolesOf(body).filter((role, index) => index > 0 || role !== "system");
    return roles.every((role, index) => role === (index % 2 === 0 ? "user" : "assistant"));
  }

  test.each([
    "Conversation roles must alternate user/assistant/user/assistant/...",
    "After the optional system message, conversation roles must alternate user/assistant",
    "jinja2.exceptions.TemplateError: first message must be from user",
  ])("[MODEL-3] that have to alternate are brought to do so: %o", async (message) => {
    refusing((body) => !isAlternating(body), message);
    const model = makeModel();
    expect([await ask(model, history), await ask(model, history)]).toEqual([FAKE_ANSWER, FAKE_ANSWER]);
    expect(fake.requests).toHaveLength(3);
    expect(fake.requests[2]?.body.messages?.at(-1)).toEqual({ role: "user", content: "One\n\nTwo" });
  });

  test.each([
    "System role not supported",
    "Developer instruction is not enabled for models/gemma-3-27b-it",
    "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
  ])("[MODEL-3] of which there is none for instructions give them to the user: %o", async (message) => {
    refusing((body) => rolesOf(body).includes("system"), message);
    const [system, , ...rest] = history;
    expect(await ask(makeModel(), system ? [system, ...rest] : [])).toBe(FAKE_ANSWER);
    expect(fake.requests.at(-1)?.body.messages).toEqual([{ role: "user", content: "Be kind.\n\nOne\n\nTwo" }]);
  });

  test("[MODEL-3] neighbours of one role are one message for every endpoint", async () => {
    await ask(makeModel(), history);
    expect(rolesOf(fake.requests[0]?.body ?? {})).toEqual(["system", "assistant", "user"]);
  });
});

describe("other members", () => {
  test("[MODEL-3] a limit that is insisted on is given, by the name that the model knows", async () => {
    fake.behave({
      kind: "picky",
      refuses: (body) => {
        if ("max_tokens" in body) {
          const message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
          return { status: 400, body: { error: { message } } };
        }
        if ("max_completion_tokens" in body) return null;
        return { status: 422, body: { detail: [{ loc: ["body", "max_tokens"], msg: "Field required" }] } };
      },
    });
    const model = makeModel();
    expect([await ask(model), await ask(model)]).toEqual([FAKE_ANSWER, FAKE_ANSWER]);
    expect(fake.requests).toHaveLength(4);
  });

  test.each([
    [400, "Unsupported value: 'stream' does not support true with this model."],
    [400, "This model does not support streaming."],
    [500, "Streaming is not supported for this model"],
    [500, "Stream mode unsupported"],
    [500, "The model doesn't support streaming"],
  ])("[MODEL-3] a model that can't stream answers in one piece, found out once: %i %s", async (status, message) => {
    refusing((body) => body["stream"] === true, message, status);
    const model = makeModel();
    expect([await ask(model), await ask(model)]).toEqual([FAKE_ANSWER, FAKE_ANSWER]);
    expect(fake.requests.map(({ body }) => body["stream"])).toEqual([true, false, false]);
  });

  test.each(["bad request", "the system is overloaded", "roles must alternate", "Extra inputs are not permitted"])(
    "[MODEL-3] an endpoint that refuses everything with %o is asked a bounded number of times",
    async (message) => {
      refusing(() => true, message);
      await expect(ask(makeModel())).rejects.toThrow(message);
      expect(fake.requests.length).toBeLessThanOrEqual(2);
    },
  );

  test("[MODEL-3] what one model refuses is not held against another", async () => {
    refusing((body) => "stream_options" in body, "stream_options");
    await ask(makeModel());
    fake.behave({ kind: "answer" });
    await ask(makeModel());
    expect(fake.requests.at(-1)?.body).toHaveProperty("stream_options");
  });
});

describe("a refusal that may have passed by the next time", () => {
  const history: readonly ModelMessage[] = [{ role: "system", content: "Be kind." }, ...QUESTION];

  test.each([
    [500, "Internal system error, message: try again later"],
    [409, "The system is being updated"],
    [500, "Stopped after 3 consecutive failures"],
    [500, "The upstream is not available"],
    [500, "Unexpected argument in a worker"],
  ])("[MODEL-3] is no reason to ask in a plainer form from then on: %i %o", async (status, message) => {
    const model = makeModel();
    fake.next({ kind: "status", status, body: { error: { message } } });
    await ask(model, history).catch(() => undefined);
    expect(await ask(model, history)).toBe(FAKE_ANSWER);
    expect(fake.requests.at(-1)?.body).toEqual(fake.requests[0]?.body);
  });

  test("[MODEL-3] is none to forget what was surely refused before it", async () => {
    const model = makeModel();
    refusing((body) => "stream_options" in body, "Unknown field: stream_options");
    fake.next({ kind: "status", status: 400, body: { error: { message: "Unknown field: stream_options" } } });
    fake.next({ kind: "status", status: 500, body: { error: { message: "The system is being updated" } } });
    expect(await ask(model, history)).toBe(FAKE_ANSWER);
    expect(await ask(model, history)).toBe(FAKE_ANSWER);
    const forms = fake.requests.map(({ body }) => ["stream_options" in body, rolesOf(body).includes("system")]);
    expect(forms).toEqual([
      [true, true],
      [false, true],
      [false, false],
      [false, true],
    ]);
  });

  test.each([
    [500, "jinja2.exceptions.TemplateError: System role not supported"],
    [500, "Value is not callable in the chat template: raise_exception"],
    [409, "A developer instruction is not taken by this model"],
  ])("[MODEL-3] is one where it names what it refuses: %i %o", async (status, message) => {
    refusing((body) => rolesOf(body).includes("system"), message, status);
    const model = makeModel();
    expect([await ask(model, history), await ask(model, history)]).toEqual([FAKE_ANSWER, FAKE_ANSWER]);
    expect(fake.requests).toHaveLength(3);
  });
});

describe("a connection that is closed before anything came", () => {
  test("[MODEL-3] is asked again once, and nobody notices", async () => {
    fake.next({ kind: "reset" });
    expect(await ask(makeModel())).toBe(FAKE_ANSWER);
    expect(fake.requests).toHaveLength(2);
  });

  test("[MODEL-3] twice is a failure", async () => {
    fake.behave({ kind: "reset" });
    await expect(ask(makeModel())).rejects.toThrow("model_unreachable");
    expect(fake.requests).toHaveLength(2);
  });

  test("[MODEL-3] after the status is asked again once too, but not after a word", async () => {
    fake.next({ kind: "reset", isAfterStatus: true });
    expect(await ask(makeModel())).toBe(FAKE_ANSWER);
    fake.next({ kind: "cut", words: 0 });
    await expect(ask(makeModel())).rejects.toThrow("model_interrupted");
    expect(fake.requests).toHaveLength(3);
  });
});

describe("an address", () => {
  test.each([
    ["/v1", "/v1/chat/completions"],
    ["/v1/", "/v1/chat/completions"],
    ["/v1?api-version=2024-10-21", "/v1/chat/completions?api-version=2024-10-21"],
    ["/openai/deployments/four?api-version=1", "/openai/deployments/four/chat/completions?api-version=1"],
  ])("[MODEL-3] of %s is asked at %s", async (base, path) => {
    expect(await ask(makeModel(new URL(base, fake.baseUrl).href))).toBe(FAKE_ANSWER);
    expect(fake.requests[0]?.path).toBe(path);
  });

  test("[MODEL-3] of Azure gets its key in Azure's header", async () => {
    await ask(makeModel(new URL("/openai/deployments/four?api-version=1", fake.baseUrl).href));
    expect(fake.requests[0]).toMatchObject({ apiKey: "key-12345678", authorization: null });
  });
});
