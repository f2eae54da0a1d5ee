import type { Page } from "@playwright/test";
import { expect, test } from "../harness/test.ts";

/** Collects the questions that a page asks of the sync call. */
function watchSyncs(page: Page): URL[] {
  const asked: URL[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === "/api/conversations/sync") asked.push(url);
  });
  return asked;
}

const polling = { SYNC_LIVE: "false", SYNC_POLL_INTERVAL_SECONDS: "0.5", SYNC_FULL_SYNC_THRESHOLD_SECONDS: "6" };

test.describe("a page that polls", () => {
  test.use({ serverEnv: polling });

  test("asks nothing while it is hidden, and at once when it is seen again [DEV-1]", async ({ chat, server }) => {
    const asked = watchSyncs(chat.page);
    await expect.poll(() => asked.length).toBeGreaterThan(1);
    await chat.setVisible(false);
    await chat.page.waitForTimeout(300);
    const before = asked.length;
    await server.api.create("While away");
    await chat.page.waitForTimeout(1200);
    expect(asked.length).toBe(before);
    await chat.setVisible(true);
    await expect(chat.rows()).toHaveCount(1);
    expect(asked[before]?.searchParams.get("since")).not.toBeNull();
  });

  test("race 12: asks for everything after it was hidden for long, and shows what was made meanwhile [DEV-1]", async ({
    chat,
    server,
  }) => {
    const asked = watchSyncs(chat.page);
    const known = await server.api.conversation("Known");
    await expect(chat.badge(known.id)).toHaveText("2");
    await chat.setVisible(false);
    await chat.page.waitForTimeout(300);
    const before = asked.length;
    const made = await server.api.conversation("Made meanwhile");
    await chat.page.waitForTimeout(6500);
    await chat.setVisible(true);
    await expect(chat.row(made.id)).toBeVisible();
    const full = asked.slice(before).filter((url) => !url.searchParams.has("since") || isFull(url));
    expect(full.length).toBeGreaterThan(0);
    await expect(chat.badge(known.id)).toHaveText("2");
    await expect(chat.badge(made.id)).toHaveCount(0);
  });

  test("asks at once when the network is back [DEV-1]", async ({ chat, server }) => {
    await chat.page.context().setOffline(true);
    // What was asked before may still be answered.
    await expect(chat.status).not.toHaveAttribute("data-state", "synced");
    const { id } = await server.api.create("While offline");
    await chat.page.waitForTimeout(700);
    await expect(chat.row(id)).toHaveCount(0);
    await chat.page.context().setOffline(false);
    await expect(chat.row(id)).toBeVisible({ timeout: 30_000 });
    await expect(chat.status).toHaveAttribute("data-state", "synced");
  });
});

test("a frozen tab catches up when it wakes [DEV-11]", async ({ openDevice, server }) => {
  const device = await openDevice();
  const chat = await device.openTab();
  await chat.setFrozen(true);
  const { id } = await server.api.conversation("While frozen");
  await chat.setFrozen(false);
  await expect(chat.row(id)).toBeVisible();
});

test("a frozen tab of the same browser keeps no other from syncing by itself [DEV-11]", async ({
  openDevice,
  server,
}) => {
  const device = await openDevice();
  const frozen = await device.openTab();
  const chat = await device.openTab();
  await frozen.setFrozen(true);
  const { id } = await server.api.conversation("News");
  await expect(chat.row(id)).toBeVisible();
  await frozen.setFrozen(false);
});

test("a hidden tab of the same browser keeps no other from syncing by itself [DEV-11]", async ({
  openDevice,
  server,
}) => {
  const device = await openDevice();
  const hidden = await device.openTab();
  const chat = await device.openTab();
  await hidden.setVisible(false);
  const { id } = await server.api.conversation("News");
  await expect(chat.row(id)).toBeVisible();
});

test("nothing of the page keeps it out of the back/forward cache [DEV-1]", async ({ chat, server }) => {
  const session = await chat.page.context().newCDPSession(chat.page);
  await session.send("Page.enable");
  const reasons: string[] = [];
  session.on("Page.backForwardCacheNotUsed", ({ notRestoredExplanations }) => {
    reasons.push(...notRestoredExplanations.map(({ type, reason }) => `${type} ${reason}`));
  });
  await chat.page.goto(`${server.url}/healthz`);
  await chat.page.goBack();
  await expect(chat.sidebar).toBeAttached();
  // A browser without a window has no such cache; that reason is its own, every other one would be the page's.
  expect(reasons.filter((reason) => reason !== "Circumstantial BackForwardCacheDisabledForDelegate")).toEqual([]);
});

test.describe("a page whose reply is being written", () => {
  test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "30" } });

  test("holds no lock once it is left, which would keep it out of the back/forward cache [DEV-1]", async ({ chat }) => {
    const held = () =>
      chat.page.evaluate(async () => {
        const { held: locks = [] } = await navigator.locks.query();
        return locks.map(({ name }) => name);
      });
    await chat.send("Write 3000 words about rain");
    await expect(chat.streaming()).toContainText("demo model");
    expect(await held()).toContainEqual(expect.stringContaining("send"));
    await transition(chat.page, "pagehide");
    await expect.poll(held).toEqual([]);
    await transition(chat.page, "pageshow");
    await chat.page.locator("#stop-btn").click();
    await expect(chat.streaming()).toHaveCount(0);
  });
});

test("races 9 and 10: a page in the back/forward cache asks nothing, and at once when it comes back [DEV-1] [DEV-2]", async ({
  chat,
  server,
}) => {
  await server.stop();
  await server.start({ SYNC_POLL_INTERVAL_SECONDS: "60" });
  await chat.page.reload();
  await expect(chat.status).toHaveAttribute("data-state", "synced");
  await transition(chat.page, "pagehide");
  // What was asked before it went is told of late by the browser.
  await chat.page.waitForTimeout(500);
  const asked = watchSyncs(chat.page);
  const { id } = await server.api.conversation("While away");
  await chat.page.waitForTimeout(500);
  expect(asked).toEqual([]);
  await expect(chat.row(id)).toHaveCount(0);
  await transition(chat.page, "pageshow");
  await expect(chat.row(id)).toBeVisible();
  await expect(chat.status).toHaveAttribute("data-state", "synced");
});

test("with live on, a change is there long before the next poll [WAIT-1]", async ({ chat, server }) => {
  await server.stop();
  await server.start({ SYNC_POLL_INTERVAL_SECONDS: "60" });
  await chat.page.reload();
  await expect(chat.status).toHaveAttribute("data-state", "synced");
  const { id } = await server.api.create("At once");
  await expect(chat.row(id)).toBeVisible({ timeout: 30_000 });
});

test("a server that restarts is found again, and nothing is lost [WAIT-2]", async ({ chat, server }) => {
  const kept = await server.api.conversation("Kept");
  await expect(chat.row(kept.id)).toBeVisible();
  await server.kill();
  await expect(chat.status).not.toHaveAttribute("data-state", "synced");
  await server.start();
  const { id } = await server.api.create("After the restart");
  await expect(chat.row(id)).toBeVisible({ timeout: 60_000 });
  await expect(chat.row(kept.id)).toBeVisible();
  await expect(chat.status).toHaveAttribute("data-state", "synced");
});

function isFull(url: URL): boolean {
  return ["true", "1"].includes(url.searchParams.get("full") ?? "");
}

/**
 * What the browser tells a page that goes into the back/forward cache, or comes back from it. Between the two a page that is really there
 * hears nothing; this one would, where the browser gives its window the focus late.
 */
async function transition(page: Page, type: "pagehide" | "pageshow"): Promise<void> {
  await page.evaluate((name) => {
    const deaf = (event: Event) => event.stopImmediatePropagation();
    const heard = ["focus", "blur", "visibilitychange"];
    const kept = globalThis as { ending?: AbortController };
    kept.ending?.abort();
    kept.ending = new AbortController();
    const { signal } = kept.ending;
    if (name === "pagehide") for (const kind of heard) addEventListener(kind, deaf, { capture: true, signal });
    dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
  }, type);
}
