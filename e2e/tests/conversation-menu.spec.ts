/** The open conversation's menu: instructions that every device has, and its text as a file. */
import { readFile } from "node:fs/promises";
import { expect, test } from "../harness/test.ts";
import type { ChatPage } from "../harness/chat-page.ts";

async function pick(chat: ChatPage, item: string): Promise<void> {
  await chat.page.getByRole("button", { name: "Chat options" }).click();
  await chat.page.getByRole("menuitem", { name: item }).click();
}

test("instructions are kept for the conversation, and as a preset for all of them, on every device [PRESET-1]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  const field = chat.page.getByRole("textbox", { name: "Instructions" });
  await pick(chat, "Instructions");
  await expect(field).toBeEnabled();
  await field.fill("Answer in rhymes.");
  await chat.page.getByRole("button", { name: "Save as preset" }).click();
  await chat.page.keyboard.type("Poet");
  await chat.page.keyboard.press("Enter");
  await expect(chat.page.getByRole("combobox", { name: "Preset" })).toHaveValue(/./);
  await chat.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(field).toHaveCount(0);
  const other = await (await openDevice()).openTab(`/c/${id}`);
  await pick(other, "Instructions");
  await expect(other.page.getByRole("textbox", { name: "Instructions" })).toHaveValue("Answer in rhymes.");
  await other.page.getByRole("textbox", { name: "Instructions" }).fill("");
  await other.page.getByRole("combobox", { name: "Preset" }).selectOption("Poet");
  await expect(other.page.getByRole("textbox", { name: "Instructions" })).toHaveValue("Answer in rhymes.");
  await other.page.getByRole("button", { name: "Delete preset" }).click();
  await other.page.getByRole("button", { name: "Undo" }).click();
  await expect(other.page.getByRole("combobox", { name: "Preset" })).toHaveValue(/./);
  await other.page.keyboard.press("Escape");
  await other.untilFocusIsOn(other.page.getByRole("button", { name: "Chat options" }));
});

test("the open conversation's menu opens over the conversation, and not over the list", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await chat.page.getByRole("button", { name: "Chat options" }).click();
  const menu = await chat.page.getByRole("menu").boundingBox();
  const list = await chat.sidebar.boundingBox();
  expect(menu?.x).toBeGreaterThanOrEqual((list?.x ?? 0) + (list?.width ?? Infinity));
});

test("in a window that is lower than the open conversation's menu, as where all is enlarged, each of its items can be reached", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const { page } = await (await openDevice({ viewport: { width: 320, height: 200 } })).openTab(`/c/${id}`);
  await page.getByRole("button", { name: "Chat options" }).click();
  const menu = await page.getByRole("menu").boundingBox();
  expect(menu?.y).toBeGreaterThanOrEqual(0);
  expect((menu?.y ?? 0) + (menu?.height ?? Infinity)).toBeLessThanOrEqual(200);
  for (const [key, item] of [
    ["End", "last"],
    ["Home", "first"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("menuitem")[item]()).toBeInViewport({ ratio: 1 });
  }
});

test("the open conversation is renamed, exported and deleted from its header", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Bread");
  const chat = await (await openDevice()).openTab(`/c/${id}`);
  await pick(chat, "Rename");
  await chat.enterTitle("Rye bread");
  await expect(chat.title(id)).toHaveText("Rye bread");
  await expect(chat.page.getByRole("heading", { level: 1 })).toHaveText("Rye bread");
  await expect.poll(async () => (await server.api.open(id)).title).toBe("Rye bread");

  const [markdown] = await Promise.all([chat.page.waitForEvent("download"), pick(chat, "Export as Markdown")]);
  expect(markdown.suggestedFilename()).toMatch(/^rye-bread-.*\.md$/);
  expect(await readFile(await markdown.path(), "utf8")).toMatch(/^# Rye bread\n\n## You\n/);
  const [json] = await Promise.all([chat.page.waitForEvent("download"), pick(chat, "Export as JSON")]);
  const exported = JSON.parse(await readFile(await json.path(), "utf8")) as { conversations: { id: string }[] };
  expect(exported.conversations.map((one) => one.id)).toEqual([id]);

  await pick(chat, "Delete");
  await expect(chat.row(id)).toHaveCount(0);
  await expect(chat.page).toHaveURL(`${server.url}/`);
});
