import type { OpenAiFake } from "../../apps/server/test/openai-fake.ts";
import type { ChatPage } from "../harness/chat-page.ts";
import type { TestServer } from "../harness/server.ts";
import { testWithModel as test } from "../harness/fake-model.ts";
import { expect } from "../harness/test.ts";

// The demo model first.
test.use({ serverEnv: {} });

/** The README's second step: the same data, and a real model instead of the demo. */
async function restartWith(server: TestServer, model: OpenAiFake): Promise<void> {
  model.behave({ kind: "answer", text: "The real model speaks." });
  await server.stop();
  await server.start({ OPENAI_BASE_URL: model.baseUrl, MODELS: "llama=Llama", TITLES: "words" });
}

async function expectTurn(chat: ChatPage, replies: number): Promise<void> {
  await chat.send("And now?");
  await chat.untilReplied(replies);
  await expect(chat.replies().last()).toContainText("The real model speaks.");
}

test("after a restart with another model one can send at once, in an old chat and in a new one [TURN-10]", async ({
  openDevice,
  server,
  model,
}) => {
  const chat = await (await openDevice()).openTab();
  await chat.send("Hello");
  await chat.untilReplied(1);
  await restartWith(server, model);
  await chat.page.reload();
  await expect(chat.page.locator(".composer .model-name")).toHaveText("Llama");
  await expectTurn(chat, 2);
  await chat.newChat.click();
  await expectTurn(chat, 1);
  expect(model.requests.map(({ body }) => body["model"])).toEqual(["llama", "llama"]);
});

test("an open page notices the other model by itself, and keeps what is being written [TURN-10]", async ({
  openDevice,
  server,
  model,
}) => {
  const chat = await (await openDevice()).openTab();
  await chat.send("Hello");
  await chat.untilReplied(1);
  await chat.userMessages().first().hover();
  await chat.page.getByRole("button", { name: "Edit message" }).click();
  await chat.page.getByRole("textbox", { name: "Edit message" }).fill("Hello again");
  await restartWith(server, model);
  await expect(chat.page.locator(".composer .model-name")).toHaveText("Llama", { timeout: 20_000 });
  await expect(chat.page.getByRole("textbox", { name: "Edit message" })).toHaveValue("Hello again");
  await chat.page.keyboard.press("Escape");
  await expectTurn(chat, 2);
});

test("a chat for which a model was chosen that went goes on with the one that is offered [TURN-10]", async ({
  openDevice,
  server,
  model,
}) => {
  await server.stop();
  await server.start({ OPENAI_BASE_URL: model.baseUrl, MODELS: "one=One,two=Two", TITLES: "words" });
  model.behave({ kind: "answer", text: "First." });
  const chat = await (await openDevice()).openTab();
  const picker = chat.page.getByRole("combobox", { name: "Model" });
  await picker.selectOption("two");
  await chat.send("Hello");
  await chat.untilReplied(1);
  await expect(picker).toHaveValue("two");
  await restartWith(server, model);
  await chat.page.reload();
  await expectTurn(chat, 2);
  expect(model.requests.map(({ body }) => body["model"])).toEqual(["two", "llama"]);
});
