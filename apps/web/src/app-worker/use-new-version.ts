/** Whether another build of the page is there: asked in passing, when the page is looked at again and when the server is back. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import { useSyncStatus } from "../sync/use-sync-status.ts";
import type { WorkerWatch } from "./watch-worker.ts";

/** The page comes first. */
const BEGIN_AFTER_MS = 1000;
const ASK_EVERY_MS = 60_000;

export interface NewBuild {
  readonly isThere: boolean;
  /** Begins the page anew, with the new build. Drafts are kept on the device as they are typed. */
  readonly reload: () => Promise<void>;
}

export function useNewVersion(): NewBuild {
  const environment = useEnvironment();
  const { state } = useSyncStatus();
  const isReached = state === "synced" || state === "syncing";
  const [isThere, setIsThere] = useState(false);
  const watch = useRef<WorkerWatch | null>(null);
  useEffect(() => {
    if (!hasWorkers()) return undefined;
    let askedAt = environment.now();
    const begin = async () => {
      const wait = (ms: number) => new Promise<void>((resolve) => environment.after(ms, resolve));
      const [{ watchWorker }, { keepPushWords }] = await Promise.all([
        import("./watch-worker.ts"),
        import("./keep-push-words.ts"),
      ]);
      const { serviceWorker: workers } = navigator;
      const { keyValue } = environment;
      const ports = { workers, entry: entryOfPage(), onNew: () => setIsThere(true), wait, keyValue };
      watch.current = await watchWorker(ports);
      await keepPushWords((name) => caches.open(name));
    };
    // A browser that refuses, or a file that is not there, is a page without a worker.
    const cancel = environment.after(BEGIN_AFTER_MS, () => void begin().catch(() => undefined));
    const askWhenDue = () => {
      // The clock may have stepped back.
      if (document.hidden || Math.abs(environment.now() - askedAt) < ASK_EVERY_MS) return;
      askedAt = environment.now();
      watch.current?.askForBuild();
    };
    document.addEventListener("visibilitychange", askWhenDue);
    return () => {
      cancel();
      document.removeEventListener("visibilitychange", askWhenDue);
    };
  }, [environment]);
  const wasReached = useRef(isReached);
  useEffect(() => {
    // Back after it was away: perhaps as another build.
    if (isReached && !wasReached.current) watch.current?.askForBuild();
    wasReached.current = isReached;
  }, [isReached]);
  const reload = async () => {
    await watch.current?.takeOver();
    location.reload();
  };
  return { isThere, reload };
}

function hasWorkers(): boolean {
  return import.meta.env.PROD && "serviceWorker" in navigator;
}

function entryOfPage(): string | null {
  return document.querySelector('script[type="module"][src]')?.getAttribute("src") ?? null;
}
