/** When this browser fetches conversations that nobody has opened: while the page is looked at and in step, and never soon after it was opened. */
import type { BrowserDevice } from "@instep/sync-client";
import type { PageEnvironment } from "../environment.ts";

/** What a person opened the page for comes first. */
const BEGIN_AFTER_MS = 5000;
const EVERY_MS = 300_000;

/** Reads ahead now and then; what it returns ends it. */
export function keepReadingAhead(
  device: Pick<BrowserDevice, "readAhead" | "status">,
  { after, isDataDear }: Pick<PageEnvironment, "after" | "isDataDear">,
): () => void {
  const ending = new AbortController();
  let cancel = () => {};
  const plan = (ms: number) => {
    cancel = after(ms, () => void read());
  };
  const read = async () => {
    const isReady = !document.hidden && device.status().state === "synced";
    if (isReady && !isDataDear()) await device.readAhead(ending.signal).catch(() => undefined);
    if (!ending.signal.aborted) plan(isReady ? EVERY_MS : BEGIN_AFTER_MS);
  };
  plan(BEGIN_AFTER_MS);
  return () => {
    ending.abort();
    cancel();
  };
}
