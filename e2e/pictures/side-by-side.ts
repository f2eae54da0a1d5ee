/** Puts what two devices show beside each other in one picture. */
import { join, resolve } from "node:path";
import type { Browser, Page } from "@playwright/test";

const FOLDER = resolve(import.meta.dirname, "../../docs/pictures");
const STYLE = `main { padding: 8px; width: max-content; display: flex; align-items: flex-start; gap: 20px }
  img { display: block; border-radius: 12px; outline: 1px solid rgb(128 128 128 / 0.45) }`;

/** Writes `docs/pictures/NAME.png`: the pages as they are, from left to right. */
export async function takeSideBySide(browser: Browser, name: string, pages: readonly Page[]): Promise<void> {
  for (const page of pages) await settle(page);
  const shots = await Promise.all(
    pages.map((page) => page.screenshot({ animations: "disabled", caret: "hide", scale: "css" })),
  );
  const sheet = await browser.newPage({ viewport: { width: 2000, height: 1000 } });
  const images = shots.map((shot) => `<img src="data:image/png;base64,${shot.toString("base64")}">`);
  await sheet.setContent(`<!doctype html><style>${STYLE}</style><main>${images.join("")}</main>`, {
    waitUntil: "load",
  });
  await sheet.locator("main").screenshot({ path: join(FOLDER, `${name}.png`), omitBackground: true });
  await sheet.close();
}

/** Waits for fonts, without the pointer over anything, and at the same time of day whenever it is taken. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(page.viewportSize()?.width ?? 0, 0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    for (const time of document.querySelectorAll(".message-meta time")) time.textContent = "09:41";
  });
}
