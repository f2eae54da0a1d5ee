/** The append, of what is live: tick → insert → counts. Every message of every write comes through here [MSG-1, MSG-2]. */
import type { AccountId, Micros } from "@instep/protocol";
import type { Tick } from "./account-clock.ts";
import type { ConversationRow, MessageRow } from "./storage/rows.ts";
import type { WriteTransaction } from "./storage/transaction.ts";

/** A message before it has its place: no seq, no time. */
export type MessageDraft = Omit<MessageRow, "conversationId" | "seq" | "createdAt">;

export interface Append {
  readonly accountId: AccountId;
  readonly tick: Tick;
  /** The conversation as it is to stand besides the message: a title or an active reply changed before goes into the same row. */
  readonly conversation: ConversationRow;
  readonly draft: MessageDraft;
}

export interface Appended {
  readonly conversation: ConversationRow;
  readonly message: MessageRow;
}

/** Adds a message at the end of a live conversation and stores both; the caller holds the clock (`withClock`). */
export async function appendMessage(tx: WriteTransaction, append: Append): Promise<Appended> {
  const appended = placeMessage(append.conversation, append.draft, append.tick());
  await tx.insertMessage(append.accountId, appended.message);
  await tx.saveConversation(append.accountId, appended.conversation);
  return appended;
}

/** What the conversation becomes by one more message: a seq, counts, and its place in the list [MSG-1, LIST-1]. A send moves no read position. */
function placeMessage(conversation: ConversationRow, draft: MessageDraft, tick: Micros): Appended {
  const seq = conversation.lastSeq + 1;
  return {
    message: { ...draft, conversationId: conversation.id, seq, createdAt: tick },
    conversation: {
      ...conversation,
      updatedAt: tick,
      changedAt: tick,
      lastSeq: seq,
      messageCount: conversation.messageCount + 1,
      unreadCount: conversation.unreadCount + 1,
    },
  };
}
