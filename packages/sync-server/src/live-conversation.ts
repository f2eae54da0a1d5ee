/** A conversation as most calls want it: there, and not in the trash. */
import type { AccountId, ConversationId } from "@instep/protocol";
import { refuse, type Outcome } from "./refusal.ts";
import type { ConversationRow } from "./storage/rows.ts";
import type { Snapshot } from "./storage/transaction.ts";

/** The conversation where it can be read and written; what is missing and what is in the trash are refused differently. */
export async function liveConversation(
  snapshot: Snapshot,
  accountId: AccountId,
  id: ConversationId,
): Promise<Outcome<ConversationRow>> {
  const conversation = await snapshot.conversation(accountId, id);
  if (!conversation) return refuse("conversation_not_found");
  return conversation.trashedAt === null ? conversation : refuse("conversation_trashed");
}
