import type { FakeBehaviour } from "../../apps/server/test/openai-fake-answers.ts";
import { fakeModelSettings, testWithModel as test } from "../harness/fake-model.ts";
import { expect } from "../harness/test.ts";

test("an OpenAI-compatible endpoint answers: streamed, and with the key [TURN-1]", async ({ chat, model }) => {
  const text = `One two ${"three four ".repeat(8)}seven eight`;
  model.behave({ kind: "answer", text, tokenDelayMs: 300 });
  await chat.send("Count");
  await expect(chat.streaming()).toContainText("One two");
  await chat.untilReplied(1);
  await expect(chat.replies().first()).toContainText("seven eight");
  expect(model.requests[0]?.authorization).toBe("Bearer a-key-of-the-test");
  expect(model.requests[0]?.body["stream"]).toBe(true);
});

test("Stop ends the request to the model [TURN-5]", async ({ chat, model, server }) => {
  model.behave({ kind: "answer", text: "word ".repeat(500), tokenDelayMs: 20 });
  await chat.send("Go on");
  await expect(chat.streaming()).toContainText("word");
  const request = await model.waitForRequest();
  await chat.stopButton.click();
  await model.waitForAbandon(request);
  await chat.untilReplied(1);
  expect((await server.api.open(chat.conversationId() ?? "")).messages.at(-1)?.status).toBe("stopped");
});

test("in a short chat, too, a question goes to the top when it is sent, and stays there: while its reply grows, and where it fails", async ({
  chat,
  model,
}) => {
  const belowTop = (question: number) =>
    chat
      .userMessages()
      .nth(question)
      .evaluate((element) => {
        const log = element.closest("#messages");
        const row = element.closest(".message-row");
        return (row?.getBoundingClientRect().top ?? 0) - (log?.getBoundingClientRect().top ?? 0);
      });
  model.behave({ kind: "answer", text: "One two three" });
  await chat.send("First");
  await chat.untilReplied(1);
  model.behave({ kind: "answer", text: "word ".repeat(40), tokenDelayMs: 100 });
  await chat.send("Second");
  await expect(chat.streaming()).toContainText("word");
  await expect.poll(() => belowTop(1)).toBeCloseTo(12, -1);
  await chat.untilReplied(2);
  await expect.poll(() => belowTop(1)).toBeCloseTo(12, -1);
  model.behave({ kind: "status", status: 500 });
  await chat.send("Third");
  await expect(chat.page.locator(".turn-problem")).toBeVisible();
  await expect.poll(() => belowTop(2)).toBeCloseTo(12, -1);
});

type FailureCase = readonly [name: string, behaviour: FakeBehaviour | "refuse", words: RegExp];

const FAILURES: readonly FailureCase[] = [
  ["refuses the connection", "refuse", /reach/i],
  ["answers 401", { kind: "status", status: 401 }, /key/i],
  ["answers 429", { kind: "status", status: 429 }, /often|rate|busy|limit|wait/i],
  ["answers 404", { kind: "status", status: 404 }, /"fake-model" was not found at http.*OPENAI_BASE_URL/],
  ["answers 400", { kind: "status", status: 400 }, /"fake-model" at http.*refused this with 400.*choose another model/],
  ["answers 500", { kind: "status", status: 500 }, /could not answer/i],
  ["breaks off in the middle", { kind: "cut", words: 4 }, /middle|interrupted|broke|stopped/i],
];
const TIMEOUTS: readonly FailureCase[] = [
  ["falls silent", { kind: "silent", words: 4 }, /long|silent|time/i],
  ["never begins", { kind: "answer", firstTokenDelayMs: 5000 }, /long|silent|time/i],
];

function isShown([name, behaviour, words]: FailureCase): void {
  test(`a model that ${name} is shown so that a person understands it, and can be asked again [TURN-9]`, async ({
    chat,
    model,
    server,
  }) => {
    if (behaviour === "refuse") await model.refuse();
    else model.behave(behaviour);
    await chat.send("When does the dough rest?");
    const failure = chat.messages.locator(".message-ending");
    await expect(failure).toContainText(words, { timeout: 20_000 });
    await expect(chat.userMessages()).toHaveCount(1);
    await expect(chat.streaming()).toHaveCount(0);
    await expect(chat.stopButton).toHaveCount(0);

    if (behaviour === "refuse") await model.accept();
    model.behave({ kind: "answer", text: "Twelve to eighteen hours." });
    await failure.getByRole("button", { name: "Try again" }).click();
    await expect(chat.replies()).toContainText(["Twelve to eighteen hours."]);
    await chat.untilReplied(1);
    await expect(failure).toHaveCount(0);
    const { messages } = await server.api.open(chat.conversationId() ?? "");
    expect(messages.filter(({ role }) => role === "user")).toHaveLength(1);
    expect(messages.at(-1)?.status).toBe("complete");
  });
}

for (const failure of FAILURES) isShown(failure);

test.describe("with little patience", () => {
  test.use({
    serverEnv: ({ model }, use) =>
      use({ ...fakeModelSettings(model), MODEL_FIRST_TOKEN_TIMEOUT_SECONDS: "3", MODEL_SILENCE_TIMEOUT_SECONDS: "1" }),
  });

  for (const failure of TIMEOUTS) isShown(failure);
});
