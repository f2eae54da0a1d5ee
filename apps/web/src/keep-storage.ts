/** The way to ask the browser to keep what the page stores, also where room is short or nobody has come for a week. */

/** Asks it; some browsers ask the person. Nothing comes of it over plain HTTP, or where the browser has its reasons. */
export async function keepStorage(): Promise<void> {
  const { storage }: { readonly storage?: Partial<StorageManager> } = navigator;
  await storage?.persist?.().catch(() => false);
}
