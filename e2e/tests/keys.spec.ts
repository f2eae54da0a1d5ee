import type { Locator } from "@playwright/test";
import { axeFindings } from "../harness/axe-findings.ts";
import { expect, test } from "../harness/test.ts";

test("the palette leads by keys alone to a chat, to the words of a message, and to what can be done", async ({
  openDevice,
  server,
}) => {
  const bread = await server.api.conversation("Bread without kneading");
  const coast = await server.api.conversation("A trip to the coast");
  await server.api.turn(coast.id, "Where do the lighthouses stand?");
  const chat = await (await openDevice()).openTab();
  const { keyboard } = chat.page;
  const palette = chat.page.locator('[role="dialog"][aria-label="Command palette"]');
  await expect(chat.row(bread.id)).toBeVisible();

  await keyboard.press("ControlOrMeta+k");
  await expect(palette).toBeVisible();
  await expect(palette.getByRole("option")).not.toHaveCount(0);
  expect(await axeFindings(chat.page)).toEqual([]);
  await keyboard.type("knead");
  await expect(palette.getByRole("option").first()).toContainText("Bread without kneading");
  await keyboard.press("Enter");
  await expect(palette).toHaveCount(0);
  await expect(chat.row(bread.id)).toHaveAttribute("aria-current", "page");

  await keyboard.press("ControlOrMeta+k");
  await keyboard.type("lighthouses");
  const hit = palette.getByRole("option", { name: /lighthouses/ }).first();
  await expect(hit).toBeVisible();
  await hit.click();
  await expect(chat.messages.locator(".message.found")).toContainText("lighthouses");
  expect(chat.conversationId()).toBe(coast.id);

  await keyboard.press("ControlOrMeta+k");
  await keyboard.type("dark theme");
  await keyboard.press("Enter");
  await expect(chat.page.locator("html")).toHaveAttribute("data-theme", "dark");
  await keyboard.press("ControlOrMeta+k");
  await keyboard.press("Escape");
  await expect(palette).toHaveCount(0);
  await chat.untilFocusIsOn(chat.input);
});

test("keys: the list of them, the sidebar, the next unread chat, a new chat, and a reply that is stopped", async ({
  openDevice,
  server,
}) => {
  const bread = await server.api.conversation("Bread");
  const coast = await server.api.conversation("Coast");
  const chat = await (await openDevice()).openTab(`/c/${bread.id}`);
  const { keyboard } = chat.page;
  await expect(chat.replies()).toHaveCount(1);

  await chat.row(bread.id).locator("a").focus();
  await keyboard.press("?");
  const keys = chat.page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(keys).toBeVisible();
  expect(await axeFindings(chat.page)).toEqual([]);
  await keyboard.press("Escape");
  await expect(keys).toHaveCount(0);

  await keyboard.press("ControlOrMeta+b");
  await expect(chat.sidebar).toBeHidden();
  await chat.page.reload();
  await expect(chat.replies()).toHaveCount(1);
  await expect(chat.sidebar).toBeHidden();
  await chat.page.getByRole("button", { name: /^Show conversations/ }).click();
  await expect(chat.sidebar).toBeVisible();

  await server.api.turn(coast.id, "Which road?");
  await expect(chat.badge(coast.id)).toHaveText("2");
  await chat.input.focus();
  await keyboard.press("Alt+Shift+ArrowDown");
  await expect(chat.row(coast.id)).toHaveAttribute("aria-current", "page");

  await keyboard.press("ControlOrMeta+Shift+O");
  await chat.untilFocusIsOn(chat.input);
  await expect(chat.page).toHaveURL(/\/$/);
  await chat.input.fill("Write 3000 words about rain");
  await keyboard.press("Enter");
  await expect(chat.stopButton).toBeVisible();
  await keyboard.press("Escape");
  await expect(chat.stopButton).toHaveCount(0);
  await expect(chat.streaming()).toHaveCount(0);
});

test("a toast is reached by F6, and Ctrl with Z is its Undo where no text field has the focus", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const other = await server.api.conversation("Coast");
  const chat = await (await openDevice()).openTab();
  const { keyboard } = chat.page;
  await chat.row(id).locator("a").focus();
  await keyboard.press("Delete");
  await expect(chat.row(id)).toHaveCount(0);
  await chat.untilFocusIsOn(chat.row(other.id).locator("a"));
  await expect(chat.toasts).toHaveCount(1);
  await keyboard.press("F6");
  await chat.untilFocusIsOn(chat.toasts.getByRole("button", { name: "Undo" }));
  await keyboard.press("F6");
  await chat.untilFocusIsOn(chat.row(other.id).locator("a"));
  await keyboard.press("ControlOrMeta+z");
  await expect(chat.row(id)).toBeVisible();
  await expect(chat.toasts).toHaveCount(0);
});

test("the Escape that takes back what an input method composes leaves what was searched for, and the palette", async ({
  chat,
}) => {
  const { keyboard } = chat.page;
  const search = chat.page.getByRole("searchbox", { name: "Search conversations" });
  const palette = chat.page.getByRole("dialog", { name: "Command palette" });
  const takeBack = (field: Locator) => field.dispatchEvent("keydown", { key: "Escape", isComposing: true });
  await search.fill("bread");
  await takeBack(search);
  await expect(search).toHaveValue("bread");
  await search.press("Escape");
  await expect(search).toHaveValue("");
  await keyboard.press("ControlOrMeta+k");
  await takeBack(palette.getByRole("combobox"));
  await expect(palette).toBeVisible();
  await keyboard.press("Escape");
  await expect(palette).toHaveCount(0);
});

test.describe("while a reply is written", () => {
  test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "60" } });

  test("Escape in the bar of a selection, or on a button of a message that is edited, ends that alone", async ({
    chat,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread");
    const coast = await server.api.create("Coast");
    const { keyboard } = chat.page;
    await chat.open(id);
    await chat.userMessages().first().hover();
    await chat.userMessages().first().getByRole("button", { name: "Edit" }).click();
    const field = chat.page.getByRole("textbox", { name: "Edit message" });
    await chat.untilFocusIsOn(field);
    await chat.send("Write 3000 words about rain");
    await expect(chat.streaming()).toContainText(/\w+/);

    await chat
      .row(coast.id)
      .locator("a")
      .click({ modifiers: ["ControlOrMeta"] });
    const bar = chat.page.getByRole("toolbar", { name: "Selected chats" });
    await bar.getByRole("button", { name: "Select none" }).focus();
    await keyboard.press("Escape");
    await expect(bar).toHaveCount(0);
    await chat.untilFocusIsOn(chat.row(coast.id).locator("a"));

    await chat.page.getByRole("button", { name: "Cancel" }).focus();
    await keyboard.press("Escape");
    await expect(field).toHaveCount(0);

    await expect(chat.stopButton).toBeEnabled();
    await keyboard.press("Escape");
    await expect(chat.stopButton).toHaveCount(0);
  });
});
