/** What a turn asks: a new message, or one that stands while what came after it is replaced [MSG-3, TURN-7]. */
import type { AccountId, ConversationId } from "@instep/protocol";
import { endMessagesFrom } from "../append.ts";
import { refuse, type Outcome, type Refusal } from "../refusal.ts";
import type { ConversationRow, MessageRow } from "../storage/rows.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { wireMessage } from "../wire-message.ts";

const MAX_STALE_MESSAGES = 100;
/** How far back the question of a reply is looked for: imported histories may have several replies to one. */
const MAX_REPLIES_TO_ONE = 50;

export interface Asking {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly text: string | null;
  readonly expectedLastSeq: number | null;
  readonly replaceFromSeq: number | null;
}

/** What a turn asks with: a message to append, or one that stands; and the conversation without what is replaced. */
export interface Question {
  readonly conversation: ConversationRow;
  readonly standing: MessageRow | null;
}

/** Ends what is replaced, and tells what remains; `stale_conversation` where there is nothing of that kind to replace. */
export async function takeQuestion(
  tx: WriteTransaction,
  input: Asking,
  conversation: ConversationRow,
): Promise<Outcome<Question>> {
  const { accountId, text, replaceFromSeq: fromSeq } = input;
  if (fromSeq === null) {
    return text === null ? refuse("invalid_body", "A send needs a message.") : { conversation, standing: null };
  }
  const replaced = await tx.message(input, fromSeq);
  const standing = replaced?.role === "assistant" && text === null ? await questionBefore(tx, input, fromSeq) : null;
  const canReplace = standing !== null || (replaced?.role === "user" && text !== null);
  if (!canReplace) return staleConversation(tx, input, conversation);
  return { standing, conversation: await endMessagesFrom(tx, { accountId, conversation, fromSeq }) };
}

async function questionBefore(tx: WriteTransaction, input: Asking, seq: number): Promise<MessageRow | null> {
  const before = await tx.messagesBefore(input, { before: seq, limit: MAX_REPLIES_TO_ONE });
  return before.find((message) => message.role === "user") ?? null;
}

/** What the device lacks: the messages after the one that it expected to be the last [TURN-7]. */
export async function staleConversation(
  tx: WriteTransaction,
  input: Asking,
  conversation: ConversationRow,
): Promise<Refusal> {
  const after = input.expectedLastSeq ?? input.replaceFromSeq ?? 0;
  const messages = await tx.messagesAfter(input, { after, limit: MAX_STALE_MESSAGES });
  const members = {
    last_seq: conversation.lastSeq,
    message_count: conversation.messageCount,
    messages: messages.map(wireMessage),
  };
  return { refused: "stale_conversation", members };
}
