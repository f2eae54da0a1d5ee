/** An import's conversations on their way from thread to thread: one that only passes them on is done at once, however long they are [SAFE-2]. */
import { deserialize, serialize } from "node:v8";
import type { ConversationId } from "@instep/protocol";
import type { ImportedConversation } from "./imported.ts";

/** Those of these ids among what was packed. */
export interface PackedConversations {
  readonly ids: readonly ConversationId[];
  /** Shared and never written again, so that no thread copies it. */
  readonly bytes: SharedArrayBuffer;
}

/** Takes as long as the conversations are: for a thread for which nobody waits. */
export function packConversations(conversations: readonly ImportedConversation[]): PackedConversations {
  const packed = serialize(conversations);
  const bytes = new SharedArrayBuffer(packed.length);
  new Uint8Array(bytes).set(packed);
  return { ids: conversations.map(({ id }) => id), bytes };
}

/** The conversations, packed or not. */
export function unpackConversations(
  given: readonly ImportedConversation[] | PackedConversations,
): readonly ImportedConversation[] {
  if (!("bytes" in given)) return given;
  const ids: ReadonlySet<ConversationId> = new Set(given.ids);
  const all = deserialize(new Uint8Array(given.bytes)) as readonly ImportedConversation[];
  return all.filter(({ id }) => ids.has(id));
}
