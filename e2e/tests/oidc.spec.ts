/** Signing in with another provider: a real one, on another site of this machine. */
import type { Page } from "@playwright/test";
import { startOidcProvider } from "../../apps/server/test/oidc-provider.ts";
import { ChatPage } from "../harness/chat-page.ts";
import { openAccount } from "../harness/person.ts";
import { startServer } from "../harness/server.ts";
import { expect, test } from "../harness/test.ts";

const PEOPLE = {
  ann: { email: "ann@example.com", email_verified: true, name: "Ann" },
  eve: { email: "eve@elsewhere.example", email_verified: true, name: "Eve" },
};

test("somebody signs in with the provider, sets a password, and signs in with that while the provider is away; whom the list doesn't have stays out [SIGN-10]", async ({
  browser,
  host,
}) => {
  let url = "";
  const provider = await startOidcProvider({ people: PEOPLE, returnTo: () => url });
  const server = await startServer(host, { ALLOWED_EMAILS: "*@example.com", ...provider.env });
  ({ url } = server);
  const newBrowser = async () => {
    const context = await browser.newContext({ baseURL: server.url });
    // Fonts that the provider's page asks for elsewhere.
    await context.route(/googleapis/, (route) => route.abort());
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto("/");
    return chat;
  };

  const eve = await newBrowser();
  await enterAtProvider(eve.page, "eve");
  await expect(eve.page.getByRole("alert")).toContainText("This address can't be used to sign up or in here.");
  expect(eve.page.url()).toBe(`${server.url}/`);

  const ann = await newBrowser();
  await enterAtProvider(ann.page, "ann");
  await ann.input.waitFor();
  await ann.send("Marmalade");
  await ann.untilReplied(1);

  const { pathname } = new URL(ann.page.url());
  await ann.page.context().request.delete("/api/sessions");
  await expect(ann.page.getByRole("status")).toContainText("You were signed out.");
  // The provider remembers who sits there.
  await ann.page.getByRole("button", { name: "Sign in with Test ID" }).click();
  await expect(ann.messages).toContainText("Marmalade");
  expect(new URL(ann.page.url()).pathname).toBe(pathname);

  await openAccount(ann.page);
  await ann.page.getByLabel("New password").fill("battery staple");
  await ann.page.getByRole("button", { name: "Set a password" }).click();
  await ann.page.getByText("Your password is changed.").waitFor();
  await expect(ann.page.getByLabel("Present password")).toBeVisible();

  await provider.stop();
  const again = await newBrowser();
  await again.page.getByRole("button", { name: "Sign in with Test ID" }).waitFor();
  await again.page.getByLabel("Email").fill("ann@example.com");
  await again.page.getByLabel("Password").fill("battery staple");
  await again.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await again.rows().first().click();
  await expect(again.messages).toContainText("Marmalade");
  await server.dispose();
});

async function enterAtProvider(page: Page, login: string): Promise<void> {
  await page.getByRole("button", { name: "Sign in with Test ID" }).click();
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}
