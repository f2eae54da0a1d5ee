/** What it looks like, to the pixel: parts of the page in both themes. Run with `--update-snapshots` after a change of looks. */
import type { Page } from "@playwright/test";
import { expect, test } from "../harness/test.ts";

test.use({ serverEnv: { DEMO_TOKEN_DELAY_MS: "0" } });

for (const colorScheme of ["light", "dark"] as const) {
  const options = { colorScheme, reducedMotion: "reduce", viewport: { width: 1200, height: 760 } } as const;

  test.describe(`in the ${colorScheme} theme`, () => {
    test("sidebar, row and badge", async ({ openDevice, server }) => {
      const garden = await server.api.conversation("When to plant garlic");
      const coast = await server.api.conversation("A trip to the coast, with stops on the way there and back");
      const bread = await server.api.conversation("Bread without kneading");
      await server.api.call("PATCH", `/api/conversations/${garden.id}`, { pinned: true });
      const chat = await (await openDevice(options)).openTab();
      await expect(chat.rows()).toHaveCount(3);
      await chat.open(bread.id);
      await server.api.turn(coast.id, "Which road?");
      await expect(chat.badge(coast.id)).toHaveText("2");
      await settle(chat.page);
      await expect(chat.sidebar).toHaveScreenshot(`sidebar-${colorScheme}.png`);
      await expect(chat.row(coast.id)).toHaveScreenshot(`row-unread-${colorScheme}.png`);
      await expect(chat.badge(coast.id)).toHaveScreenshot(`badge-${colorScheme}.png`);
    });

    test("a badge over 99", async ({ openDevice, server }) => {
      const { id } = await server.api.create("Busy");
      const chat = await (await openDevice(options)).openTab();
      await expect(chat.row(id)).toBeVisible();
      for (let turn = 0; turn < 50; turn++) await server.api.turn(id, "More");
      await expect(chat.badge(id)).toHaveText("99+");
      await expect(chat.badge(id)).toHaveScreenshot(`badge-over-99-${colorScheme}.png`);
    });

    test("a conversation, its banner and its divider", async ({ openDevice, server }) => {
      const garlic = await server.api.conversation("When to plant garlic");
      await server.api.call("PATCH", `/api/conversations/${garlic.id}`, { pinned: true });
      for (const title of ["Letter to the landlord", "Names for a boat"]) await server.api.conversation(title);
      const coast = await server.api.conversation("A trip to the coast");
      const { id } = await server.api.create("Bread without kneading");
      await server.api.turn(id, "How many hours does the dough rest? Show it as code.");
      const chat = await (await openDevice(options)).openTab(`/c/${id}`);
      await expect(chat.replies()).toHaveCount(1);
      await expect(chat.replies().locator(".code-keyword")).toHaveText(["const"]);
      await expect(chat.rows()).toHaveCount(5);
      await server.api.turn(coast.id, "Which road?");
      await expect(chat.badge(coast.id)).toHaveText("2");
      await settle(chat.page);
      await expect(chat.page).toHaveScreenshot(`conversation-${colorScheme}.png`);
      await server.api.turn(id, "And in the fridge?");
      await expect(chat.banner).toContainText("2 new messages");
      await settle(chat.page);
      await expect(chat.banner).toHaveScreenshot(`banner-${colorScheme}.png`);
      await chat.banner.getByRole("button").first().click();
      await expect(chat.divider).toBeVisible();
      await settle(chat.page);
      await expect(chat.divider).toHaveScreenshot(`divider-${colorScheme}.png`);
    });

    test("a toast", async ({ openDevice, server }) => {
      const { id } = await server.api.conversation("Bread without kneading");
      const chat = await (await openDevice(options)).openTab();
      await chat.act(id, "Delete");
      await expect(chat.toasts).toHaveCount(1);
      await settle(chat.page);
      await expect(chat.toasts).toHaveScreenshot(`toast-${colorScheme}.png`);
    });
  });
}

/** Waits for fonts and a moment without the pointer over anything. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
}
