/** What a browser keeps of the page. */
import { expect, type Page } from "@playwright/test";

/** Everything of the page's that is kept, by its place: the store of texts by key, and each store of each database. */
export function storedIn(page: Page): Promise<Record<string, unknown>> {
  return page.evaluate(async () => {
    const found: Record<string, unknown> = Object.fromEntries(Object.entries(localStorage));
    for (const { name = "" } of await indexedDB.databases()) {
      const opened = await new Promise<IDBDatabase>((done) => {
        const opening = indexedDB.open(name);
        opening.addEventListener("success", () => done(opening.result));
      });
      for (const store of opened.objectStoreNames) {
        const reading = opened.transaction(store).objectStore(store).getAll();
        await new Promise((done) => reading.addEventListener("success", done));
        found[`${name} ${store}`] = reading.result;
      }
      opened.close();
    }
    return found;
  });
}

/** Waits until all of these words are among it. */
export async function untilStored(page: Page, ...words: readonly string[]): Promise<void> {
  const missing = async (): Promise<readonly string[]> => {
    const stored = JSON.stringify(await storedIn(page));
    return words.filter((each) => !stored.includes(each));
  };
  await expect.poll(missing).toEqual([]);
}
