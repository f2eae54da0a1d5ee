/** Takes what another app has shared, where one has; else not even the code for it is loaded. */
import { useEffect } from "preact/hooks";
import type { Drafts } from "../composer/drafts.ts";
import { type PageEnvironment, useEnvironment } from "../environment.ts";
import { SHARED_KEY } from "./shared-key.ts";

/** Into the drafts of whoever is signed in; where nobody is, it is kept for who comes next. */
export function useShared(drafts: Drafts | null): void {
  const environment = useEnvironment();
  useEffect(() => {
    const isShared = location.search.includes("shared_") || environment.keyValue.get(SHARED_KEY) !== null;
    if (isShared) void takeInto(drafts, environment);
  }, [environment, drafts]);
}

async function takeInto(drafts: Drafts | null, environment: PageEnvironment): Promise<void> {
  const { search, pathname } = location;
  // Where its code can't be had, it stays in the address, for the next time.
  const taking = await import("./take-shared.ts").catch(() => null);
  if (taking === null) return;
  if (drafts === null) return taking.keepShared(search, environment);
  taking.takeShared(search, environment, drafts);
  if (search.includes("shared_")) history.replaceState(history.state, "", pathname);
}
