import type { BrowserContext, Page } from "@playwright/test";
import { axeFindings } from "../harness/axe-findings.ts";
import { ChatPage } from "../harness/chat-page.ts";
import { PHONE } from "../harness/phone.ts";
import { expect, test } from "../harness/test.ts";

/** The first words that a page ever showed, from before any of its scripts ran. */
async function openGerman(context: BrowserContext, url: string): Promise<ChatPage> {
  const page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      const words = document.querySelector("#app")?.textContent ?? "";
      if (words === "") return;
      observer.disconnect();
      Object.assign(window, { firstWords: words });
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(url);
  return new ChatPage(page, "Unterhaltungen");
}

const languageOf = (page: Page) => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

test("a browser that asks for German gets it from the first word on, through the main job, and English where that is chosen", async ({
  openDevice,
  server,
}) => {
  const bread = await server.api.conversation("Brot");
  const { context } = await openDevice({ locale: "de-DE" });
  const chat = await openGerman(context, server.url);
  const { page } = chat;
  await expect(chat.status).toHaveText("Auf gleichem Stand");
  await expect(chat.newChat).toHaveText("Neuer Chat");
  expect(await page.evaluate(() => String(Reflect.get(window, "firstWords")))).not.toMatch(/New chat|Skip|Search/);
  expect(await languageOf(page)).toEqual(["de", "ltr"]);
  await expect(chat.sidebar.locator(".list-heading")).toHaveText(["Heute"]);
  expect(await axeFindings(page)).toEqual([]);

  await server.api.turn(bread.id, "Von anderswo");
  await expect(chat.badge(bread.id)).toHaveText("2");
  await expect(chat.row(bread.id)).toHaveAccessibleName(/^Brot, 2 ungelesen/);
  await page.getByRole("button", { name: "Etwas erklären" }).click();
  await chat.untilReplied(1);
  await expect(chat.messages.getByRole("article", { name: "Deine Nachricht" })).toHaveCount(1);
  await expect(chat.messages.locator("time").first()).toHaveText(/^\d{1,2}:\d{2}$/);

  await chat.row(bread.id).hover();
  await chat.row(bread.id).getByRole("button", { name: "Aktionen für die Unterhaltung" }).click();
  await page.getByRole("menuitem", { name: "Anheften" }).click();
  await expect(chat.sidebar.locator(".list-heading")).toHaveText(["Angeheftet", "Heute"]);
  await page.getByRole("searchbox", { name: "Unterhaltungen durchsuchen" }).fill("anderswo");
  await page.getByRole("list", { name: "Suchergebnisse" }).getByRole("link").first().click();
  await expect(chat.messages.locator(".message.found")).toContainText("Von anderswo");
  await page.getByRole("button", { name: "Suche leeren" }).click();

  await page.getByRole("button", { name: "Einstellungen" }).click();
  const settings = page.getByRole("dialog", { name: "Einstellungen" });
  await expect(settings.getByRole("radio", { name: "Wie der Browser" })).toBeChecked();
  expect(await axeFindings(page)).toEqual([]);
  await settings.getByRole("radio", { name: "English" }).click();
  await expect(page.getByRole("dialog", { name: "Settings" })).toBeVisible();
  expect(await languageOf(page)).toEqual(["en", "ltr"]);
  await page.reload();
  await expect(chat.newChat).toHaveText("New chat");
  await expect(page.locator('nav[aria-label="Conversations"] .list-heading')).toHaveText(["Pinned", "Today"]);
});

test("English asks for no other language's words, and another language for its own alone", async ({
  openDevice,
  server,
}) => {
  const asked: string[] = [];
  for (const locale of ["en-GB", "fr-FR", "de-CH"]) {
    const { context } = await openDevice({ locale });
    const page = await context.newPage();
    page.on("request", (request) => {
      if (/\/german-[\w-]+\.js$/.test(request.url())) asked.push(locale);
    });
    await page.goto(server.url);
    await expect(page.locator("#sync-status")).toHaveAttribute("data-state", "synced");
  }
  expect(asked).toEqual(["de-CH"]);
});

test("German is asked for along with the page's scripts, and not by them", async ({ openDevice, server }) => {
  const { context } = await openDevice({ locale: "de-DE" });
  const page = await context.newPage();
  const german = page.waitForRequest(/\/german-[\w-]+\.js$/);
  // Held until German has been asked for, the script can't be what asks.
  await page.route(/\/index-[\w-]+\.js$/, async (route) => {
    await german;
    await route.continue();
  });
  await page.goto(server.url);
  await expect(page.locator("#new-chat-btn")).toHaveText("Neuer Chat");
});

test("on the narrowest phone the trash says in German all that it says and asks", async ({ openDevice, server }) => {
  const { id } = await server.api.conversation("Brot");
  await server.api.delete(id);
  const { context } = await openDevice({ ...PHONE, viewport: { width: 320, height: 640 }, locale: "de-DE" });
  const { page } = await openGerman(context, server.url);
  await page.locator(".drawer-button button").tap();
  await page.getByRole("button", { name: "Papierkorb", exact: true }).tap();
  await page.getByRole("button", { name: "Papierkorb leeren" }).tap();
  await expect(page.getByRole("button", { name: "Alles endgültig löschen" })).toBeInViewport({ ratio: 1 });
  const cut = await page.locator(".trash-days").evaluate((days) => days.scrollWidth - days.clientWidth);
  expect(cut).toBe(0);
});
