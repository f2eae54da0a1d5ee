/** The drafts of messages that are being edited: where each is kept, and which of them have no message any more. */
import type { Message } from "@instep/protocol";
import type { ConversationView } from "../sync/device.ts";
import type { Drafts } from "./drafts.ts";

/** Names the seq as well: it tells whether a message that isn't among the loaded ones was replaced, or stands outside of what is loaded. */
export function editKey({ conversation_id, seq, id }: Pick<Message, "conversation_id" | "seq" | "id">): string {
  return `${prefixOf(conversation_id)}${seq}-${id}`;
}

/** The keys of all that is being edited in a conversation. */
export function editKeys(drafts: Drafts, conversationId: string): readonly string[] {
  return drafts.keys(prefixOf(conversationId));
}

/** The keys of those whose message was replaced: it is not among the loaded ones, and its place is. */
export function replacedEditKeys(
  drafts: Drafts,
  { id, phase, messages, hasOlder }: Pick<ConversationView, "id" | "phase" | "messages" | "hasOlder">,
): readonly string[] {
  const [first, last] = [messages[0], messages.at(-1)];
  // Until the conversation is loaded, what is shown comes from this device's store, and may be older than the edit.
  if (phase !== "ready" || !first || !last) return [];
  const live = new Set(messages.map(editKey));
  return editKeys(drafts, id).filter((key) => {
    const seq = Number.parseInt(key.slice(prefixOf(id).length), 10);
    return !live.has(key) && seq <= last.seq && (!hasOlder || seq >= first.seq);
  });
}

function prefixOf(conversationId: string): string {
  return `edit-${conversationId}-`;
}
