/** Deleting: to the trash and back, for good, and what the sweep takes away. A deletion is told by its tombstone alone. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import { answerWithClock, type WithAsOf, type Tick, type WriteMoment } from "../account-clock.ts";
import { liveConversation } from "../live-conversation.ts";
import { isRefusal, refuse, type Outcome } from "../refusal.ts";
import type { AgingTombstone } from "../storage/conversation-statements.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { endErasedReply, endTrashedReply } from "./finish-reply.ts";

export interface TrashInput extends WriteMoment {
  readonly id: ConversationId;
  /** How long the trash keeps it, in microseconds. */
  readonly keepFor: number;
}

/** Puts a live conversation into the trash: gone from every list, told by a tombstone [SYNC-2]. */
export async function trashConversation(
  tx: WriteTransaction,
  input: TrashInput,
): Promise<Outcome<WithAsOf<ConversationRow>>> {
  return answerWithClock(tx, input, (tick) => trashOne(tx, input, tick));
}

/** The same under a clock that is held already. */
export async function trashOne(
  tx: WriteTransaction,
  { accountId, id, keepFor }: Omit<TrashInput, "now">,
  tick: Tick,
): Promise<Outcome<ConversationRow>> {
  const before = await liveConversation(tx, accountId, id);
  if (isRefusal(before)) return before;
  const trashedAt = await bury(tx, { accountId, id }, tick);
  const ended = await endTrashedReply(tx, { accountId, conversation: before, at: trashedAt, tick });
  const after = { ...ended, trashedAt, purgeAt: (trashedAt + keepFor) as Micros };
  await tx.saveConversation(accountId, after);
  return after;
}

/** Takes a conversation back from the trash as an ordinary change; of a live one nothing happens. */
export async function restoreConversation(
  tx: WriteTransaction,
  input: WriteMoment & { readonly id: ConversationId },
): Promise<Outcome<WithAsOf<ConversationRow>>> {
  return answerWithClock(tx, input, (tick) => restoreOne(tx, input, tick));
}

/** The same under a clock that is held already. */
export async function restoreOne(
  tx: WriteTransaction,
  { accountId, id }: { readonly accountId: AccountId; readonly id: ConversationId },
  tick: Tick,
): Promise<Outcome<ConversationRow>> {
  const before = await tx.conversation(accountId, id);
  if (!before) return refuse("conversation_not_found");
  if (before.trashedAt === null) return before;
  await tx.deleteTombstone(accountId, id);
  const after = { ...before, trashedAt: null, purgeAt: null, changedAt: tick() };
  await tx.saveConversation(accountId, after);
  return after;
}

export interface EraseInput extends WriteMoment {
  readonly id: ConversationId;
  /** Only as it went to the trash then: one that was restored since is not found, whether it lives or was deleted anew. */
  readonly onlyTrashedAt?: Micros;
}

/** Erases a conversation at once. From the trash nothing visible changes: its tombstone has stood since then, with its tick [TICK-1]. */
export async function eraseConversation(
  tx: WriteTransaction,
  input: EraseInput,
): Promise<Outcome<WithAsOf<{ readonly erased: ConversationId }>>> {
  return answerWithClock(tx, input, async (tick) => {
    const before = await tx.conversation(input.accountId, input.id);
    const isKept = input.onlyTrashedAt !== undefined && before?.trashedAt !== input.onlyTrashedAt;
    if (!before || isKept) return refuse("conversation_not_found");
    if (before.trashedAt === null) {
      const at = await bury(tx, input, tick);
      await endErasedReply(tx, { accountId: input.accountId, conversation: before, at });
    }
    await tx.deleteConversation(input.accountId, input.id);
    return { erased: input.id };
  });
}

export interface SweepInput {
  readonly now: Micros;
  /** Tombstones from before this go [SYNC-5]. */
  readonly horizon: Micros;
  /** At most this many conversations, versions and their messages are erased or tombstones looked at, so that no commit waits long. */
  readonly limit: number;
  /** Where the sweep before came to, of the same round; null begins one. */
  readonly after: AgingTombstone | null;
}

export interface Swept {
  readonly isDone: boolean;
  readonly after: AgingTombstone | null;
}

/**
 * Erases what has been in the trash too long, then versions that were kept long enough [MSG-5], then tombstones past the horizon,
 * without a tick. `isDone` false: call again.
 */
export async function sweep(tx: WriteTransaction, input: SweepInput): Promise<Swept> {
  const { now, horizon, limit } = input;
  const expired = await tx.expiredTrash(now, limit);
  for (const { accountId, id } of expired) await tx.deleteConversation(accountId, id);
  if (expired.length > 0) return { isDone: false, after: null };
  if ((await tx.pruneVersions(now, limit)) > 0) return { isDone: false, after: null };
  const after = await tx.pruneTombstones({ after: input.after, before: horizon, limit });
  return { isDone: after === null, after };
}

async function bury(
  tx: WriteTransaction,
  who: { readonly accountId: AccountId; readonly id: ConversationId },
  tick: Tick,
): Promise<Micros> {
  const deletedAt = tick();
  await tx.saveTombstone(who.accountId, { id: who.id, deletedAt });
  return deletedAt;
}
