/** A session that ends under an open page, and two accounts in one browser. */
import { setTimeout } from "node:timers/promises";
import type { BrowserContext, Page } from "@playwright/test";
import { ChatPage } from "../harness/chat-page.ts";
import { cutRequests } from "../harness/cut-requests.ts";
import { enter, enterIn, otherBrowser, signOut } from "../harness/person.ts";
import { storedIn } from "../harness/stored-in.ts";
import { expect, test } from "../harness/test.ts";

const PEOPLE = { ALLOWED_EMAILS: "*@example.com" };
/** What a session's end may take to be noticed. */
const SECONDS = { timeout: 20_000 };

test.use({ serverEnv: PEOPLE });

async function untilSignedOut({ page }: ChatPage): Promise<void> {
  await expect(page.getByRole("form", { name: "Sign in" })).toBeVisible(SECONDS);
  await expect(page.getByRole("status")).toContainText("You were signed out.");
}

for (const [name, settings] of [
  ["while its question is held", { SYNC_LIVE: "true", SYNC_MAX_WAIT_SECONDS: "60" }],
  ["between two questions", { SYNC_LIVE: "false" }],
] as const) {
  test.describe(name, () => {
    test.use({ serverEnv: { ...PEOPLE, ...settings } });

    test(`a session that is ended from another browser ${name} is over on the page within seconds, and goes on after signing in [SIGN-3]`, async ({
      browser,
      server,
    }) => {
      const chat = await enterIn(await browser.newContext({ baseURL: server.url }), "ann", { isNew: true });
      await chat.send("Marmalade");
      await chat.untilReplied(1);
      await chat.input.fill("Half a thought");
      const other = await otherBrowser(browser, server.url, "ann");
      expect((await other.delete("/api/sessions?others=true")).ok()).toBe(true);
      await untilSignedOut(chat);
      await expect(chat.page.locator("body")).not.toContainText("Marmalade");
      await expect(chat.page.getByLabel("Email")).toHaveValue("ann@example.com");
      await enter(chat, "ann");
      await expect(chat.messages).toContainText("Marmalade");
      await expect(chat.input).toHaveValue("Half a thought");
      await chat.sendButton.click();
      await chat.untilReplied(2);
    });
  });
}

test("the tab of a session that has ended tells nothing of what was open and unread there, and does again after signing in [SIGN-3] [SYNC-9]", async ({
  browser,
  server,
}) => {
  const chat = await enterIn(await browser.newContext({ baseURL: server.url }), "ann", { isNew: true });
  const icon = chat.page.locator('link[rel="icon"]');
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  const other = await otherBrowser(browser, server.url, "ann");
  const { id } = (await (await other.post("/api/conversations", { data: {} })).json()) as { id: string };
  await other.post(`/api/conversations/${id}/chat/batch`, {
    data: { message: "Quince", client_message_id: crypto.randomUUID() },
  });
  await expect(chat.page).toHaveTitle(/^\(1\) Marmalade/);
  await other.delete("/api/sessions?others=true");
  await untilSignedOut(chat);
  await expect(chat.page).toHaveTitle("Instep");
  await expect(icon).toHaveAttribute("href", "/favicon.svg");
  await enter(chat, "ann");
  await expect(chat.page).toHaveTitle(/Marmalade/);
});

test.describe("while a reply streams", () => {
  test.use({ serverEnv: { ...PEOPLE, DEMO_TOKEN_DELAY_MS: "30" } });

  test("a session that is ended hides the reply within seconds; it goes on by itself, and is there whole after signing in [SIGN-3] [TURN-2]", async ({
    browser,
    server,
  }) => {
    const chat = await enterIn(await browser.newContext({ baseURL: server.url }), "ann", { isNew: true });
    // Longer than signing in takes: it is stopped afterwards.
    await chat.send("Write 3000 words about rain");
    await expect(chat.streaming()).toContainText(/\w+/);
    const length = async (): Promise<number> => (await chat.streaming().innerText()).length;
    const before = await length();
    const other = await otherBrowser(browser, server.url, "ann");
    expect((await other.delete("/api/sessions?others=true")).ok()).toBe(true);
    await untilSignedOut(chat);
    await enter(chat, "ann");
    await expect(chat.streaming()).toHaveCount(1);
    await expect.poll(length).toBeGreaterThan(before + 200);
    await chat.stopButton.click();
    await chat.untilReplied(1);
    await expect(chat.userMessages()).toHaveCount(1);
    const answer = await other.get(`/api/conversations/${chat.conversationId() ?? ""}`);
    const { messages } = (await answer.json()) as { messages: { content: string }[] };
    expect(messages).toMatchObject([{ role: "user" }, { role: "assistant", status: "stopped" }]);
    const whole = messages[1]?.content.replaceAll(/[*>]/g, "") ?? "";
    expect(whole.length).toBeGreaterThan(before + 200);
    await expect(chat.replies()).toContainText(whole, { useInnerText: true });
  });
});

test("what waits to be sent while one signs out and in goes out once, and not to whom signs in between [SIGN-3] [DEV-12] [SYNC-9]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  const chat = await enterIn(context, "ann", { isNew: true });
  const other = await otherBrowser(browser, server.url, "ann");
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  const id = chat.conversationId() ?? "";
  const heal = await cutRequests(context, "**/chat/**");
  await chat.send("Quince");
  await expect(chat.messages).toContainText(/waiting/i);
  await signOut(chat.page);
  heal();
  await enter(chat, "bob", { isNew: true });
  await expect(chat.page.locator("body")).not.toContainText(/Marmalade|Quince/);
  await chat.send("Bob's own");
  await chat.untilReplied(1);
  await signOut(chat.page);
  await enter(chat, "ann");
  await chat.page.goto(`${server.url}/c/${id}`);
  await chat.untilReplied(2);
  await expect(chat.userMessages()).toHaveText([/Marmalade/, /Quince/]);
  await expect(chat.page.locator("body")).not.toContainText("Bob's own");
  const { messages } = (await (await other.get(`/api/conversations/${id}`)).json()) as { messages: unknown[] };
  expect(messages).toHaveLength(4);
});

test("whoever signs out sees no word of a session that has ended: the next form is the one that stays [SIGN-3]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  // The answer comes after the page has heard otherwise that its session is over.
  await context.route("**/api/auth/sign-out", async (route) => {
    const told = context.waitForEvent("response", (answer) => answer.status() === 401);
    const response = await route.fetch();
    await told;
    await setTimeout(500);
    await route.fulfill({ response });
  });
  const { page } = await enterIn(context, "ann", { isNew: true });
  const forms: string[] = [];
  await page.exposeFunction("seen", (words: string) => void forms.push(words));
  await page.evaluate(() => {
    new MutationObserver(() => {
      const form = document.querySelector<HTMLElement>("form.sign-in");
      if (!form || !("seen" in window) || typeof window.seen !== "function") return;
      window.seen(form.innerText);
    }).observe(document, { childList: true, subtree: true });
  });
  await Promise.all([page.waitForEvent("load"), signOut(page)]);
  expect(forms).toEqual([]);
  await page.getByLabel("Email").fill("bob@example.com");
  await expect(page.getByLabel("Email")).toHaveValue("bob@example.com");
});

test("whoever goes back to a page that he signed out of sees nothing of it [SIGN-3]", async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.url });
  const chat = await enterIn(context, "ann", { isNew: true });
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  await Promise.all([chat.page.waitForEvent("load"), signOut(chat.page)]);
  await chat.page.goBack();
  await expect(chat.page.getByRole("form", { name: "Sign in" })).toBeVisible(SECONDS);
  await expect(chat.page.locator("body")).not.toContainText("Marmalade");
});

test("two accounts in one browser see nothing of each other: stores, drafts, boot cache, channel, and a tab that still shows the other [SYNC-9] [SIGN-3]", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ baseURL: server.url });
  const [ann, annsOther] = [await enterIn(context, "ann", { isNew: true }), await newTab(context)];
  await ann.send("Marmalade");
  await ann.untilReplied(1);
  await ann.newChat.click();
  await ann.input.fill("A draft about quinces");
  await annsOther.rows().first().click();
  await expect(annsOther.messages).toContainText("Marmalade");
  const annsId = await accountIdOf(ann.page);
  await signOut(ann.page);
  const bob = ann;
  await enter(bob, "bob", { isNew: true });
  await expect(bob.input).toHaveValue("");
  const heard = await overhear(bob.page, `instep-${annsId}`);
  await bob.send("Figs");
  await bob.untilReplied(1);

  await annsOther.page.bringToFront();
  await expect(annsOther.page.getByRole("form", { name: "Sign in" })).toBeVisible(SECONDS);
  await expect(annsOther.page.locator("body")).not.toContainText("Figs");
  await expect(bob.page.locator("body")).not.toContainText(/Marmalade|quinces|ann@/);

  const bobsId = await accountIdOf(bob.page);
  expect(bobsId).not.toBe(annsId);
  const stored = await storedIn(bob.page);
  const bobs = Object.entries(stored).filter(([place]) => !place.includes(annsId));
  expect(JSON.stringify(bobs)).toContain("Figs");
  expect(JSON.stringify(bobs)).not.toMatch(/Marmalade|quinces|ann@/);
  const anns = Object.entries(stored).filter(([place]) => place.includes(annsId));
  expect(JSON.stringify(anns)).toMatch(/Marmalade.*quinces|quinces.*Marmalade/s);
  expect(JSON.stringify(anns)).not.toContain("Figs");
  expect(await heard()).not.toContain("Figs");

  await signOut(bob.page);
  await enter(bob, "ann");
  await expect(bob.input).toHaveValue("A draft about quinces");
  await expect(bob.page.locator("body")).not.toContainText("Figs");
});

test("whoever signs in on the form of another's ended session sees no word of what that one did last [SYNC-9]", async ({
  browser,
  server,
}) => {
  const chat = await enterIn(await browser.newContext({ baseURL: server.url }), "ann", { isNew: true });
  await chat.send("Marmalade");
  await chat.untilReplied(1);
  const other = await otherBrowser(browser, server.url, "ann");
  await chat.act(chat.conversationId() ?? "", "Delete");
  await expect(chat.toasts).toContainText("Marmalade");
  await other.delete("/api/sessions?others=true");
  await untilSignedOut(chat);
  await enter(chat, "bob", { isNew: true });
  await expect(chat.input).toBeVisible();
  await expect(chat.rows()).toHaveCount(0);
  expect(await chat.toasts.allTextContents()).toEqual([]);
});

async function newTab(context: BrowserContext): Promise<ChatPage> {
  const chat = new ChatPage(await context.newPage());
  await chat.page.goto("/");
  await chat.input.waitFor();
  return chat;
}

async function accountIdOf(page: Page): Promise<string> {
  return page.evaluate(async () => ((await (await fetch("/api/me")).json()) as { id: string }).id);
}

/** All that tabs say over the channel of that name from now on. */
async function overhear(page: Page, name: string): Promise<() => Promise<string>> {
  await page.evaluate((channel) => {
    const said: unknown[] = [];
    Object.assign(window, { said });
    new BroadcastChannel(channel).addEventListener("message", ({ data }) => said.push(data));
  }, name);
  return () => page.evaluate(() => JSON.stringify("said" in window ? window.said : null));
}
