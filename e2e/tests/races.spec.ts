/** The races that others' audits found in apps of this kind, each made to happen every time; numbered as in that audit. */
import type { Locator } from "@playwright/test";
import { HeldAnswers } from "../harness/held-answers.ts";
import { expect, test } from "../harness/test.ts";

const SYNC = "**/api/conversations/sync*";

test.use({
  serverEnv: { SYNC_LIVE: "false", SYNC_POLL_INTERVAL_SECONDS: "0.4", SYNC_FULL_SYNC_THRESHOLD_SECONDS: "1" },
});

test("race 1: a full sync that left before a conversation was made here doesn't take it away [DEV-8]", async ({
  chat,
  server,
}) => {
  await server.api.create("Known");
  await expect(chat.rows()).toHaveCount(1);
  const syncs = await HeldAnswers.of(chat.page, SYNC);
  syncs.hold();
  await chat.setVisible(false);
  await chat.page.waitForTimeout(1200);
  await chat.setVisible(true);
  await expect.poll(() => syncs.count).toBeGreaterThan(0);
  await chat.send("Made during the request");
  await chat.untilReplied(1);
  const id = chat.conversationId() ?? "";
  syncs.release();
  const seen = syncs.seen;
  await expect.poll(() => syncs.seen).toBeGreaterThan(seen + 1);
  await expect(chat.row(id)).toBeVisible();
  await expect(chat.rows()).toHaveCount(2);
  await expect(chat.badge(id)).toHaveCount(0);
});

test("race 2: a poll that left before a rename here doesn't undo it [DEV-8]", async ({ chat, server }) => {
  const { id } = await server.api.conversation("Before");
  await expect(chat.title(id)).toHaveText("Before");
  const syncs = await HeldAnswers.of(chat.page, SYNC);
  syncs.hold();
  await server.api.turn(id, "So that the poll carries the row");
  await expect.poll(() => syncs.count).toBeGreaterThan(0);
  await chat.act(id, "Rename");
  await chat.enterTitle("After");
  await expect.poll(async () => (await server.api.open(id)).title).toBe("After");
  const titles = await watchTitles(chat.title(id));
  syncs.release();
  await expect(chat.badge(id)).toHaveText("4");
  expect(await titles()).toEqual(["After"]);
});

test("race 3: the echo of one's own message is neither a second message nor unread [DEV-4]", async ({ chat }) => {
  const syncs = await HeldAnswers.of(chat.page, SYNC);
  await chat.send("Said once");
  await chat.untilReplied(1);
  const seen = syncs.seen;
  await expect.poll(() => syncs.seen).toBeGreaterThan(seen + 2);
  await expect(chat.userMessages()).toHaveCount(1);
  await expect(chat.replies()).toHaveCount(1);
  await expect(chat.banner).toHaveCount(0);
  await expect(chat.badge(chat.conversationId() ?? "")).toHaveCount(0);
});

test("race 4: asking again leaves the count exact, so nothing false shows afterwards [DEV-5]", async ({
  chat,
  server,
}) => {
  const other = await server.api.create("Another matter");
  await chat.send("When?");
  await chat.untilReplied(1);
  const id = chat.conversationId() ?? "";
  const before = await chat.replies().first().getAttribute("data-message-id");
  await chat.replies().first().hover();
  await chat.replies().first().getByRole("button", { name: "Ask again" }).click();
  await expect(chat.replies().first()).not.toHaveAttribute("data-message-id", before ?? "");
  await chat.untilReplied(1);
  await chat.open(other.id);
  const syncs = await HeldAnswers.of(chat.page, SYNC);
  await expect.poll(() => syncs.seen).toBeGreaterThan(2);
  await expect(chat.badge(id)).toHaveCount(0);
  await server.api.turn(id, "From elsewhere");
  await expect(chat.badge(id)).toHaveText("2");
});

test("race 5: of many changes that commit while the page asks, none is missed [SYNC-3]", async ({ chat, server }) => {
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 4 }, (_, number) => server.api.create(`Made ${round}-${number}`)));
  }
  await expect(chat.rows()).toHaveCount(20);
});

test("race 6: the count comes from the total, not from how much was loaded [DEV-6]", async ({ openDevice, server }) => {
  await server.stop();
  await server.start({ DEMO_TOKEN_DELAY_MS: "0" });
  const long = await server.api.conversation("Long", 28);
  const other = await server.api.create("Another matter");
  const chat = await (await openDevice()).openTab();
  await chat.open(long.id);
  await expect(chat.messages).toContainText("Question 28 about Long");
  expect(await chat.messages.locator(".message").count()).toBeLessThan(56);
  await chat.open(other.id);
  const syncs = await HeldAnswers.of(chat.page, SYNC);
  await expect.poll(() => syncs.seen).toBeGreaterThan(2);
  await expect(chat.badge(long.id)).toHaveCount(0);
  await server.api.turn(long.id, "One more");
  await expect(chat.badge(long.id)).toHaveText("2");
});

test("race 8: a full sync asked for while another sync runs is made afterwards [DEV-2]", async ({ chat, server }) => {
  const asked: string[] = [];
  chat.page.on("request", (request) => {
    if (request.url().includes("/conversations/sync")) asked.push(new URL(request.url()).search);
  });
  const syncs = await HeldAnswers.of(chat.page, SYNC);
  syncs.hold();
  await expect.poll(() => syncs.count).toBeGreaterThan(0);
  await chat.setVisible(false);
  await chat.page.waitForTimeout(1200);
  await chat.setVisible(true);
  await server.api.create("Made meanwhile");
  asked.length = 0;
  syncs.release();
  await expect
    .poll(() => asked.filter((search) => !search.includes("since=") || /full=(true|1)/.test(search)).length)
    .toBeGreaterThan(0);
  await expect(chat.rows()).toHaveCount(1);
});

test("race 11: a conversation that loads while it is renamed elsewhere shows the new name", async ({
  chat,
  server,
}) => {
  const { id } = await server.api.conversation("Before");
  await expect(chat.row(id)).toBeVisible();
  const loads = await HeldAnswers.of(chat.page, new RegExp(`/api/conversations/${id}\\?`));
  loads.hold();
  await chat.row(id).click();
  await expect.poll(() => loads.count).toBeGreaterThan(0);
  await server.api.rename(id, "After");
  await expect(chat.title(id)).toHaveText("After");
  loads.release();
  await expect(chat.replies()).toHaveCount(1);
  await expect(chat.title(id)).toHaveText("After");
  await expect(chat.page.getByRole("heading", { name: "After" }).first()).toBeVisible();
});

test.describe("with a slow model", () => {
  test.use({
    serverEnv: {
      SYNC_LIVE: "false",
      SYNC_POLL_INTERVAL_SECONDS: "0.4",
      SYNC_FULL_SYNC_THRESHOLD_SECONDS: "1",
      DEMO_TOKEN_DELAY_MS: "30",
    },
  });

  test("race 13: a list that is older than a running conversation doesn't make it vanish [DEV-8]", async ({ chat }) => {
    const syncs = await HeldAnswers.of(chat.page, SYNC);
    await chat.setVisible(false);
    await chat.page.waitForTimeout(1200);
    syncs.hold();
    await chat.setVisible(true);
    await expect.poll(() => syncs.count).toBeGreaterThan(0);
    await chat.send("Write 60 words about rain");
    await expect(chat.streaming()).toContainText("demo model");
    const id = chat.conversationId() ?? "";
    syncs.release();
    const seen = syncs.seen;
    await expect.poll(() => syncs.seen).toBeGreaterThan(seen + 1);
    await expect(chat.row(id)).toBeVisible();
    await chat.untilReplied(1);
    await expect(chat.row(id)).toBeVisible();
  });
});

test("race 14: a rename reaches every place of every tab", async ({ openDevice, server }) => {
  const { id } = await server.api.create("Before");
  const device = await openDevice();
  const [first, second] = [await device.openTab(`/c/${id}`), await device.openTab(`/c/${id}`)];
  await first.act(id, "Rename");
  await first.enterTitle("After");
  for (const tab of [first, second]) {
    await expect(tab.title(id)).toHaveText("After");
    await expect(tab.page).toHaveTitle(/After/);
    await expect(tab.page.locator("body")).not.toContainText("Before");
  }
});

/** Every text that the title has from now on, without repeats. */
async function watchTitles(title: Locator): Promise<() => Promise<string[]>> {
  await title.evaluate((node) => {
    const texts = [node.textContent ?? ""];
    new MutationObserver(() => texts.push(node.textContent ?? "")).observe(node, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    Object.assign(globalThis, { watchedTitles: texts });
  });
  return () =>
    title.page().evaluate(() => [...new Set((globalThis as unknown as { watchedTitles: string[] }).watchedTitles)]);
}
