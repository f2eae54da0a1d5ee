/** What a page reads of conversations: each one as an item, and the list of all. */
import type { CompleteRow, ConversationId } from "@instep/protocol";

/** A conversation in the list: what the server says, with this device's unanswered changes on top. Never mutated: a change makes a new one. */
export interface ConversationItem extends CompleteRow {
  readonly id: ConversationId;
  /** The model that was chosen for it; empty: the server's default, whatever that is [TURN-10]. */
  readonly model: string;
  /** How many messages are unread here; 0 for the one on screen; `badgeText` writes it [DEV-3]. */
  readonly unread: number;
  /** Whether it counts among the unread ones of this browser. */
  readonly isUnread: boolean;
  /** A reply is being written, here or elsewhere. */
  readonly isGenerating: boolean;
  /** Not on the server yet: a draft, or begun offline. */
  readonly isLocal: boolean;
}

/** Read side of the one store: snapshots keep their identity until they change, and functions need no `this`, as `useSyncExternalStore` wants them. */
export interface ConversationReader {
  /** Called when ids, or what decides their order, change; never for another change inside a row. */
  readonly subscribeList: (listener: () => void) => () => void;
  /** The ids of live, unarchived conversations: pinned first, then newest `updated_at`, then id. Another array once one of these changes. */
  readonly list: () => readonly ConversationId[];
  readonly archivedList: () => readonly ConversationId[];
  /** Called when this one conversation changes, appears or goes. */
  readonly subscribe: (id: string, listener: () => void) => () => void;
  readonly get: (id: string) => ConversationItem | undefined;
  /** Called when the number of unread conversations changes, in the list or in the archive. */
  readonly subscribeUnread: (listener: () => void) => () => void;
  /** How many of those that the list shows are unread in this browser: the same in every tab; for title and favicon. */
  readonly unreadConversations: () => number;
  /** How many archived ones are. */
  readonly unreadArchived: () => number;
  /** Whether the first list is there (from the cache or the network). */
  readonly isReady: () => boolean;
}
