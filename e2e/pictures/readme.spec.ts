/** Takes the pictures of README: `npm run pictures`. Nothing in them depends on the day that it is. */
import type { BrowserContextOptions } from "@playwright/test";
import { ChatPage } from "../harness/chat-page.ts";
import { expect, test as base } from "../harness/test.ts";
import { idOf, setStage, unfinished, type Stage } from "./history.ts";
import { takeSideBySide } from "./side-by-side.ts";

interface Fixtures {
  readonly stage: Stage;
  /** Another device: a browser of its own, at that address. */
  readonly device: (options: BrowserContextOptions, title?: string) => Promise<ChatPage>;
  /** Takes the picture of that name. */
  readonly take: (name: string, ...chats: readonly ChatPage[]) => Promise<void>;
}

const test = base.extend<Fixtures>({
  stage: async ({ host }, use, testInfo) => {
    const stage = await setStage(host, testInfo.outputPath("history.json"));
    await use(stage);
    await stage.close();
  },
  device: async ({ browser, stage }, use) => {
    await use(async (options, title) => {
      const context = await browser.newContext({
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "UTC",
        ...options,
      });
      // A browser without a window refuses notifications; a person's asks.
      await context.addInitScript(() => Object.defineProperty(Notification, "permission", { value: "default" }));
      const chat = new ChatPage(await context.newPage());
      await chat.page.goto(stage.server.url + (title === undefined ? "/" : `/c/${idOf(title)}`));
      await chat.page.locator('#sync-status[data-state="synced"]').waitFor({ state: "attached" });
      if (title !== undefined) await expect(chat.replies().first()).toBeVisible();
      return chat;
    });
  },
  take: async ({ browser }, use) => {
    await use((name, ...chats) =>
      takeSideBySide(
        browser,
        name,
        chats.map(({ page }) => page),
      ),
    );
  },
});

const LAPTOP = { viewport: { width: 840, height: 600 }, colorScheme: "light" } as const;
const OTHER = { ...LAPTOP, colorScheme: "dark" } as const;
const PHONE = { viewport: { width: 360, height: 600 }, isMobile: true, hasTouch: true, colorScheme: "light" } as const;

const BREAD = "Bread without kneading";
const COAST = "A trip to the coast";
const FRIDGE = "Yes: **24 to 72 hours** at 4 °C. It rises more slowly, and tastes of more.";

test("badges", async ({ stage, device, take }) => {
  const laptop = await device(LAPTOP, COAST);
  const other = await device(OTHER, BREAD);
  stage.model.behave({ kind: "answer", text: FRIDGE });
  await other.send("Can it rest in the fridge as well?");
  await other.untilReplied(2);
  await expect(laptop.badge(idOf(BREAD))).toHaveText("2");
  await take("badges", laptop, other);
});

test("banner", async ({ stage, device, take }) => {
  const laptop = await device({ ...LAPTOP, colorScheme: "dark" }, BREAD);
  const phone = await device({ ...PHONE, colorScheme: "dark" }, BREAD);
  stage.model.behave({ kind: "answer", text: FRIDGE });
  await phone.send("Can it rest in the fridge as well?");
  await phone.untilReplied(2);
  await expect(laptop.banner).toBeVisible();
  await take("banner", laptop, phone);
});

test("deletion", async ({ device, take }) => {
  const laptop = await device(LAPTOP, BREAD);
  const phone = await device({ ...PHONE, colorScheme: "dark" }, COAST);
  await laptop.input.fill("And how much salt?");
  await openDrawer(phone);
  await phone.row(idOf(BREAD)).getByRole("button", { name: "Conversation actions" }).tap();
  await phone.page.getByRole("menuitem", { name: "Delete" }).tap();
  for (const chat of [laptop, phone]) await expect(chat.toasts).toHaveCount(1);
  await take("deletion", laptop, phone);
});

test("reply", async ({ stage, device, take }) => {
  const laptop = await device(LAPTOP, COAST);
  const phone = await device(PHONE, COAST);
  stage.model.behave(
    unfinished(
      "Then turn it round:\n\n1. **Saturday**: Wells, the path to Holkham, and soup at the inn\n2. **Sunday**: the seals by boat, if it goes; else the",
    ),
  );
  await laptop.send("It may rain on Sunday. What then?");
  await phone.banner.getByRole("button").first().tap();
  for (const chat of [laptop, phone]) await expect(chat.streaming()).toContainText("if it goes");
  await take("reply", laptop, phone);
});

test("search", async ({ stage, device, take }) => {
  const laptop = await device({ ...LAPTOP, colorScheme: "dark" }, BREAD);
  await laptop.page.getByRole("searchbox").fill("holkham");
  await laptop.sidebar.locator(".search-result").first().click();
  await expect(laptop.messages.locator(".message.found")).toBeInViewport();
  const phone = await device(PHONE);
  stage.model.behave({ kind: "answer", text: FRIDGE });
  await stage.server.api.turn(idOf(BREAD), "Can it rest in the fridge as well?");
  await openDrawer(phone);
  await expect(phone.badge(idOf(BREAD))).toHaveText("2");
  await take("search", laptop, phone);
});

test("versions", async ({ stage, device, take }) => {
  const laptop = await device({ ...LAPTOP, colorScheme: "dark" }, BREAD);
  stage.model.behave({ kind: "answer", text: "Time kneads it: **fourteen hours**, covered, at room temperature." });
  await laptop.replies().first().hover();
  await laptop.replies().first().getByRole("button", { name: "Ask again" }).click();
  await expect(laptop.page.locator(".version-switcher")).toHaveText("2 / 2");
  await laptop.page.locator(".version-switcher").getByRole("button", { name: "Previous version" }).click();
  await expect(laptop.page.locator(".version-switcher")).toHaveText("1 / 2");
  await laptop.toasts.getByRole("button", { name: "Dismiss" }).click();
  const phone = await device({ ...PHONE, locale: "de-DE" }, COAST);
  await phone.page.getByRole("button", { name: /^Unterhaltungen zeigen/ }).tap();
  await phone.page.getByRole("button", { name: "Einstellungen" }).tap();
  await expect(phone.page.getByRole("dialog", { name: "Einstellungen" })).toBeVisible();
  await take("versions", laptop, phone);
});

async function openDrawer(phone: ChatPage): Promise<void> {
  await phone.page.getByRole("button", { name: /^Show conversations/ }).tap();
  await expect(phone.sidebar).toBeInViewport({ ratio: 1 });
}
