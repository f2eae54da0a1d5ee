/** What an endpoint's list may do to a catalogue, and what a stop leaves of it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createModels, type ModelSettings } from "../src/generation/models.ts";
import { ManualEnvironment } from "./manual-environment.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";

const MEGABYTE = 1024 * 1024;
const settings: Omit<ModelSettings, "baseUrl"> = {
  apiKey: null,
  models: [],
  firstTokenTimeoutMs: 1000,
  silenceTimeoutMs: 1000,
  demoTokenDelayMs: 0,
};

let fake: OpenAiFake;
let environment: ManualEnvironment;
beforeEach(async () => {
  fake = await startOpenAiFake();
  environment = new ManualEnvironment();
});
afterEach(async () => fake.close());

const create = (more: Partial<ModelSettings> = {}) =>
  createModels({ ...settings, baseUrl: fake.baseUrl, ...more }, environment);

test("[MODEL-4] fifty models are offered of however many there are", async () => {
  fake.offer(...Array.from({ length: 60 }, (_, n) => `model-${n}`));
  const { models } = await create();
  expect(models.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `model-${n}`));
});

test("[MODEL-4] a list without end is not read to it", async () => {
  let [given, isCancelled] = [0, false];
  environment.fetch = async () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          given += MEGABYTE;
          if (given > 50 * MEGABYTE) controller.close();
          else controller.enqueue(new Uint8Array(MEGABYTE).fill(0x20));
        },
        cancel() {
          isCancelled = true;
        },
      }),
    );
  expect((await create()).models).toEqual([]);
  expect(isCancelled).toBe(true);
  expect(given).toBeLessThan(20 * MEGABYTE);
});

test("[MODEL-4] what MODELS names stays whatever the endpoint lists, also when it is asked anew", async () => {
  fake.offer("other");
  let asked = 0;
  const list = environment.fetch.bind(environment);
  environment.fetch = async (url, init) => list(url, init).finally(() => asked++);
  const catalogue = await create({ models: [{ id: "named", name: "Named" }] });
  for (const round of [1, 2]) {
    await expect.poll(() => [asked, environment.pendingTimers]).toEqual([round, 0]);
    expect(catalogue.models.map(({ id }) => id)).toEqual(["named"]);
    environment.advance(300_001);
    await catalogue.refresh();
  }
  catalogue.stop();
});

test("[MODEL-4] a stop leaves no timer, whether the list is being asked for or waited for", async () => {
  await fake.refuse();
  const waiting = await create();
  expect(environment.pendingTimers).toBe(1);
  waiting.stop();
  expect(environment.pendingTimers).toBe(0);
  environment.fetch = async (_url, { signal }) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const asking = await create({ models: [{ id: "named", name: "Named" }] });
  expect(environment.pendingTimers).toBe(1);
  asking.stop();
  await expect.poll(() => environment.pendingTimers).toBe(0);
});
