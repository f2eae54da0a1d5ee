/** The account's read position in a conversation: forward only, and never beyond what exists [DEV-3]. */
import type { AccountId, ConversationId, Micros } from "@instep/protocol";
import { answerWithClock, type WithAsOf, type Tick, type WriteMoment } from "../account-clock.ts";
import { liveConversation } from "../live-conversation.ts";
import { isRefusal, type Outcome } from "../refusal.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Snapshot, WriteTransaction } from "../storage/transaction.ts";

export type MarkReadInput = WriteMoment & ReadPosition;

export interface ReadPosition {
  readonly accountId: AccountId;
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
): Promise<Outcome<WithAsOf<ConversationRow>>> {
  return answerWithClock(tx, input, (tick) => markOneRead(tx, input, tick));
}

/** The same under a clock that is held already. */
export async function markOneRead(
  tx: WriteTransaction,
  input: ReadPosition,
  tick: Tick,
): Promise<Outcome<ConversationRow>> {
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
}

export interface ReadAll extends WriteMoment {
  /** Those with a greater id; empty begins. */
  readonly afterId: string;
  /** At most so many, so that no commit waits long [SAFE-2]. */
  readonly limit: number;
}

export interface ReadSome {
  readonly conversations: readonly ConversationRow[];
  /** The id to go on after; null where everything is read. */
  readonly nextAfterId: ConversationId | null;
}

/** Reads some of what is unread to its end, in id order, each once however much is written meanwhile. */
export async function readAll(tx: WriteTransaction, input: ReadAll): Promise<Outcome<WithAsOf<ReadSome>>> {
  const { accountId, afterId, limit } = input;
  return answerWithClock(tx, input, async (tick) => {
    const unread = await tx.unreadConversations(accountId, { afterId, limit });
    const conversations: ConversationRow[] = [];
    for (const before of unread) {
      const after = asRead(before, tick());
      await tx.saveConversation(accountId, after);
      conversations.push(after);
    }
    return { conversations, nextAfterId: unread.length < limit ? null : (unread.at(-1)?.id ?? null) };
  });
}

function asRead(conversation: ConversationRow, tick: Micros): ConversationRow {
  return { ...conversation, readSeq: conversation.lastSeq, unreadCount: 0, markedUnread: false, changedAt: tick };
}

async function furthest(snapshot: Snapshot, conversation: ConversationRow, input: ReadPosition): Promise<number> {
  const bySeq = Math.min(input.seq ?? 0, conversation.lastSeq);
  const byCount = input.messageCount === null ? 0 : await seqOfCount(snapshot, conversation, input);
  return Math.max(conversation.readSeq, bySeq, byCount);
}

async function seqOfCount(snapshot: Snapshot, conversation: ConversationRow, input: ReadPosition): Promise<number> {
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
