/** What an edit or asking again replaces is kept, can be looked at, and comes back [MSG-5]. */
import { expect, test } from "../harness/test.ts";

test("asking an early reply again says how many messages it replaced, and Undo brings them all back [MSG-5]", async ({
  chat,
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread", 4);
  const { id: other } = await server.api.conversation("Another matter");
  const second = await (await openDevice()).openTab(`/c/${other}`);
  await chat.open(id);
  await expect(chat.replies()).toHaveCount(4);
  const before = (await server.api.open(id)).messages.map(({ content }) => content);
  const early = chat.replies().first();
  await early.hover();
  await early.getByRole("button", { name: "Ask again" }).dblclick();
  await expect(chat.toasts).toContainText(["7 messages replaced"]);
  await expect(chat.replies()).toHaveCount(1);
  await expect(chat.stopButton).toHaveCount(0);
  await expect(chat.messages).not.toContainText("Not sent");
  await chat.toasts.getByRole("button", { name: "Undo" }).click();
  await expect(chat.replies()).toHaveCount(4);
  expect((await server.api.open(id)).messages.map(({ content }) => content)).toEqual(before);
  await expect(chat.badge(id)).toHaveCount(0);
  await expect(chat.page.locator(".new-messages-banner")).toHaveCount(0);
  const { message_count: count } = await server.api.open(id);
  await expect(second.badge(id)).toHaveText(String(count - 1));
});

test("earlier versions of a reply are looked at in their place, and one is used [MSG-5]", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Bread", 1);
  await chat.open(id);
  for (const count of [2, 3]) {
    await chat.replies().first().hover();
    await chat.replies().first().getByRole("button", { name: "Ask again" }).click();
    await expect(chat.page.locator(".version-switcher")).toHaveText(`${count} / ${count}`);
  }
  const switcher = chat.page.locator(".version-switcher");
  const [, live] = (await server.api.open(id)).messages;
  await switcher.getByRole("button", { name: "Previous version" }).click();
  await expect(switcher).toHaveText("2 / 3");
  await switcher.getByRole("button", { name: "Previous version" }).click();
  await expect(switcher).toHaveText("1 / 3");
  await expect(switcher.getByRole("button", { name: "Previous version" })).toBeDisabled();
  expect((await server.api.open(id)).messages.at(-1)?.id, "looking changes nothing").toBe(live?.id);
  const shown = await chat.replies().first().getAttribute("data-message-id");
  await chat.page.getByRole("button", { name: "Use this version" }).click();
  await expect(switcher).toHaveText("3 / 3");
  await expect(chat.replies().first()).toHaveAttribute("data-message-id", shown ?? "");
  expect((await server.api.open(id)).messages.at(-1)?.id).toBe(shown);
  await expect(chat.page.locator(".new-messages-banner")).toHaveCount(0);
});

test("an edit of an early question loses nothing: Undo brings it and what followed back [MSG-5]", async ({
  chat,
  server,
}) => {
  const { id } = await server.api.conversation("Bread", 3);
  await chat.open(id);
  const before = (await server.api.open(id)).messages.map(({ id: message }) => message);
  const question = chat.userMessages().first();
  await question.hover();
  await question.getByRole("button", { name: "Edit message" }).click();
  await chat.page.locator(".edit-message textarea").fill("Quite another question");
  await chat.page
    .getByRole("button", { name: /save|send/i })
    .first()
    .click();
  await expect(chat.toasts).toContainText(["6 messages replaced"]);
  await expect(chat.replies()).toHaveCount(1);
  await chat.toasts.getByRole("button", { name: "Undo" }).click();
  await expect(chat.replies()).toHaveCount(3);
  expect((await server.api.open(id)).messages.map(({ id: message }) => message)).toEqual(before);
});
