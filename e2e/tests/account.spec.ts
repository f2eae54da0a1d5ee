/** The account in the settings: sessions, tokens, password, export and the end, as a person does it. */
import { readFile } from "node:fs/promises";
import { axeFindings } from "../harness/axe-findings.ts";
import { enter, enterIn, openAccount, otherBrowser, PASSWORD } from "../harness/person.ts";
import { storedIn } from "../harness/stored-in.ts";
import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { ALLOWED_EMAILS: "*@example.com" } });

test("a new password ends every other session, and is the one that lets in from then on [SIGN-6]", async ({
  browser,
  server,
}) => {
  const chat = await enterIn(await browser.newContext({ baseURL: server.url }), "ann", { isNew: true });
  const phone = await enterIn(await browser.newContext({ baseURL: server.url }), "ann");
  await openAccount(chat.page);
  const form = chat.page.getByRole("form", { name: "Password" });
  await form.getByLabel("Present password").fill("incorrect horse");
  await form.getByLabel("New password").fill("battery staple");
  await form.getByRole("button", { name: "Change password" }).click();
  await expect(form.getByRole("alert")).toHaveText("The present password is not right.");
  await form.getByLabel("Present password").fill(PASSWORD);
  await form.getByRole("button", { name: "Change password" }).click();
  await expect(form.getByRole("status")).toHaveText("Your password is changed.");
  await expect(phone.page.getByRole("form", { name: "Sign in" })).toBeVisible();
  await phone.page.getByLabel("Password").fill(PASSWORD);
  await phone.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(phone.page.getByRole("alert")).toContainText("The address or the password is not right.");
  await enter(phone, "ann", { password: "battery staple" });
  await chat.page.keyboard.press("Escape");
  await chat.send("Still here");
  await chat.untilReplied(1);
});

test("a token that is made on the page lets a program in, and is refused once it is deleted [SIGN-5]", async ({
  browser,
  server,
}) => {
  const { page, ...chat } = await enterIn(await browser.newContext({ baseURL: server.url }), "ann", { isNew: true });
  await chat.newChat.waitFor();
  await openAccount(page);
  await page.getByLabel("Token name").fill("Backup");
  await page.getByRole("button", { name: "Make a token" }).click();
  const token = await page.locator(".account-secret code").innerText();
  const asProgram = () => fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await (await asProgram()).json()).toMatchObject({ email: "ann@example.com" });
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Delete Backup" }).click();
  await expect(page.getByText("Backup lets nobody in any more.")).toBeVisible();
  expect((await asProgram()).status).toBe(401);
});

test("everything is exported by the page as a file, and nothing of anybody else's [SIGN-9]", async ({
  browser,
  server,
}) => {
  await enterIn(await browser.newContext({ baseURL: server.url }), "bob", { isNew: true });
  const chat = await enterIn(await browser.newContext({ baseURL: server.url }), "ann", { isNew: true });
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  await openAccount(chat.page);
  const downloading = chat.page.waitForEvent("download");
  await chat.page.getByRole("link", { name: "Export" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^instep-\d{4}-\d\d-\d\d\.json$/);
  const exported = JSON.parse(await readFile(await download.path(), "utf8")) as {
    readonly conversations: readonly { readonly messages: readonly { readonly content: string }[] }[];
  };
  expect(exported.conversations.map(({ messages }) => messages[0]?.content)).toEqual(["Marmalade"]);
});

test("an account that is deleted leaves nothing: no session, no password, nothing in this browser [SIGN-7] [SYNC-9]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  const chat = await enterIn(context, "ann", { isNew: true });
  const phone = await enterIn(await browser.newContext({ baseURL: server.url }), "ann");
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  await chat.input.fill("A draft about quinces");
  await openAccount(chat.page);
  await chat.page.getByRole("button", { name: "Delete my account…" }).click();
  await chat.page.getByLabel("Your password").fill("incorrect horse");
  await chat.page.getByRole("button", { name: "Delete everything for good" }).click();
  await expect(chat.page.getByRole("alert")).toHaveText("The password is not right.");
  await chat.page.getByLabel("Your password").fill(PASSWORD);
  await chat.page.getByRole("button", { name: "Delete everything for good" }).click();
  for (const tab of [chat, phone]) await expect(tab.page.getByRole("form", { name: "Sign in" })).toBeVisible();
  // The page loads anew once it has forgotten everything.
  await expect(async () => {
    const kept = JSON.stringify(await storedIn(chat.page));
    for (const word of ["Marmalade", "quinces", "ann@example.com"]) expect(kept).not.toContain(word);
  }).toPass();
  await expect(otherBrowser(browser, server.url, "ann")).rejects.toThrow("sign_in_refused");
});

test("a link from an administrator sets a new password, once, also in a tab that is open [SIGN-8]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  const chat = await enterIn(context, "ann", { isNew: true });
  const { page } = chat;
  const address = /^\S+#reset=\S+$/m.exec(await server.command("users", "reset", "ann@example.com"))?.[0] ?? "";
  await page.goto(address);
  const form = page.getByRole("form", { name: "Set a new password" });
  await expect(form).toBeVisible();
  expect(page.url()).not.toContain("reset");
  await form.getByLabel("New password").fill("battery staple");
  await form.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("heading", { name: "Your new password is set" }).waitFor();
  await page.getByRole("button", { name: "Sign in" }).click();
  await enter(chat, "ann", { password: "battery staple" });
  await page.goto(address);
  await form.getByLabel("New password").fill("another staple");
  await form.getByRole("button", { name: "Set the password" }).click();
  await expect(form.getByRole("alert")).toContainText("This link can't be used any more.");
  await form.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(chat.input).toBeVisible();
});

test("axe finds nothing in the account, nor where one signs in, in either theme", async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.url });
  const chat = await enterIn(context, "ann", { isNew: true });
  const other = await otherBrowser(browser, server.url, "ann");
  await openAccount(chat.page);
  await chat.page.getByLabel("Token name").fill("Backup");
  await chat.page.getByRole("button", { name: "Make a token" }).click();
  await chat.page.getByRole("button", { name: "Copy" }).waitFor();
  await chat.page.getByRole("button", { name: "Delete my account…" }).click();
  await chat.page.getByLabel("Your password").fill("incorrect horse");
  await chat.page.keyboard.press("Enter");
  await chat.page.getByRole("alert").waitFor();
  expect(await axeFindings(chat.page)).toEqual([]);
  await other.delete("/api/sessions");
  await chat.page.getByRole("form", { name: "Sign in" }).waitFor();
  await expect(chat.page.getByRole("status")).toContainText("You were signed out.");
  expect(await axeFindings(chat.page)).toEqual([]);
});
