/** The account's read position in a conversation: forward only, and never beyond what exists [DEV-3]. */
import type { AccountId, ConversationId } from "@instep/protocol";
import { answerWithClock, type Answered, type WriteMoment } from "../account-clock.ts";
import { liveConversation } from "../append.ts";
import { isRefusal, type Outcome } from "../refusal.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Snapshot, WriteTransaction } from "../storage/transaction.ts";

export interface MarkReadInput extends WriteMoment {
  readonly id: ConversationId;
  readonly seq: number | null;
  /** Up to the n-th live message. */
  readonly messageCount: number | null;
  /** True marks as unread and moves nothing; false takes that mark away. */
  readonly unread: boolean | null;
}

/** Moves the position to the furthest that is asked for, and clears the mark; nothing new takes no tick [TICK-1]. */
export async function markRead(
  tx: WriteTransaction,
  input: MarkReadInput,
): Promise<Outcome<Answered<ConversationRow>>> {
  return answerWithClock(tx, input, async (tick) => {
    const before = await liveConversation(tx, input.accountId, input.id);
    if (isRefusal(before)) return before;
    const readSeq = input.unread ? before.readSeq : await furthest(tx, before, input);
    const markedUnread = input.unread ?? false;
    if (readSeq === before.readSeq && markedUnread === before.markedUnread) return before;
    const unreadCount =
      readSeq === before.readSeq ? before.unreadCount : await countUnread(tx, input.accountId, { ...before, readSeq });
    const after = { ...before, readSeq, unreadCount, markedUnread, changedAt: tick() };
    await tx.saveConversation(input.accountId, after);
    return after;
  });
}

async function furthest(snapshot: Snapshot, conversation: ConversationRow, input: MarkReadInput): Promise<number> {
  const bySeq = Math.min(input.seq ?? 0, conversation.lastSeq);
  const byCount = input.messageCount === null ? 0 : await seqOfCount(snapshot, conversation, input);
  return Math.max(conversation.readSeq, bySeq, byCount);
}

async function seqOfCount(snapshot: Snapshot, conversation: ConversationRow, input: MarkReadInput): Promise<number> {
  const count = input.messageCount ?? 0;
  if (count >= conversation.messageCount) return conversation.lastSeq;
  // Where nothing was ever removed, the n-th message has seq n.
  if (conversation.lastSeq === conversation.messageCount || count === 0) return count;
  const key = { accountId: input.accountId, conversationId: conversation.id };
  return (await snapshot.seqOfNth(key, count)) ?? 0;
}

async function countUnread(snapshot: Snapshot, accountId: AccountId, conversation: ConversationRow): Promise<number> {
  const { lastSeq, readSeq, messageCount } = conversation;
  if (readSeq >= lastSeq) return 0;
  if (lastSeq === messageCount) return lastSeq - readSeq;
  const key = { accountId, conversationId: conversation.id };
  return snapshot.countMessagesAfter(key, { after: readSeq, limit: messageCount });
}
