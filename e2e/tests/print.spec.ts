/** A conversation on paper. */
import { testWithModel as test } from "../harness/fake-model.ts";
import { expect } from "../harness/test.ts";

const LINES = 120;

test("what is printed is the conversation, from its first message to its last, dark on white, with all of its code", async ({
  openDevice,
  model,
  server,
}) => {
  const code = Array.from({ length: LINES }, (_, line) => `const line${line} = ${line};`).join("\n");
  model.behave({ kind: "answer", text: `Look:\n\n\`\`\`js\n${code}\n\`\`\`\n\nThat is all.` });
  const { id } = await server.api.conversation("Bread", 2);
  const chat = await (await openDevice({ colorScheme: "dark" })).openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(2);
  await chat.page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const part of [chat.sidebar, chat.input, chat.page.getByRole("button", { name: "Chat options" })]) {
    await expect(part).toBeHidden();
  }
  await expect(chat.page.getByRole("heading", { level: 1, name: "Bread" })).toBeVisible();
  await expect(chat.page.locator("body")).toHaveCSS("color", "rgb(29, 30, 27)");
  // All of it is on the page itself, and nothing scrolls in a part of it.
  const heights = await chat.messages.evaluate((log) => [log.clientHeight, log.scrollHeight]);
  expect(heights[0]).toBe(heights[1]);
  expect(heights[0]).toBeGreaterThan(2 * LINES * 18);
  await chat.page.emulateMedia({ media: null });
  const paper = (await chat.page.pdf({ format: "A4" })).toString("latin1");
  expect(paper.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(4);
});
