/** A server whose model's endpoint comes later, goes away, or changes: over HTTP. */
import type { Config, ConversationSummary, TurnResult } from "@instep/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient, type Client } from "./client.ts";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { FAKE_ANSWER } from "./openai-fake-answers.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let fake: OpenAiFake;
let app: StartedApp | null = null;
beforeEach(async () => {
  fake = await startOpenAiFake();
});
afterEach(async () => {
  await app?.stop();
  app = null;
  await fake.close();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<Client> {
  app = await startApp({ env: { OPENAI_BASE_URL: fake.baseUrl, TITLES: "words", ...env } });
  return createClient(app.url);
}

const configOf = async (client: Client) => (await client.call<Config>("/api/config")).body;

describe("an endpoint that is not there yet", () => {
  test("[MODEL-4] is told of by the config, a send says why, and once it is there everything works", async () => {
    await fake.refuse();
    const client = await start();
    expect(await configOf(client)).toMatchObject({
      models: [],
      default_model: "",
      models_problem: { code: "model_unreachable", detail: expect.stringContaining("Nothing answers at http://127") },
    });
    const { id } = await client.create();
    const failed = await client.batch(id, { message: "Hello" });
    expect(failed).toMatchObject({ status: 502, body: { code: "model_unreachable" } });
    await fake.accept();
    await expect.poll(() => configOf(client), { timeout: 10_000 }).toMatchObject({ default_model: "fake-model" });
    expect(await configOf(client)).not.toHaveProperty("models_problem");
    const sent = await client.batch<TurnResult>(id, { message: "Hello again" });
    expect(sent.body.message).toMatchObject({ content: FAKE_ANSWER, model: "fake-model" });
  });
});

describe("a model that a conversation wishes for", () => {
  test("[TURN-10] and that is not offered any more is answered for by the default", async () => {
    const client = await start({ MODELS: "fake-model" });
    const { id } = await client.create();
    await client.call(`/api/conversations/${id}`, { method: "PATCH", body: { model: "gone" } });
    const sent = await client.batch<TurnResult>(id, { message: "Hello" });
    expect(sent.body.message).toMatchObject({ content: FAKE_ANSWER, model: "fake-model" });
  });

  test("[TURN-10] can be taken back: null is the server's default, whatever that is", async () => {
    const client = await start({ MODELS: "fake-model,other" });
    const { id } = await client.create();
    const patch = async (model: string | null) =>
      (await client.call<ConversationSummary>(`/api/conversations/${id}`, { method: "PATCH", body: { model } })).body;
    expect((await patch("other")).model).toBe("other");
    expect((await patch(null)).model).toBe("fake-model");
    expect((await client.batch<TurnResult>(id, { message: "Hello" })).body.message.model).toBe("fake-model");
  });
});
