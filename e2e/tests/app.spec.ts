import type { BrowserContext } from "@playwright/test";
import { axeFindings } from "../harness/axe-findings.ts";
import { ChatPage } from "../harness/chat-page.ts";
import { Door } from "../harness/other-build.ts";
import { PHONE } from "../harness/phone.ts";
import { smallTargets } from "../harness/small-targets.ts";
import { untilStored } from "../harness/stored-in.ts";
import { expect, test } from "../harness/test.ts";

test.use({ serviceWorkers: "allow" });

/** Waits until the page could be opened without a server. */
async function untilKept({ page }: ChatPage): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
}

test("after a visit the page opens without a server, with the list and the conversations, and is in step when that is back", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const chat = await device.openTab(`/c/${id}`);
  await expect(chat.replies()).toHaveCount(1);
  await untilKept(chat);
  await untilStored(chat.page, '"title":"Bread"', "Question 1 about Bread");
  await chat.page.close();
  await server.stop();
  const page = await device.context.newPage();
  const offline = new ChatPage(page);
  await page.goto(`${server.url}/c/${id}`);
  await expect(offline.title(id)).toHaveText("Bread");
  await expect(offline.messages).toContainText("Question 1 about Bread");
  await expect(offline.status).toHaveAttribute("data-state", /offline|waiting/);
  await expect(offline.input).toBeEditable();
  await offline.send("Written without a server");
  await offline.untilSentInVain();
  await page.goto(`${server.url}/?shared_title=Marmalade&shared_url=https%3A%2F%2Fa.example`);
  await expect(offline.input).toHaveValue("Marmalade\nhttps://a.example");
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(offline.title(id)).toHaveText("Bread");
  await server.start();
  await expect.poll(async () => (await server.api.open(id)).messages.length).toBe(4);
  await expect(offline.status).toHaveAttribute("data-state", "synced");
});

test("conversations that nobody opened can be read without a server, the newest twenty of them", async ({
  openDevice,
  server,
}) => {
  const oldest = await server.api.conversation("Oldest");
  const others = [];
  for (let index = 0; index < 20; index++) others.push(await server.api.conversation(`Chat ${index}`));
  const newest = others.at(-1);
  const opened = new Set<string>();
  const device = await openDevice();
  device.context.on("request", (request) => {
    const [, id] = /conversations\/([0-9a-f-]{36})\?message_limit/.exec(request.url()) ?? [];
    if (id !== undefined) opened.add(id);
  });
  const chat = await device.openTab();
  await untilKept(chat);
  await expect.poll(() => opened.size, { timeout: 40_000 }).toBe(20);
  expect(opened.has(oldest.id)).toBe(false);
  await untilStored(chat.page, "Question 1 about Chat 19");
  await server.stop();
  await chat.page.goto(`${server.url}/c/${newest?.id}`);
  await expect(chat.messages).toContainText("Question 1 about Chat 19");
});

test("the page can be installed, with icons that are there", async ({ chat, server }) => {
  await untilKept(chat);
  const session = await chat.page.context().newCDPSession(chat.page);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A test's profile is one that keeps nothing, which no page can be installed in.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
  const manifest = await fetch(`${server.url}/manifest.webmanifest`);
  expect(manifest.headers.get("content-type")).toContain("application/manifest+json");
  const { icons, share_target } = (await manifest.json()) as {
    icons: { src: string; type: string }[];
    share_target: { action: string };
  };
  expect(share_target.action).toBe("/");
  for (const { src, type } of icons) {
    const icon = await fetch(server.url + src);
    expect([src, icon.status, icon.headers.get("content-type")]).toEqual([src, 200, type]);
  }
});

test("nothing of an account is among what the worker keeps, and no call of the API goes through it [SYNC-9]", async ({
  openDevice,
  server,
}) => {
  const { id } = await server.api.conversation("Bread");
  const device = await openDevice();
  const chat = await device.openTab(`/c/${id}`);
  await untilKept(chat);
  await chat.page.reload();
  await expect(chat.replies()).toHaveCount(1);
  const kept = await chat.page.evaluate(async () => {
    const names = await caches.keys();
    const caught = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return caught.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept.length).toBeGreaterThan(5);
  expect(
    kept.filter((path) => !/^\/(assets\/[\w.-]+|[\w.-]+\.(js|svg|png|webmanifest)|push-words)?$/.test(path)),
  ).toEqual([]);
  const answeredBy = await chat.page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.includes("/api/"))
      .map((entry) => (entry as PerformanceResourceTiming).workerStart),
  );
  expect(answeredBy.length).toBeGreaterThan(0);
});

test.describe("another build", () => {
  let door: Door;
  test.beforeEach(async ({ server }) => {
    door = await Door.open(server.url);
  });
  test.afterEach(() => door.close());

  async function openTab(context: BrowserContext, path = "/"): Promise<ChatPage> {
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(door.url + path);
    await expect(chat.status).toHaveAttribute("data-state", "synced");
    return chat;
  }

  const lookForUpdate = ({ page }: ChatPage) =>
    page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  const notice = ({ page }: ChatPage) => page.getByText("A new version is there");

  test("is told of in every tab, and Reload loses no draft and reloads that tab only", async ({ context, server }) => {
    const { id } = await server.api.conversation("Bread");
    const [first, second] = [await openTab(context, `/c/${id}`), await openTab(context)];
    await untilKept(first);
    await first.input.fill("A draft");
    await second.input.fill("Another draft");
    await expect(notice(first)).toHaveCount(0);
    door.worker = "another build";
    await lookForUpdate(first);
    await expect(notice(first)).toBeVisible();
    await expect(notice(second)).toBeVisible();
    await second.page.evaluate(() => void Object.assign(globalThis, { isSamePage: true }));
    await Promise.all([first.page.waitForEvent("load"), first.page.getByRole("button", { name: "Reload" }).click()]);
    await expect(first.input).toHaveValue("A draft");
    await expect(first.replies()).toHaveCount(1);
    await first.page.waitForTimeout(3000);
    await expect(notice(first)).toHaveCount(0);
    expect(await second.page.evaluate(() => "isSamePage" in globalThis)).toBe(true);
    await Promise.all([second.page.waitForEvent("load"), second.page.getByRole("button", { name: "Reload" }).click()]);
    await expect(second.input).toHaveValue("Another draft");
  });

  test("is told of on a phone in the screen, where a finger reaches Reload, and one can write on", async ({
    browser,
    contextOptions,
    server,
  }) => {
    const { id } = await server.api.conversation("Bread");
    const context = await browser.newContext({ ...contextOptions, ...PHONE });
    const chat = await openTab(context, `/c/${id}`);
    await untilKept(chat);
    await chat.input.fill("A draft");
    door.worker = "another build";
    await lookForUpdate(chat);
    await expect(notice(chat)).toBeInViewport({ ratio: 1 });
    await expect(chat.input).toBeInViewport({ ratio: 1 });
    const reload = chat.page.getByRole("button", { name: "Reload" });
    expect(await smallTargets(chat.page)).toEqual([]);
    expect(await axeFindings(chat.page)).toEqual([]);
    await chat.sendButton.tap();
    await chat.untilReplied(2);
    await chat.input.fill("Another draft");
    await Promise.all([chat.page.waitForEvent("load"), reload.tap()]);
    await expect(chat.input).toHaveValue("Another draft");
  });

  for (const worker of ["missing", "broken"] as const) {
    test(`whose worker is ${worker} changes nothing, on a first visit and on a later one [DEV-14]`, async ({
      context,
      server,
    }) => {
      const { id } = await server.api.conversation("Bread");
      const first = await openTab(context, `/c/${id}`);
      await untilKept(first);
      door.worker = worker;
      await first.page.reload();
      await first.send("Goes on");
      await first.untilReplied(2);
      const fresh = await context.browser()?.newContext();
      if (!fresh) throw new Error("no browser");
      const visit = await openTab(fresh, `/c/${id}`);
      await visit.page.waitForTimeout(2000);
      await visit.send("And here");
      await visit.untilReplied(3);
      expect(await visit.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
      await fresh.close();
    });
  }
});
