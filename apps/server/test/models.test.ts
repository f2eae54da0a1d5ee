/** Which models are offered: by the settings, by the endpoint, or the demo. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemEnvironment, type GenerationEnvironment } from "../src/generation/environment.ts";
import { createModels, parseModels, type ModelSettings } from "../src/generation/models.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";

const settings: ModelSettings = {
  baseUrl: null,
  apiKey: null,
  models: [],
  firstTokenTimeoutMs: 1000,
  silenceTimeoutMs: 1000,
  demoTokenDelayMs: 0,
};

let fake: OpenAiFake;
beforeEach(async () => {
  fake = await startOpenAiFake();
});
afterEach(async () => fake.close());

async function offered(more: Partial<ModelSettings>, environment: GenerationEnvironment = systemEnvironment) {
  const { models, defaultModel } = await createModels({ ...settings, ...more }, environment);
  expect(models[0]).toBe(defaultModel);
  return models.map(({ id, name }) => `${id}=${name}`);
}

describe("createModels", () => {
  test("offers the demo model where there is no endpoint", async () => {
    expect(await offered({})).toEqual(["demo=Demo model"]);
  });

  test("offers what MODELS names, the first one the default, without asking the endpoint", async () => {
    const models = [
      { id: "b", name: "Bee" },
      { id: "a", name: "a" },
    ];
    await fake.refuse();
    expect(await offered({ baseUrl: fake.baseUrl, models })).toEqual(["b=Bee", "a=a"]);
  });

  test("asks the endpoint where MODELS names none, and passes over what can't chat", async () => {
    fake.offer("llama3.2", "nomic-embed-text", "qwen3", "llama3.2", "tts-1");
    expect(await offered({ baseUrl: fake.baseUrl })).toEqual(["llama3.2=llama3.2", "qwen3=qwen3"]);
  });

  test("offers something that can be tried where the endpoint does not say what it has", async () => {
    await fake.refuse();
    expect(await offered({ baseUrl: fake.baseUrl })).toEqual(["gpt-4o-mini=gpt-4o-mini"]);
  });

  test("does not wait for a list longer than three seconds", async () => {
    const environment: GenerationEnvironment = {
      ...systemEnvironment,
      fetch: async (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("aborted")));
        }),
      startTimer: (delayMs, callback) => {
        expect(delayMs).toBe(3_000);
        return systemEnvironment.startTimer(0, callback);
      },
    };
    expect(await offered({ baseUrl: fake.baseUrl }, environment)).toEqual(["gpt-4o-mini=gpt-4o-mini"]);
  });
});

describe("parseModels", () => {
  test.each([
    ["a", [{ id: "a", name: "a" }]],
    [
      " a = Model A , b=B=2,c= ",
      [
        { id: "a", name: "Model A" },
        { id: "b", name: "B=2" },
        { id: "c", name: "c" },
      ],
    ],
    ["org/model:7b,", [{ id: "org/model:7b", name: "org/model:7b" }]],
    [" , ", null],
    [`${"m".repeat(201)}=Long`, null],
    ["=Name", null],
    ["a,a=Again", null],
  ])("reads %o as %o", (text, expected) => {
    expect(parseModels(text)).toEqual(expected);
  });
});
