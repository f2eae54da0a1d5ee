/** The list as components follow it: ids, one row, how many are unread. */
import type { ConversationId } from "@instep/protocol";
import { useSyncExternalStore } from "preact/compat";
import { useCallback } from "preact/hooks";
import type { ConversationItem } from "./device.ts";
import { useDevice } from "./device-context.ts";

/** The ids of live conversations in their order; a component that has them is rendered when the order changes, not for every row. */
export function useConversationIds(isArchived: boolean): readonly ConversationId[] {
  const { subscribeList, archivedList, list } = useDevice().conversations;
  return useSyncExternalStore(subscribeList, isArchived ? archivedList : list);
}

/** One conversation's row. */
export function useConversation(id: string): ConversationItem | undefined {
  const { conversations } = useDevice();
  return useSyncExternalStore(
    useCallback((listener) => conversations.subscribe(id, listener), [conversations, id]),
    () => conversations.get(id),
  );
}

/** Whether the first list is there, from the cache or the network. */
export function useIsListReady(): boolean {
  const { subscribeList, isReady } = useDevice().conversations;
  return useSyncExternalStore(subscribeList, isReady);
}

/** How many conversations of the list are unread in this browser; of the archive with `isArchived`. */
export function useUnreadConversations(isArchived = false): number {
  const { subscribeUnread, unreadArchived, unreadConversations } = useDevice().conversations;
  return useSyncExternalStore(subscribeUnread, isArchived ? unreadArchived : unreadConversations);
}
