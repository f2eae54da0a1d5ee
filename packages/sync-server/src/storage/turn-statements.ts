/** Statements about turns and their replies' journals, and the leases of the nodes that generate them. */
import type {
  AccountId,
  ClientMessageId,
  ConversationId,
  MessageId,
  Micros,
  ReplyId,
  VersionId,
} from "@instep/protocol";
import type { JournalChunk } from "../replies/reply-events.ts";
import type { Awaitable } from "./rows.ts";

/** Between which times a lease has to end for its node to be taken for alive. */
export interface LeaseSpan {
  readonly endsBy: Micros;
  readonly believedUntil: Micros;
}

/** One running engine; an id is never used again, so that whoever lost a lease can't come back under it. */
export type NodeId = string & { readonly id: "node" };

/** `deleted` ended with its conversation and left no message [TURN-8]; the others are the stored message's status. */
export type TurnState = "running" | "complete" | "stopped" | "failed" | "interrupted" | "deleted";

/** A user message and the reply to it; it outlives its journal, so that a repeated send always finds its turn [TURN-3]. */
export interface TurnRow {
  readonly replyId: ReplyId;
  readonly conversationId: ConversationId;
  readonly clientMessageId: ClientMessageId;
  /** What tells whether a repeat has the same text. */
  readonly textHash: string;
  readonly userMessageId: MessageId;
  readonly userSeq: number;
  readonly model: string;
  /** Who generates; nobody takes over, so being the owner of a running turn is the right to write it [TURN-6]. */
  readonly ownerId: NodeId;
  readonly state: TurnState;
  readonly isStopRequested: boolean;
  readonly startedAt: Micros;
  readonly endedAt: Micros | null;
  readonly endEventId: number | null;
  /** The ending event without its message's text, as JSON; null while running. */
  readonly endData: string | null;
  /** What it replaced without a new text: that comes back where the turn ends without a word [MSG-5]. */
  readonly replacedVersionId: VersionId | null;
}

interface TurnEnd {
  readonly state: Exclude<TurnState, "running">;
  readonly endedAt: Micros;
  readonly endEventId: number;
  readonly endData: string;
}

export interface TurnKey {
  readonly accountId: AccountId;
  readonly replyId: ReplyId;
}

export interface TurnReads {
  turn(key: TurnKey): Awaitable<TurnRow | null>;
  turnByClientMessageId(accountId: AccountId, id: ClientMessageId): Awaitable<TurnRow | null>;
  /** How many replies of the account run. */
  countRunningTurns(accountId: AccountId): Awaitable<number>;
  /** The running turns of a node, and whether somebody asked to stop them. */
  runningTurnsOf(ownerId: NodeId): Awaitable<readonly (TurnKey & { readonly isStopRequested: boolean })[]>;
  /** Running turns whose owner has no lease that ends after `endsBy` and not after `believedUntil`, of every account. */
  orphanedTurns(lease: LeaseSpan, limit: number): Awaitable<readonly TurnKey[]>;
  /** When the node's lease ends; null where it has none. */
  leaseExpiry(ownerId: NodeId): Awaitable<Micros | null>;
  /** The journal's next chunks that have a number above `after`, in order: at least one where there are any, and not much more than 64 kB of them. */
  journalPiece(key: TurnKey, after: number): Awaitable<readonly JournalChunk[]>;
  /** The highest number that the journal has; null where there is none. */
  journalEnd(key: TurnKey): Awaitable<number | null>;
}

export interface TurnWrites {
  insertTurn(accountId: AccountId, row: TurnRow): Awaitable<void>;
  endTurn(key: TurnKey, end: TurnEnd): Awaitable<void>;
  requestStop(key: TurnKey): Awaitable<void>;
  /** Adds a chunk; one that begins with the same number is replaced where the new one reaches further. */
  saveChunk(key: TurnKey, chunk: JournalChunk): Awaitable<void>;
  saveLease(ownerId: NodeId, expiresAt: Micros): Awaitable<void>;
  deleteLease(ownerId: NodeId): Awaitable<void>;
  /** Removes leases that ended before `now` and own nothing that runs. */
  deleteSpentLeases(now: Micros): Awaitable<void>;
  /**
   * Removes at most `limit` rows of journals of turns that ended before `before`, of every account, the newest of each first; each
   * journal counts as one more. Returns how many.
   */
  deleteJournals(before: Micros, limit: number): Awaitable<number>;
}
