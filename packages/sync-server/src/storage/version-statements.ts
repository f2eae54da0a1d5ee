/** Statements about versions: messages that were replaced, kept apart from those that live [MSG-5]. */
import type { AccountId, ConversationId, MessageId, Micros, VersionId } from "@instep/protocol";
import type { ConversationKey, MessageBounds } from "./message-statements.ts";
import type { Awaitable, MessageRow } from "./rows.ts";

/** What was replaced at once. Its place is behind a message, so that it stays the same whatever comes to stand there. */
export interface VersionRow {
  readonly conversationId: ConversationId;
  readonly id: VersionId;
  /** The seq of the message that it stood behind, 0 at the beginning; a message that was replaced too may be meant. -1: it is going. */
  readonly afterSeq: number;
  readonly replacedAt: Micros;
  /** When the sweep takes it away; 0 or less where it has already gone with what it stood inside, or is going itself. */
  readonly purgeAt: Micros;
}

export interface VersionKey extends ConversationKey {
  readonly versionId: VersionId;
}

/** Where a version stands among its conversation's: by its place, then by when it was replaced. */
export type VersionPlace = Pick<VersionRow, "afterSeq" | "replacedAt" | "id">;

/** How many versions are kept of one place. */
export interface VersionCount {
  readonly afterSeq: number;
  readonly count: number;
}

/** None but `goingVersions` tells of a version whose messages have begun to go. */
export interface VersionReads {
  version(key: VersionKey): Awaitable<VersionRow | null>;
  /** Those from a place on, `at` itself too, up to the place behind the message `to`: place by place, oldest first. */
  versionsFrom(
    key: ConversationKey,
    page: { readonly at: VersionPlace; readonly to: number; readonly limit: number },
  ): Awaitable<readonly VersionRow[]>;
  /** All of the conversation's, oldest first. */
  versions(key: ConversationKey): Awaitable<readonly VersionRow[]>;
  /** Those of which the sweep has taken the first messages, under ids that are none: for the checker. */
  goingVersions(key: ConversationKey): Awaitable<readonly VersionRow[]>;
  /** The places behind the messages `from` to `to` that have versions. */
  versionCounts(
    key: ConversationKey,
    span: { readonly from: number; readonly to: number },
  ): Awaitable<readonly VersionCount[]>;
  /** The messages of a version whose seq is above `after`, oldest first; the seqs are those that they had. */
  versionMessages(key: VersionKey, page: { readonly after: number } & MessageBounds): Awaitable<readonly MessageRow[]>;
  /** A message that was replaced, in whichever version of the conversation. */
  replacedMessage(key: ConversationKey, id: MessageId): Awaitable<MessageRow | null>;
}

export interface VersionWrites {
  insertVersion(accountId: AccountId, row: VersionRow): Awaitable<void>;
  insertVersionMessage(key: VersionKey, row: MessageRow): Awaitable<void>;
  /** Moves the live messages from `fromSeq` on into a version that is there; their seqs are never given again [MSG-3]. */
  moveToVersion(key: VersionKey, fromSeq: number): Awaitable<void>;
  /** What was kept of the place behind one message is kept of the place behind another. */
  moveVersions(key: ConversationKey, place: { readonly from: number; readonly to: number }): Awaitable<void>;
  /** Removes a version with its messages. */
  deleteVersion(key: VersionKey): Awaitable<void>;
  /**
   * Removes at most `limit` versions whose time has ended at `now`, and messages of them, of every account, with what was kept of
   * places inside them; one that a running turn may bring back waits for its end. One that takes several calls is told by no read
   * from the first of them on. Returns how many it removed of both.
   */
  pruneVersions(now: Micros, limit: number): Awaitable<number>;
}
