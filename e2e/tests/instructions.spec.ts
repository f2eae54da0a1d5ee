/** Instructions that are written before a chat has begun, and what the model gets of them. */
import type { ChatPage } from "../harness/chat-page.ts";
import { testWithModel as test } from "../harness/fake-model.ts";
import { expect } from "../harness/test.ts";

const field = (chat: ChatPage) => chat.page.getByRole("textbox", { name: "Instructions" });

async function openInstructions(chat: ChatPage): Promise<void> {
  await chat.page.getByRole("button", { name: "Chat options" }).click();
  await chat.page.getByRole("menuitem", { name: "Instructions" }).click();
}

test("instructions of a new chat are in force from its first reply on, wait through a reload, and stay with the chat", async ({
  chat,
  model,
}) => {
  await openInstructions(chat);
  await field(chat).fill("Answer in rhymes.");
  await chat.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(field(chat)).toHaveCount(0);
  await chat.page.reload();
  await chat.page.getByRole("button", { name: "With instructions" }).click();
  await expect(field(chat)).toHaveValue("Answer in rhymes.");
  await chat.page.keyboard.press("Escape");
  await expect(field(chat)).toHaveCount(0);

  await chat.send("When does the dough rest?");
  await chat.untilReplied(1);
  expect(model.requests[0]?.body.messages).toEqual([
    { role: "system", content: "Answer in rhymes." },
    { role: "user", content: "When does the dough rest?" },
  ]);
  await chat.page.reload();
  await chat.untilReplied(1);
  await openInstructions(chat);
  await expect(field(chat)).toHaveValue("Answer in rhymes.");
});
