import type { Route } from "@playwright/test";
import { expect, test } from "../harness/test.ts";

test("the open conversation, deleted elsewhere: one toast, the view cleared, the draft kept [DEV-10]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  await chat.input.fill("Half a thought");
  await server.api.delete(id);
  await expect(chat.toasts).toHaveCount(1);
  await expect(chat.toasts).toContainText("Bread");
  await expect(chat.row(id)).toHaveCount(0);
  await expect(chat.messages.locator(".message")).toHaveCount(0);
  await expect(chat.page).toHaveURL(`${server.url}/`);
  await expect(chat.input).toHaveValue("Half a thought");
  await server.api.create("Something else");
  await expect(chat.rows()).toHaveCount(1);
  await expect(chat.toasts).toHaveCount(1);
  await chat.toasts.getByRole("button", { name: "Restore" }).click();
  await expect(chat.page).toHaveURL(`${server.url}/c/${id}`);
  await expect(chat.input).toHaveValue("Half a thought");
  await chat.newChat.click();
  await expect(chat.input).toHaveValue("");
});

test("a message that waited while its conversation was deleted elsewhere is in the new chat's draft [DEV-10]", async ({
  chat,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  await chat.open(id);
  await expect(chat.replies()).toHaveCount(1);
  await chat.page.context().setOffline(true);
  await chat.send("Not to be lost");
  await expect(chat.messages).toContainText("Not to be lost");
  await server.api.delete(id);
  await chat.page.context().setOffline(false);
  await expect(chat.page).toHaveURL(`${server.url}/`);
  // One for both, whether or not the message may have arrived.
  await expect(chat.toasts).toHaveText([/^“Bread” was deleted elsewhere[.,] .*text is in a new chat\.Restore$/]);
  await expect(chat.input).toHaveValue("Not to be lost");
  await expect(chat.row(id)).toHaveCount(0);
});

test("a deletion elsewhere that is for good says so when Restore is tried [DEV-10]", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  await server.api.call("DELETE", `/api/conversations/${id}?permanent=true`);
  await chat.toasts.getByRole("button", { name: "Restore" }).click();
  await expect(chat.toasts).toHaveText(["It was deleted for good."]);
  await expect(chat.page).toHaveURL(`${server.url}/`);
});

test("a deletion in another tab of this browser is not told as another device's [DEV-10]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const [first, second] = [await device.openTab(`/c/${id}`), await device.openTab()];
  await expect(first.replies()).toHaveCount(1);
  await second.act(id, "Delete");
  await expect(first.toasts).toHaveText(["“Bread” was deleted elsewhereRestore"]);
});

test("a conversation that is not open, deleted elsewhere, goes without a word [SYNC-2]", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Bread");
  await expect(chat.row(id)).toBeVisible();
  await server.api.delete(id);
  await expect(chat.row(id)).toHaveCount(0);
  await expect(chat.toasts).toHaveCount(0);
});

test("Delete offers Undo, which brings it back on every device", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const [first, second] = [await (await openDevice()).openTab(), await (await openDevice()).openTab()];
  await first.act(id, "Delete");
  await expect(first.row(id)).toHaveCount(0);
  await expect(second.row(id)).toHaveCount(0);
  await first.toasts.getByRole("button", { name: "Undo" }).click();
  await expect(first.row(id)).toBeVisible();
  await expect(second.row(id)).toBeVisible();
  await expect(second.badge(id)).toHaveCount(0);
});

test("Undo of deleting the open conversation opens it again, however slow the restore is", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Bread");
  await chat.open(id);
  await chat.act(id, "Delete");
  await expect(chat.page).toHaveURL(`${server.url}/`);
  await expect.poll(() => server.api.open(id).catch((error: Error) => error.message)).toContain("404");
  const restores: Route[] = [];
  await chat.page.route(`**/api/conversations/${id}/restore`, (route) => void restores.push(route));
  await chat.toasts.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => restores.length).toBe(1);
  await expect(chat.page).toHaveURL(`${server.url}/`);
  await restores[0]?.continue();
  await expect(chat.page).toHaveURL(`${server.url}/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
});

test("a deletion is final: it does not come back with a reload [SYNC-2]", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Bread");
  const other = await server.api.conversation("Butter");
  await chat.act(id, "Delete");
  await expect.poll(() => server.api.open(id).catch((error: Error) => error.message)).toContain("404");
  await chat.page.reload();
  await expect(chat.row(other.id)).toBeVisible();
  await expect(chat.row(id)).toHaveCount(0);
});

test("the open trash follows deletions and restores from elsewhere, and the open archive what is put there", async ({
  openDevice,
  server,
}) => {
  const bread = await server.api.conversation("Bread");
  const butter = await server.api.conversation("Butter");
  const device = await openDevice();
  const [chat, otherTab] = [await device.openTab(), await device.openTab()];
  const trashed = chat.sidebar.locator(".trash-row");
  await chat.sidebar.getByRole("button", { name: "Trash" }).click();
  await expect(chat.sidebar).toContainText("The trash is empty");
  await server.api.delete(bread.id);
  await expect(trashed).toContainText(["Bread"]);
  await otherTab.act(butter.id, "Delete");
  await expect(trashed).toContainText(["Butter", "Bread"]);
  await server.api.restore(bread.id);
  await expect(trashed).toContainText(["Butter"]);
  await expect(trashed).toHaveCount(1);

  await chat.sidebar.getByRole("button", { name: "Archive" }).click();
  await expect(chat.sidebar).toContainText("Nothing archived");
  await server.api.call("PATCH", `/api/conversations/${bread.id}`, { archived: true });
  await expect(chat.row(bread.id)).toBeVisible();
  await server.api.delete(bread.id);
  await expect(chat.row(bread.id)).toHaveCount(0);
});

test.describe("with a slow model", () => {
  test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "30" } });

  test("deleting a conversation elsewhere ends the reply that is written here, with one toast [TURN-8] [DEV-4]", async ({
    chat,
    server,
  }) => {
    await chat.send("Write 3000 words about rain");
    await expect(chat.streaming()).toContainText("demo model");
    const id = chat.conversationId() ?? "";
    await server.api.delete(id);
    await expect(chat.row(id)).toHaveCount(0);
    await expect(chat.streaming()).toHaveCount(0);
    await expect(chat.stopButton).toHaveCount(0);
    await expect(chat.toasts).toHaveCount(1);
    await expect(chat.page).toHaveURL(`${server.url}/`);
  });
});
