/** Passkeys, with Chromium's own authenticator in software: from adding one to signing in with it. */
import type { CDPSession, Page } from "@playwright/test";
import { ChatPage } from "../harness/chat-page.ts";
import { enter, openAccount } from "../harness/person.ts";
import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { ALLOWED_EMAILS: "*@example.com" } });

test("somebody adds a passkey, renames it, signs in with it as the field offers it, and removes it [SIGN-11]", async ({
  browser,
  server,
}) => {
  // An IP address has no passkeys, a name has.
  const baseURL = server.url.replace("127.0.0.1", "localhost");
  const context = await browser.newContext({ baseURL });
  const chat = new ChatPage(await context.newPage());
  const { page } = chat;
  await addAuthenticator(page);
  await page.goto("/");
  await enter(chat, "ann", { isNew: true });
  await chat.send("Marmalade");
  await chat.untilReplied(1);

  await openAccount(page);
  await page.getByLabel("Passkey name").fill("Laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const rows = page.getByRole("list", { name: "Passkeys" }).getByRole("listitem");
  await expect(rows).toContainText("not used yet");
  await page.getByLabel("Passkey name").fill("Again");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This device has a passkey for this account already.");
  await page.getByRole("button", { name: "Rename Laptop" }).click();
  await page.getByLabel("New name").fill("Old laptop");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await expect(rows).toContainText("Old laptop");

  await context.clearCookies();
  await page.reload();
  // The authenticator takes what the field offers by itself.
  await expect(chat.messages).toContainText("Marmalade");

  await openAccount(page);
  await expect(rows).toContainText("used");
  await page.getByRole("button", { name: "Remove Old laptop" }).click();
  await expect(page.getByText("Old laptop signs nobody in any more.")).toBeVisible();
});

/** Somebody is always there who touches it. */
async function addAuthenticator(page: Page): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
}
