/** Answers "why is this unread?" from baseline, read position and counts [DEV-3]. No part of a device, nor of what a page begins with. */
import type { UnreadExplanation } from "./device.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { ConversationItem } from "./conversation-item.ts";
import { unreadSince } from "./unread.ts";

/** What decides a conversation's badge, and which of it did; null where there is none of that id. A device's store is its `sync.store`. */
export function explainUnread(store: ConversationStore, id: string): UnreadExplanation | null {
  const { state, conversations } = store;
  const item = conversations.get(id);
  const entry = item && state.entries.get(item.id);
  if (!entry) return null;
  return {
    unread: item.unread,
    scope: state.unreadScope,
    reason: reasonOf(store, item),
    baselineCount: entry.baseline.count,
    baselineSeq: entry.baseline.seq,
    messageCount: item.message_count,
    lastSeq: item.last_seq,
    readSeq: item.read_seq,
    serverUnreadCount: item.unread_count,
  };
}

function reasonOf({ state, screen }: ConversationStore, item: ConversationItem): UnreadExplanation["reason"] {
  const entry = state.entries.get(item.id);
  if (screen.has(item.id)) return "on-screen";
  if (state.held.has(item.id)) return "held";
  if (item.marked_unread) return "marked-unread";
  const isCounting = state.unreadScope === "device" && entry && unreadSince(entry.baseline, entry.row) === null;
  if (isCounting) return "counting";
  return item.unread > 0 ? "new-messages" : "all-read";
}
