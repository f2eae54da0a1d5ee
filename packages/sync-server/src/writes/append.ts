/** Appends one message outside of a turn, exactly once by its id. */
import type { ConversationId } from "@instep/protocol";
import { withClock, type WriteMoment } from "../account-clock.ts";
import { appendMessage, type Appended, type MessageDraft } from "../append-message.ts";
import { liveConversation } from "../live-conversation.ts";
import { isRefusal, refuse, type Outcome } from "../refusal.ts";
import type { WriteTransaction } from "../storage/transaction.ts";
import { keptMessage } from "../versions.ts";

export interface AppendInput extends WriteMoment {
  readonly conversationId: ConversationId;
  readonly draft: MessageDraft;
}

/** Repeated with the same id and text it returns what stands, or was replaced since, without a tick [TICK-1]; with another text it is `duplicate_message_id`. */
export async function append(tx: WriteTransaction, input: AppendInput): Promise<Outcome<Appended>> {
  const { accountId, conversationId, draft } = input;
  return withClock(tx, input, async (tick) => {
    const conversation = await liveConversation(tx, accountId, conversationId);
    if (isRefusal(conversation)) return conversation;
    const message = await keptMessage(tx, { accountId, conversationId }, draft.id);
    if (!message) return appendMessage(tx, { accountId, tick, conversation, draft });
    const isRepeat = message.content === draft.content && message.role === draft.role;
    return isRepeat ? { conversation, message } : refuse("duplicate_message_id");
  });
}
