/** A stored message as it travels. */
import { formatTimestamp, type Message } from "@instep/protocol";
import type { MessageRow } from "./storage/rows.ts";

/** The message on the wire; what it doesn't have is left out. `versionCount` says how many versions are kept of its place [MSG-5]. */
export function wireMessage(row: MessageRow, versionCount = 0): Message {
  return {
    id: row.id,
    conversation_id: row.conversationId,
    seq: row.seq,
    role: row.role,
    content: row.content,
    ...((row.thoughts ?? "") !== "" && { thoughts: row.thoughts ?? "" }),
    created_at: formatTimestamp(row.createdAt),
    status: row.status,
    ...(row.stopReason !== null && { stop_reason: row.stopReason }),
    ...(row.error !== null && { error: row.error }),
    ...(row.model !== null && { model: row.model }),
    ...(row.usage && { usage: row.usage }),
    ...(row.clientMessageId !== null && { client_message_id: row.clientMessageId }),
    ...(versionCount > 0 && { version_count: versionCount }),
  };
}
