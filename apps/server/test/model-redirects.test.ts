/** An endpoint's address that leads elsewhere, as one does that is written with http in place of https. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { generationEnvironment as environment } from "../src/generation/environment.ts";
import { ModelError } from "../src/generation/model.ts";
import { listEndpointModels } from "../src/generation/openai-list.ts";
import { createOpenAiModel } from "../src/generation/openai-model.ts";
import { sendJson } from "./openai-fake-answers.ts";

const KEY = "sk-verysecret123456";
const servers: Server[] = [];
let leadsBy = 301;
let wantsKey = true;
let from: string;
/** What came with every request at the place that is led to. */
let keys: (string | null)[];
let to: string;

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  [leadsBy, wantsKey, keys] = [301, true, []];
  to = await listen(
    createServer(({ method, url, headers }, response) => {
      keys.push(headers.authorization ?? (String(headers["api-key"] ?? "") || null));
      const isRefused = wantsKey && headers.authorization !== `Bearer ${KEY}`;
      if (isRefused) return sendJson(response, 401, { error: { message: "No key" } });
      if (method === "GET") return sendJson(response, url === "/v1/models" ? 200 : 405, { data: [] });
      return sendJson(response, 429, { error: { message: "Too busy" } });
    }),
  );
  from = await listen(
    createServer(({ url = "" }, response) => {
      response.writeHead(leadsBy, { location: `${to}${url}` }).end();
    }),
  );
});

afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

const endpointOf = (baseUrl: string, apiKey: string | null) => {
  return { baseUrl, apiKey, firstTokenTimeoutMs: 5000, silenceTimeoutMs: 5000 };
};

async function failure(apiKey: string | null, path = "/v1"): Promise<unknown> {
  const model = createOpenAiModel({ id: "m", name: "m", endpoint: endpointOf(`${from}${path}`, apiKey), environment });
  const { signal } = new AbortController();
  for await (const { kind } of model.generate({ messages: [{ role: "user", content: "Hello?" }], signal })) {
    throw new Error(`The model did not fail, it said ${kind}`);
  }
  return null;
}

test.each([301, 302, 303, 307, 308])(
  "[MODEL-6] an address that leads elsewhere by %i, and loses the question or the key on the way, says where to",
  async (status) => {
    leadsBy = status;
    const error = await failure(KEY).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: "model_failed", retryable: false });
    expect((error as ModelError).detail).toContain(`set OPENAI_BASE_URL to ${to}/v1`);
  },
);

test("[MODEL-6] without a key it is told too where a question becomes a look-up", async () => {
  wantsKey = false;
  const error = await failure(null).catch((caught: unknown) => caught);
  expect((error as ModelError).detail).toContain(`set OPENAI_BASE_URL to ${to}/v1`);
});

test("[MODEL-6] one that leads on in its own place, with question and key, is told as it answers", async () => {
  leadsBy = 308;
  const own = createServer(({ url = "" }, response) => {
    if (url.startsWith("/v1")) return response.writeHead(308, { location: `/api${url}` }).end();
    return sendJson(response, 429, { error: { message: "Too busy" } });
  });
  from = await listen(own);
  expect(await failure(KEY).catch((caught: unknown) => caught)).toMatchObject({ code: "model_rate_limited" });
});

test("[MODEL-6] where it leads to no such call, as to a page for signing in, nobody is told to use that", async () => {
  from = await listen(
    createServer(({ url }, response) => {
      if (url === "/sign-in?to=secret") return sendJson(response, 403, {});
      return response.writeHead(302, { location: "/sign-in?to=secret" }).end();
    }),
  );
  const error = await failure(KEY).catch((caught: unknown) => caught);
  expect((error as ModelError).detail).toBe(
    `${from}/v1 leads to ${from}/sign-in, where requests come incomplete; check OPENAI_BASE_URL.`,
  );
});

test.each([301, 307])(
  "[SAFE-3] no key goes along to another place by %i, in whatever header it travels",
  async (status) => {
    leadsBy = status;
    for (const path of ["/v1", "/openai/deployments/gpt"]) {
      const error = await failure(KEY, path).catch((caught: unknown) => caught);
      expect((error as ModelError).detail).toContain(`set OPENAI_BASE_URL to ${to}${path}`);
    }
    expect(keys.filter((key) => key !== null)).toEqual([]);
  },
);

test("[MODEL-4] and so does the list of its models", async () => {
  const { problem } = await listEndpointModels(
    endpointOf(`${from}/v1`, KEY),
    environment,
    new AbortController().signal,
  );
  expect(problem?.detail).toContain(`set OPENAI_BASE_URL to ${to}/v1`);
});
