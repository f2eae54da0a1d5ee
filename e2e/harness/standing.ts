/** What moves, once it stands. */
import { isDeepStrictEqual } from "node:util";
import { expect, type Page } from "@playwright/test";

/** What is read of the page, once it is the same a moment later. */
export async function standing<Read>(page: Page, read: () => Promise<Read>): Promise<Read> {
  let found = await read();
  await expect(async () => {
    const before = found;
    await page.waitForTimeout(200);
    found = await read();
    expect(isDeepStrictEqual(found, before)).toBe(true);
  }).toPass();
  return found;
}
