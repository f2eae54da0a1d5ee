/** Somebody who signs in: on the page, and by the calls that a second device of his would make. */
import type { APIRequestContext, Browser, BrowserContext, Page } from "@playwright/test";
import { ChatPage } from "./chat-page.ts";

export const PASSWORD = "correct horse";

function emailOf(name: string): string {
  return `${name}@example.com`;
}

/** Fills in the sign-in form that stands there, and waits until the page is in. */
export async function enter(chat: ChatPage, name: string, { isNew = false, password = PASSWORD } = {}): Promise<void> {
  const { page } = chat;
  await page.getByRole("form", { name: /Sign (in|up)/ }).waitFor();
  if (isNew) await page.getByRole("button", { name: "Make an account" }).click();
  await page.getByLabel("Email").fill(emailOf(name));
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: isNew ? "Sign up" : "Sign in", exact: true }).click();
  await chat.input.waitFor();
}

/** Signs somebody up, or in, on a tab of a browser whose `baseURL` is the server's. */
export async function enterIn(
  context: BrowserContext,
  name: string,
  options: Parameters<typeof enter>[2] = {},
): Promise<ChatPage> {
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto("/");
  await enter(chat, name, options);
  return chat;
}

/** Another browser of somebody's, without a page: its cookies go with each call. */
export async function otherBrowser(browser: Browser, url: string, name: string): Promise<APIRequestContext> {
  const { request } = await browser.newContext({ baseURL: url });
  const answer = await request.post("/api/auth/sign-in/email", { data: { email: emailOf(name), password: PASSWORD } });
  if (!answer.ok()) throw new Error(await answer.text());
  return request;
}

/** The account, in the settings. */
export async function openAccount(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByRole("heading", { name: "Account", exact: true }).waitFor();
}

/** Signs out by the settings; resolves once the form stands there. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("form", { name: "Sign in" }).waitFor();
}
