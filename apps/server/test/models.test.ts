/** Which models are offered: by the settings, by the endpoint, or the demo. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GenerationEnvironment } from "../src/generation/environment.ts";
import { createModels, parseModels, type ModelSettings } from "../src/generation/models.ts";
import { ManualEnvironment } from "./manual-environment.ts";
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

/** A request that only its end ends. */
const never: GenerationEnvironment["fetch"] = async (_url, { signal }) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

async function create(
  more: Partial<ModelSettings>,
  environment: GenerationEnvironment = new ManualEnvironment(),
  heard: (string | null)[] = [],
) {
  return createModels({ ...settings, ...more }, environment, (problem) => void heard.push(problem?.code ?? null));
}

async function offered(more: Partial<ModelSettings>) {
  const { models, defaultModel } = await create(more);
  expect(models[0]).toBe(defaultModel);
  return models.map(({ id, name }) => `${id}=${name}`);
}

async function until(isTrue: () => boolean): Promise<void> {
  await expect.poll(isTrue, { interval: 1 }).toBe(true);
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

  test("[MODEL-4] makes no name up where the endpoint can't be asked or doesn't say, and says why", async () => {
    fake.offer();
    const silent = await create({ baseUrl: fake.baseUrl });
    expect(silent).toMatchObject({ models: [], defaultModel: null, problem: { code: "model_bad_response" } });
    expect(silent.problem?.detail).toMatch(/does not say which models it has; name them in MODELS/);
    await fake.refuse();
    const away = await create({ baseUrl: fake.baseUrl });
    expect(away).toMatchObject({ models: [], defaultModel: null, problem: { code: "model_unreachable" } });
    expect(away.find("llama3.2")?.id).toBe("llama3.2");
    expect(away.find("")).toBeNull();
    // It remembers in which form a model takes a question, and no more models than are asked for.
    const known = away.find("llama3.2");
    for (let count = 0; count < 10; count++) away.find(`other ${count}`);
    expect(away.find("llama3.2")).toBe(known);
    for (let count = 0; count < 100; count++) away.find(`another ${count}`);
    expect(away.find("llama3.2")).not.toBe(known);
  });

  test("[MODEL-4] offers the deployment that a classic Azure address is of, where there is no list", async () => {
    const baseUrl = new URL("/openai/deployments/four?api-version=1", fake.baseUrl).href;
    fake.hideList();
    expect(await offered({ baseUrl })).toEqual(["four=four"]);
  });

  test("[MODEL-4] does not wait for a list longer than three seconds", async () => {
    const environment = ManualEnvironment.skipping((delayMs) => delayMs === 3_000);
    environment.fetch = never;
    const catalogue = await create({ baseUrl: fake.baseUrl }, environment);
    expect(catalogue.problem?.code).toBe("model_timeout");
  });
});

describe("a catalogue that is not known", () => {
  test("[MODEL-4] is asked for again every ten seconds, until it is known", async () => {
    const environment = new ManualEnvironment();
    await fake.refuse();
    const heard: (string | null)[] = [];
    const catalogue = await create({ baseUrl: fake.baseUrl }, environment, heard);
    environment.advance(10_000);
    await until(() => environment.startedDelays.filter((delayMs) => delayMs === 10_000).length === 2);
    await fake.accept();
    environment.advance(10_000);
    await until(() => catalogue.models.length > 0);
    expect(catalogue).toMatchObject({ defaultModel: { id: "fake-model" }, problem: null });
    expect(heard).toEqual(["model_unreachable", null]);
    await until(() => environment.pendingTimers === 0);
  });

  test("[MODEL-4] is asked for at once where somebody wants to know, but not more often than once a second", async () => {
    const environment = new ManualEnvironment();
    await fake.refuse();
    const catalogue = await create({ baseUrl: fake.baseUrl }, environment);
    await fake.accept();
    await catalogue.refresh();
    expect(catalogue.models).toEqual([]);
    environment.advance(1_001);
    await catalogue.refresh();
    expect(catalogue.models.map(({ id }) => id)).toEqual(["fake-model"]);
    expect(environment.pendingTimers).toBe(0);
  });

  test("[MODEL-4] is not waited for longer than half a second, and not asked for any more after a stop", async () => {
    await fake.refuse();
    const environment = new ManualEnvironment();
    const catalogue = await create({ baseUrl: fake.baseUrl }, environment);
    let calls = 0;
    environment.fetch = async (_url, init) => {
      calls++;
      return never(_url, init);
    };
    environment.advance(5_000);
    const told = catalogue.refresh();
    environment.advance(500);
    await told;
    catalogue.stop();
    environment.advance(100_000);
    await catalogue.refresh();
    expect(calls).toBe(1);
    await until(() => environment.pendingTimers === 0);
  });

  test("[MODEL-4] with MODELS is offered all the same, and the start hears that nothing answers", async () => {
    await fake.refuse();
    const environment = new ManualEnvironment();
    const heard: (string | null)[] = [];
    const catalogue = await create({ baseUrl: fake.baseUrl, models: [{ id: "a", name: "A" }] }, environment, heard);
    await until(() => heard.length > 0);
    expect(heard).toEqual(["model_unreachable"]);
    expect([catalogue.defaultModel?.id, catalogue.find("b")]).toEqual(["a", null]);
    catalogue.stop();
  });
});

describe("a catalogue that is old", () => {
  test("[MODEL-4] is asked for anew in the background, wherever the wall clock is put, keeps its default, and stays where the endpoint is away", async () => {
    const environment = new ManualEnvironment();
    fake.offer("one", "two");
    const catalogue = await create({ baseUrl: fake.baseUrl }, environment);
    const one = catalogue.find("one");
    fake.offer("three", "one");
    environment.advance(299_000);
    environment.stepWallClock(-3_600_000);
    await catalogue.refresh();
    expect(catalogue.models.map(({ id }) => id)).toEqual(["one", "two"]);
    environment.advance(2_000);
    await catalogue.refresh();
    await until(() => catalogue.models.length === 2 && catalogue.find("three") !== null);
    expect(catalogue.models.map(({ id }) => id)).toEqual(["one", "three"]);
    expect([catalogue.find("one"), catalogue.find("two")]).toEqual([one, null]);
    await fake.refuse();
    environment.advance(301_000);
    await catalogue.refresh();
    await until(() => catalogue.problem !== null);
    expect(catalogue.models.map(({ id }) => id)).toEqual(["one", "three"]);
    catalogue.stop();
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
