/** The tests' `test` with a model of their own, which answers as they say, in the place of the built-in one. */
import { startOpenAiFake, type OpenAiFake } from "../../apps/server/test/openai-fake.ts";
import { test as base } from "./test.ts";
import type { Variables } from "./server.ts";

/** What a server is told of the model. */
export function fakeModelSettings(model: OpenAiFake): Variables {
  return {
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_API_KEY: "a-key-of-the-test",
    MODELS: "fake-model=Fake",
    TITLES: "words",
  };
}

export const testWithModel = base.extend<{ model: OpenAiFake }>({
  model: async ({ browserName: _browserName }, use) => {
    const model = await startOpenAiFake();
    await use(model);
    await model.close();
  },
  serverEnv: ({ model }, use) => use(fakeModelSettings(model)),
});
