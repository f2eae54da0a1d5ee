/** A conversation before its first message, however it comes to be. */
import type { Micros } from "@instep/protocol";
import type { ConversationRow } from "../storage/rows.ts";

type Given = Pick<ConversationRow, "id" | "title" | "model" | "pinned" | "archived" | "createdAt" | "updatedAt">;

/** The row, without messages; a title that is given was given by a person. */
export function newConversation(given: Given, changedAt: Micros): ConversationRow {
  const { id, title, model, pinned, archived, createdAt, updatedAt } = given;
  return {
    id,
    title,
    titleSource: title === "" ? "none" : "person",
    model,
    createdAt,
    updatedAt,
    changedAt,
    messageCount: 0,
    lastSeq: 0,
    readSeq: 0,
    unreadCount: 0,
    markedUnread: false,
    pinned,
    archived,
    activeReplyId: null,
    trashedAt: null,
    purgeAt: null,
  };
}
