/** What waits in a store that can be read. */
import type { LocalStore } from "../src/local-store/local-store.ts";
import type { Outbox } from "../src/outbox/outbox.ts";

/** In its order. Throws where the store says nothing. */
export async function waitingIn(store: LocalStore): Promise<Outbox> {
  const outbox = await store.loadOutbox();
  if (outbox === null || outbox === "emptied") throw new Error("the store can't be read");
  return outbox;
}
