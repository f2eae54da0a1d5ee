/** What it looks like, to the pixel: what opens over the page, on a desktop in English and on a phone in German. One page each, since a page costs seconds. */
import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../harness/test.ts";
import type { ChatPage } from "../harness/chat-page.ts";
import type { TestServer } from "../harness/server.ts";

test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "0" } });

const MEDIAN = `The middle value has as many rows below it as above:

\`\`\`sql
SELECT value FROM sample ORDER BY value
LIMIT 1 OFFSET (SELECT count(*) FROM sample) / 2; -- odd counts only
\`\`\`

With $n$ values, the mean and its error are

$$\\bar{x} = \\frac{1}{n} \\sum_{i=1}^{n} x_i, \\qquad \\sigma_{\\bar{x}} = \\frac{\\sigma}{\\sqrt{n}}$$

| Measure | Outliers | Cost |
| ------- | -------- | ---: |
| mean    | move it  |  $n$ |
| median  | don't    | $n \\log n$ |`;

const STORIES = [
  ["Names for a boat", "Names for a small wooden boat?", "*Sandpiper*, *Second Wind*, *Little Tern*."],
  ["A trip to the coast, with stops on the way there and back", "Which road?", "The one along the marshes."],
  ["Median of a column in SQL", "How do I take the median in SQLite?", MEDIAN],
] as const;

for (const colorScheme of ["light", "dark"] as const) {
  const options = { colorScheme, reducedMotion: "reduce" } as const;
  const shows = (target: Locator | Page, name: string) => showsAs(target, `${name}-${colorScheme}`);

  test(`what opens on a desktop, in the ${colorScheme} theme`, async ({ openDevice, server }) => {
    const chat = await (await openDevice({ ...options, viewport: { width: 1200, height: 760 } })).openTab();
    await expect(chat.page.getByRole("button", { name: /Write something long/ })).toBeVisible();
    await shows(chat.page, "first-run");
    const ids = await bringStories(server, chat);
    await openMedian(chat, ids);
    await shows(chat.messages, "rich-text");
    await chat.row(ids[2]).getByRole("button", { name: "Conversation actions" }).click();
    await shows(chat.page.getByRole("menu"), "row-menu");
    await chat.page.keyboard.press("Escape");
    await chat.page.keyboard.press("Control+k");
    await expect(chat.page.getByRole("option").nth(3)).toBeVisible();
    await shows(chat.page.getByRole("dialog"), "palette");
    await chat.page.keyboard.press("Escape");
    await chat.page.getByRole("button", { name: "Settings" }).click();
    await shows(chat.page.getByRole("dialog"), "settings");
    if (colorScheme === "dark") {
      await chat.page.emulateMedia({ ...options, forcedColors: "active" });
      await shows(chat.page.getByRole("dialog"), "settings-forced-colors");
      await chat.page.emulateMedia({ ...options, forcedColors: "none" });
    }
    await chat.page.keyboard.press("Escape");
    await chat.page.getByRole("searchbox").fill("marshes");
    await chat.sidebar.locator(".search-result").first().click();
    await expect(chat.messages.locator(".message.found")).toBeInViewport();
    await shows(chat.page, "search-hit");
    await chat.page.getByRole("searchbox").fill("");
    await chat.act(ids[0], "Delete");
    await chat.page.getByRole("button", { name: "Trash" }).click();
    await expect(chat.sidebar.locator(".trash-days")).toHaveCount(1);
    await chat.sidebar.locator(".trash-days").evaluate((days) => (days.textContent = "Deleted 09:41 · 30 days left"));
    await shows(chat.sidebar, "trash");
  });

  test(`what opens on a phone, in German, in the ${colorScheme} theme`, async ({ openDevice, server }) => {
    const device = await openDevice({
      ...options,
      locale: "de-DE",
      viewport: { width: 390, height: 760 },
      hasTouch: true,
      isMobile: true,
    });
    const chat = await device.openTab();
    await expect(chat.page.locator(".suggestion").first()).toBeVisible();
    await shows(chat.page, "phone-first-run");
    const ids = await bringStories(server, chat);
    await chat.page.locator(".drawer-button button").tap();
    await chat.page.locator(`[data-conversation-id="${ids[1]}"] .menu-button`).tap();
    await expect(chat.page.getByRole("menu")).toBeVisible();
    await shows(chat.page, "phone-sheet");
    await chat.page.goBack();
    await chat.page.locator(`[data-conversation-id="${ids[1]}"] a`).tap();
    await expect(chat.replies()).toHaveCount(1);
    await device.context.setOffline(true);
    await chat.input.fill("Und mit dem Rad, auf demselben Weg?");
    await chat.sendButton.tap();
    await expect(chat.page.locator('.pending[data-state="waiting"]')).toHaveCount(1);
    await expect(chat.page.locator(".offline-note")).toContainText(/in [3-9] s/);
    await shows(chat.page, "phone-offline");
  });
}

/** Brings the stories in, and waits until the page lists them; their ids, the oldest first. */
async function bringStories(server: TestServer, chat: ChatPage): Promise<[string, string, string]> {
  const ids: [string, string, string] = [randomUUID(), randomUUID(), randomUUID()];
  const conversations = STORIES.map(([title, question, answer], index) => {
    const created_at = new Date(Date.now() - (STORIES.length - index) * 1000).toISOString();
    const messages = [
      { id: randomUUID(), role: "user", content: question, created_at },
      { id: randomUUID(), role: "assistant", content: answer, created_at },
    ];
    return { id: ids[index], title, created_at, updated_at: created_at, messages };
  });
  const body = JSON.stringify({ instep_export: 1, conversations });
  const answer = await fetch(`${server.url}/api/import`, { method: "POST", body });
  expect(await answer.text()).toContain("event: done");
  await expect(chat.page.locator("#sidebar .conversation-item")).toHaveCount(STORIES.length);
  return ids;
}

async function openMedian(chat: ChatPage, ids: readonly string[]): Promise<void> {
  await chat.open(ids[2] ?? "");
  await expect(chat.replies().locator("math")).toHaveCount(4);
  await expect(chat.replies().locator(".code-keyword").first()).toBeVisible();
}

/** The same at any time of day, with its fonts there and the pointer over nothing; what counts the seconds is left out. */
async function showsAs(target: Locator | Page, name: string): Promise<void> {
  const page = "page" in target ? target.page() : target;
  await page.mouse.move(0, 0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (const time of document.querySelectorAll(".message-meta time")) time.textContent = "09:41";
    document.querySelector(".offline-note > span:last-child")?.setAttribute("hidden", "");
  });
  // Where a log was scrolled, its icons may stand on another fraction of a pixel: of an icon's edge, that is a few.
  const same = { maxDiffPixels: 8 };
  if ("page" in target) await expect(target).toHaveScreenshot(`${name}.png`, same);
  else await expect(target).toHaveScreenshot(`${name}.png`, same);
}
