import type { ChatPage } from "../harness/chat-page.ts";
import { expect, test } from "../harness/test.ts";

test("a whole reply at once, where streaming is turned off [TURN-1] [DEV-5]", async ({ chat, server }) => {
  await openSettings(chat);
  const search = chat.page.getByRole("searchbox", { name: "Search settings" });
  await search.fill("badges");
  await expect(chat.page.getByRole("dialog").getByRole("switch")).toHaveCount(0);
  await search.press("Escape");
  await expect(search).toHaveValue("");
  await chat.page.getByRole("switch", { name: /Show replies while they are written/ }).click();
  await chat.page.keyboard.press("Escape");
  const asked: string[] = [];
  chat.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await chat.send("When does the dough rest?");
  await expect(chat.replies().first()).toContainText("demo model");
  await chat.untilReplied(1);
  expect(asked.some((path) => path.endsWith("/chat/batch"))).toBe(true);
  expect(asked.some((path) => path.endsWith("/chat/stream"))).toBe(false);
  await expect(chat.badge(chat.conversationId() ?? "")).toHaveCount(0);
  await expect(chat.banner).toHaveCount(0);
  expect((await server.api.open(chat.conversationId() ?? "")).messages).toHaveLength(2);
});

test("shared reading: choosing it reads everything, and a turn that ends on screen is read everywhere [DEV-3]", async ({
  openDevice,
  server,
}) => {
  const [bread, butter] = [await server.api.conversation("Bread"), await server.api.conversation("Butter")];
  const [first, second] = [await (await openDevice()).openTab(), await (await openDevice()).openTab()];
  await server.api.turn(bread.id, "From elsewhere");
  await expect(first.badge(bread.id)).toHaveText("2");
  await first.act(butter.id, "Delete");
  await expect(first.page.getByRole("button", { name: "Undo" })).toBeVisible();
  await openSettings(first);
  await first.page.getByRole("switch", { name: /Share reading between devices/ }).click();
  await first.page.keyboard.press("Escape");
  // The device is made anew, and what the former one offered with it.
  await expect(first.page.getByRole("button", { name: "Undo" })).toHaveCount(0, { timeout: 8000 });
  await expect(first.badge(bread.id)).toHaveCount(0);
  await expect(second.badge(bread.id)).toHaveCount(0);
  expect((await server.api.open(bread.id)).unread_count).toBe(0);

  await first.open(bread.id);
  await first.send("On screen");
  await first.untilReplied(3);
  await expect.poll(async () => (await server.api.open(bread.id)).unread_count).toBe(0);

  await server.api.turn(bread.id, "From elsewhere again");
  await second.page.reload();
  await expect(second.badge(bread.id)).toHaveText("2");
});

test("a choice that the server did not take is taken back, and the open dialog says why", async ({ chat }) => {
  await chat.page.route("**/api/me", (route) =>
    route.request().method() === "PATCH" ? route.abort() : route.continue(),
  );
  await openSettings(chat);
  const dialog = chat.page.getByRole("dialog");
  const choice = dialog.getByRole("switch", { name: /Share reading between devices/ });
  await choice.click();
  await expect(dialog.getByRole("alert")).toContainText("The server can't be reached.");
  await expect(choice).not.toBeChecked();
  await chat.page.unrouteAll({ behavior: "wait" });
  await choice.click();
  await expect(choice).toBeChecked();
  await expect(dialog.getByRole("alert")).toHaveCount(0);
});

test("mark all as read clears every device, and Undo brings the badges back [DEV-3]", async ({
  openDevice,
  server,
}) => {
  const [bread, butter] = [await server.api.conversation("Bread"), await server.api.conversation("Butter")];
  const [first, second] = [await (await openDevice()).openTab(), await (await openDevice()).openTab()];
  for (const { id } of [bread, butter]) await server.api.turn(id, "From elsewhere");
  for (const { id } of [bread, butter]) await expect(second.badge(id)).toHaveText("2");
  await openSettings(first);
  await first.page.getByRole("button", { name: "Mark all as read" }).click();
  for (const tab of [first, second]) await expect(tab.sidebar.locator(".unread-badge")).toHaveCount(0);
  await first.toasts.getByRole("button", { name: "Undo" }).click();
  for (const { id } of [bread, butter]) await expect(second.row(id)).toHaveAccessibleName(/unread/);
});

test("a theme that is chosen stays with the device", async ({ chat }) => {
  await openSettings(chat);
  await chat.page.getByRole("radio", { name: "Dark" }).check();
  await expect(chat.page.locator("html")).toHaveAttribute("data-theme", "dark");
  await chat.page.reload();
  await expect(chat.page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a setting that is changed in one tab holds in the others", async ({ openDevice }) => {
  const device = await openDevice();
  const [first, second] = [await device.openTab(), await device.openTab()];
  await openSettings(first);
  await first.page.getByRole("radio", { name: "Dark" }).check();
  await expect(second.page.locator("html")).toHaveAttribute("data-theme", "dark");
  await first.page.getByRole("switch", { name: /Show replies while they are written/ }).click();
  await openSettings(second);
  await expect(second.page.getByRole("radio", { name: "Dark" })).toBeChecked();
  await expect(second.page.getByRole("switch", { name: /Show replies while they are written/ })).not.toBeChecked();
  await second.page.keyboard.press("Escape");
  const asked = second.page.waitForRequest(/\/chat\/(?:batch|stream)$/);
  await second.send("When does the dough rest?");
  expect((await asked).url()).toMatch(/batch$/);
});

test("the status panel says when it was last in step, and why a conversation is unread", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Bread");
  await chat.open(id);
  await chat.status.click();
  const panel = chat.page.getByRole("dialog");
  await expect(panel.getByRole("button", { name: "Sync now" })).toBeVisible();
  await expect(panel).toContainText("What is unread, and why");
});

test("search finds words of messages and opens the conversation", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Bread");
  await server.api.turn(id, "The marzipan question");
  await chat.page.getByRole("searchbox").or(chat.page.getByPlaceholder("Search")).first().fill("marzipan");
  await chat.sidebar.getByText("marzipan").first().click();
  await expect(chat.page).toHaveURL(new RegExp(`/c/${id}`));
  await expect(chat.messages).toContainText("The marzipan question");
});

async function openSettings(chat: ChatPage): Promise<void> {
  await chat.page.getByRole("button", { name: "Settings" }).click();
  await expect(chat.page.getByRole("dialog")).toBeVisible();
}
