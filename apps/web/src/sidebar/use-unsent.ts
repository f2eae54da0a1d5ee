/** What of a conversation has not gone out: a message that was not sent or waits, or a text in its message box. */
import { useSyncExternalStore } from "preact/compat";
import { useDrafts } from "../composer/use-draft.ts";
import { useDevice } from "../sync/device-context.ts";

/** A text in its message box, a message that waits for a reply's end or for the network, or one that was not sent. */
export type Unsent = "draft" | "queued" | "waiting" | "failed";

/** `isActive`: it is on screen, and its message box with it. */
export function useUnsent(id: string, isActive: boolean): Unsent | null {
  const { outbox } = useDevice();
  const drafts = useDrafts();
  const sends = useSyncExternalStore(outbox.subscribe, () => outbox.stateOf(id));
  const hasDraft = useSyncExternalStore(drafts.subscribe, () => !isActive && drafts.get(id).trim() !== "");
  if (sends !== null) return sends === "rejected" ? "failed" : sends;
  return hasDraft ? "draft" : null;
}
