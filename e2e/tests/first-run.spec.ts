import { axeFindings } from "../harness/axe-findings.ts";
import { PHONE } from "../harness/phone.ts";
import { expect, test } from "../harness/test.ts";

test("a first visit shows how to begin, and axe finds nothing in either theme", async ({ openDevice }) => {
  const chat = await (await openDevice()).openTab();
  const { page } = chat;
  await expect(page.getByRole("list", { name: "Suggestions" }).getByRole("listitem")).toHaveCount(4);
  const box = await page.locator(".composer-box").boundingBox();
  const middle = (box?.y ?? 0) + (box?.height ?? 0) / 2;
  expect(middle).toBeGreaterThan(800 * 0.25);
  expect(middle).toBeLessThan(800 * 0.65);
  await page.getByText("Connect a model").click();
  await expect(page.getByText("OPENAI_BASE_URL=")).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByText("Bring your history").click();
  await expect(page.getByRole("dialog").getByText("npm run instep -- import")).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
});

test("a suggestion begins a chat, and the second tab that another one opens is in step with it", async ({ chat }) => {
  const [popup] = await Promise.all([
    chat.page.context().waitForEvent("page"),
    chat.page.getByRole("link", { name: /Open me in a second tab/ }).click(),
  ]);
  await popup.locator('#sync-status[data-state="synced"]').waitFor({ state: "attached" });
  await chat.page.getByRole("button", { name: /Explain something/ }).click();
  await chat.untilReplied(1);
  await expect(popup.locator(".conversation-item")).toHaveCount(1);
});

test("on a phone everything of a new chat has its room, and nothing is wider than the screen", async ({
  openDevice,
}) => {
  const { page } = await (await openDevice(PHONE)).openTab();
  await expect(page.getByRole("link", { name: /Open me in a second tab/ })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

for (const [locale, width, height] of [
  ["de-DE", 320, 568],
  ["de-DE", 390, 664],
  ["de-DE", 844, 390],
  ["en-GB", 844, 390],
] as const) {
  test(`a new chat's heading is whole on a phone of ${width} by ${height}, in ${locale}`, async ({ openDevice }) => {
    const { page } = await (await openDevice({ ...PHONE, locale, viewport: { width, height } })).openTab();
    await expect(page.locator(".suggestion").first()).toBeVisible();
    const log = await page.locator("#messages").evaluate((part) => part.scrollHeight - part.clientHeight);
    expect(log).toBe(0);
    await expect(page.locator(".welcome h2")).toBeInViewport({ ratio: 1 });
  });
}
