/** A reply that this process has just ended, durably: what whoever mounts the engine is told of it. */
import type { AccountId, ConversationId, ReplyId } from "@instep/protocol";
import type { ReplyEnding } from "../turns.ts";

export interface EndedReply {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly replyId: ReplyId;
  readonly kind: ReplyEnding["kind"];
  /** The conversation's. */
  readonly title: string;
}
