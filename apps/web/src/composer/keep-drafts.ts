/** What a tab does for its drafts before it goes. */
import type { Drafts } from "./drafts.ts";

/** Stores again what is written in this tab, where another one has sent or removed its own; what that one has stored since stays. */
export function keepDrafts(drafts: Drafts): void {
  for (const id of drafts.keys("")) drafts.set(id, drafts.get(id));
}
