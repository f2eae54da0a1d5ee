/** Two tabs of one browser, and who is signed in: what happens in one of them is no secret to the other. */
import type { Page } from "@playwright/test";
import { ChatPage } from "../harness/chat-page.ts";
import { enter, enterIn, otherBrowser, signOut } from "../harness/person.ts";
import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { ALLOWED_EMAILS: "*@example.com" } });

const SECONDS = { timeout: 20_000 };
const form = (page: Page) => page.locator("form.sign-in");

test("who signs in in one tab is in in the other ones too, which stood at the form [SIGN-1]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  const others = [new ChatPage(await context.newPage()), new ChatPage(await context.newPage())];
  for (const { page } of others) {
    await page.goto(server.url);
    await page.getByLabel("Email").fill("half@writ");
  }
  const chat = await enterIn(context, "ann", { isNew: true });
  for (const { input } of others) await expect(input).toBeVisible(SECONDS);
  await chat.send("Marmalade");
  for (const { page } of others) await expect(page.locator(".conversation-title")).toHaveText(["Marmalade"], SECONDS);
});

test("a session that has ended in two tabs goes on in both when one signs in in one; what was being written is there [SIGN-3]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  const chat = await enterIn(context, "ann", { isNew: true });
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  const second = new ChatPage(await context.newPage());
  await second.page.goto(chat.page.url());
  await second.input.fill("Half a thought");
  const other = await otherBrowser(browser, server.url, "ann");
  await other.delete("/api/sessions?others=true");
  for (const { page } of [chat, second]) await expect(form(page)).toBeVisible(SECONDS);
  await enter(chat, "ann");
  await expect(second.messages).toContainText("Marmalade", SECONDS);
  await expect(second.input).toHaveValue("Half a thought");
});

test("who signs out in one tab is out in the other, which shows nothing of the next person [SIGN-3] [SYNC-9]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  const chat = await enterIn(context, "ann", { isNew: true });
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  const second = new ChatPage(await context.newPage());
  await second.page.goto(server.url);
  await expect(second.page.locator(".conversation-title")).toHaveText(["Marmalade"]);
  await Promise.all([chat.page.waitForEvent("load"), signOut(chat.page)]);
  await expect(form(second.page)).toBeVisible(SECONDS);
  await expect(second.page.locator("body")).not.toContainText("Marmalade");
  await enter(chat, "bob", { isNew: true });
  await chat.send("Quince");
  await chat.untilReplied(1);
  await expect(form(second.page)).toBeVisible();
  await expect(second.page.locator("body")).not.toContainText(/Marmalade|Quince/);
});
