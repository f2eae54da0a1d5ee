/** What `/metrics` tells about models. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startOpenAiFake, type OpenAiFake } from "./openai-fake.ts";
import { startApp, type StartedApp } from "./start-app.ts";

let fake: OpenAiFake;
let app: StartedApp;
beforeEach(async () => {
  fake = await startOpenAiFake();
  app = await startApp({ env: { OPENAI_BASE_URL: fake.baseUrl, TITLES: "words" } });
});
afterEach(async () => {
  await app.stop();
  await fake.close();
});

test("tokens are counted as the model counts them, and nobody waits", async () => {
  const id = randomUUID();
  const headers = { "content-type": "application/json" };
  await fetch(`${app.url}/api/conversations`, { method: "POST", headers, body: JSON.stringify({ id }) });
  const body = JSON.stringify({ message: "Hello", client_message_id: randomUUID() });
  const answer = await fetch(`${app.url}/api/conversations/${id}/chat/batch`, { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  const text = await (await fetch(`${app.url}/metrics`)).text();
  expect(text).toMatch(/^instep_model_tokens_total\{kind="prompt"\} [1-9]/m);
  expect(text).toMatch(/^instep_model_tokens_total\{kind="completion"\} [1-9]/m);
  expect(text).toMatch(/^instep_waiting_replies 0$/m);
});
