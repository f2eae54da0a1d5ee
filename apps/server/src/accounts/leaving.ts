/** Leaving for good: what lets in ends first, then everything goes. What a crash cut short goes on at the next start. */
import type { Engine } from "@instep/sync-server";
import type { AccountStore } from "./storage/account-store.ts";

/** Erases all that those have who are leaving, and then them. */
export async function eraseLeaving(
  store: Pick<AccountStore, "leaving" | "removePerson">,
  engine: Pick<Engine, "eraseAccount">,
): Promise<void> {
  for (const id of store.leaving()) {
    await engine.eraseAccount(id);
    store.removePerson(id);
  }
}
