/** Passkeys, with Chromium's own authenticator in software: from adding one to signing in with it. */
import type { CDPSession, Page } from "@playwright/test";
import { ChatPage } from "../harness/chat-page.ts";
import { enter, openAccount } from "../harness/person.ts";
import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { ALLOWED_EMAILS: "*@example.com" } });

test("somebody adds a passkey, renames it and signs in with it, by the button and as the field offers it; removed, it signs nobody in [SIGN-11]", async ({
  browser,
  server,
}) => {
  // An IP address has no passkeys, a name has.
  const baseURL = server.url.replace("127.0.0.1", "localhost");
  const context = await browser.newContext({ baseURL });
  const chat = new ChatPage(await context.newPage());
  const { page } = chat;
  const keys = await virtualAuthenticator(page);
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

  await keys.answer(false);
  await context.request.delete("/api/sessions");
  await expect(page.getByRole("status").filter({ hasText: "You were signed out." })).toBeVisible();
  await keys.answer(true);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(chat.messages).toContainText("Marmalade");

  await context.clearCookies();
  await page.reload();
  // The authenticator takes what the field offers by itself.
  await expect(chat.messages).toContainText("Marmalade");

  await openAccount(page);
  await expect(rows).toContainText("used");
  await page.getByRole("button", { name: "Remove Old laptop" }).click();
  await expect(page.getByText("Old laptop signs nobody in any more.")).toBeVisible();
  await keys.answer(false);
  await context.clearCookies();
  await page.reload();
  await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
  await keys.answer(true);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("This passkey was not accepted.");
  await context.close();
});

interface VirtualAuthenticator {
  /** Whether somebody is there who touches it. */
  readonly answer: (isThere: boolean) => Promise<void>;
}

async function virtualAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  return {
    answer: async (enabled) => {
      await session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
    },
  };
}
