/** What the engine stores, as values: one interface per table, the same for every database. */
import type {
  AccountId,
  ConversationId,
  MessageError,
  MessageId,
  MessageRole,
  MessageStatus,
  MessageUsage,
  Micros,
  ReplyId,
  UnreadScope,
} from "@instep/protocol";

export interface AccountRow {
  readonly id: AccountId;
  /** The newest tick that was given [CLOCK-1]. */
  readonly clock: Micros;
  /** The newest tick of a tombstone that was pruned, 0 where none was [SYNC-5]. */
  readonly prunedThrough: Micros;
  readonly email: string | null;
  readonly name: string;
  readonly unreadScope: UnreadScope;
  readonly createdAt: Micros;
}

/** Where a title came from; each may replace those before it in this order, a person's is never replaced. */
export type TitleSource = "none" | "words" | "model" | "person";

export interface ConversationRow {
  readonly id: ConversationId;
  readonly title: string;
  readonly titleSource: TitleSource;
  /** Null means the server's default, whatever that is at the time. */
  readonly model: string | null;
  readonly createdAt: Micros;
  /** Moves on messages only [LIST-1]. */
  readonly updatedAt: Micros;
  /** The tick of the newest change that a device can see [CLOCK-1]. */
  readonly changedAt: Micros;
  readonly messageCount: number;
  readonly lastSeq: number;
  readonly readSeq: number;
  /** Live messages after `readSeq`. */
  readonly unreadCount: number;
  readonly markedUnread: boolean;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly activeReplyId: ReplyId | null;
  /** Set while it is in the trash. */
  readonly trashedAt: Micros | null;
  readonly purgeAt: Micros | null;
}

export interface MessageRow {
  readonly conversationId: ConversationId;
  readonly seq: number;
  readonly id: MessageId;
  readonly role: MessageRole;
  readonly content: string;
  /** What the model thought; left out or null where nothing is known of it [MODEL-5]. */
  readonly thoughts?: string | null;
  readonly createdAt: Micros;
  readonly status: MessageStatus;
  readonly stopReason: string | null;
  readonly error: MessageError | null;
  readonly model: string | null;
  /** Left out or null where its endpoint said nothing [MODEL-7]. */
  readonly usage?: MessageUsage | null;
  readonly clientMessageId: string | null;
}

/** Instructions under a name [PRESET-1]. */
export interface PresetRow {
  readonly id: string;
  readonly name: string;
  readonly instructions: string;
  readonly updatedAt: Micros;
}

/** A deletion as a device learns of it; it stands from the trash on, until the horizon. */
export interface Tombstone {
  readonly id: ConversationId;
  /** The tick of the deletion. */
  readonly deletedAt: Micros;
}

export type Awaitable<T> = T | Promise<T>;
