/** What keeps a running reply without the account's clock: its journal, its owner's lease, and the sweep of what has ended. */
import type { Micros } from "@instep/protocol";
import type { JournalChunk } from "../replies/reply-events.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import type { NodeId, TurnKey } from "../storage/turn-statements.ts";

export interface AppendJournalInput {
  readonly ownerId: NodeId;
  readonly appended: readonly (TurnKey & { readonly chunk: JournalChunk })[];
}

/** Adds tokens of any number of replies. Returns those that are not their owner's to write any more: nothing of them is added [TURN-6]. */
export async function appendJournal(tx: WriteTransaction, input: AppendJournalInput): Promise<readonly TurnKey[]> {
  const lost: TurnKey[] = [];
  for (const { accountId, replyId, chunk } of input.appended) {
    const key = { accountId, replyId };
    const turn = await tx.turn(key);
    const isOwn = turn?.state === "running" && turn.ownerId === input.ownerId;
    if (isOwn) await tx.saveChunk(key, chunk);
    else lost.push(key);
  }
  return lost;
}

/** The node is alive and says until when that may be believed. */
export async function renewLease(
  tx: WriteTransaction,
  input: { readonly ownerId: NodeId; readonly expiresAt: Micros },
): Promise<void> {
  await tx.saveLease(input.ownerId, input.expiresAt);
}

/** The node has ended all that it generated, and goes. */
export async function releaseLease(tx: WriteTransaction, input: { readonly ownerId: NodeId }): Promise<void> {
  await tx.deleteLease(input.ownerId);
}

export interface SweepJournalsInput {
  readonly now: Micros;
  /** Journals of turns that ended before this go. */
  readonly endedBefore: Micros;
  /** At most this many of their rows, so that no commit waits long. */
  readonly limit: number;
}

/** Removes journals past their keep and leases that nothing needs, without a tick. `isDone` false: call again. */
export async function sweepJournals(
  tx: WriteTransaction,
  input: SweepJournalsInput,
): Promise<{ readonly isDone: boolean }> {
  await tx.deleteSpentLeases(input.now);
  const removed = await tx.deleteJournals(input.endedBefore, input.limit);
  return { isDone: removed < input.limit };
}
