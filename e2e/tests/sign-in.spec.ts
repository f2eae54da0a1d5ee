/** Several people on one server, as the page shows it. */
import { ChatPage } from "../harness/chat-page.ts";
import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { ALLOWED_EMAILS: "*@example.com" } });

test("a person signs up, goes on after the session was ended, and signs out; another one in the same browser sees nothing of it [SIGN-1] [SIGN-3] [SYNC-9]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext();
  const chat = new ChatPage(await context.newPage());
  const { page } = chat;
  const enter = async (name: string, isNew: boolean) => {
    if (isNew) await page.getByRole("button", { name: "Make an account" }).click();
    await page.getByLabel("Email").fill(`${name}@example.com`);
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: isNew ? "Sign up" : "Sign in" }).click();
    await chat.input.waitFor();
  };
  await page.goto(server.url);
  await enter("ann", true);
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  expect((await context.request.delete(`${server.url}/api/sessions`)).status()).toBe(200);
  await expect(page.getByRole("form", { name: "Sign in" })).toBeVisible({ timeout: 15_000 });
  await enter("ann", false);
  await expect(chat.messages).toContainText("Marmalade");
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("form", { name: "Sign in" })).toBeVisible();
  await enter("bob", true);
  await expect(page.locator("body")).not.toContainText("Marmalade");
});
