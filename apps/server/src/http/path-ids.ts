/** The ids that a call names: in its path, what they are called, checked before its route and read in it; in its body [ID-1]. */
import { isUuid, type ConversationId, type ReplyId } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import { Type } from "typebox";

export const ConversationParams = Type.Object({ id: Type.String({ description: "A conversation's id" }) });
export const ReplyParams = Type.Object({
  id: Type.String({ description: "A conversation's id" }),
  reply_id: Type.String({ description: "A reply's id" }),
});

/** The refusal of a path whose ids can't be ids: the same as for an unknown one, so that nothing is told apart. */
export function refusePathIds(params: unknown): Refusal | null {
  const { id, reply_id: replyId, version_id: versionId } = readParams(params);
  if (id !== undefined && !isUuid(id)) return { refused: "conversation_not_found" };
  if (replyId !== undefined && !isUuid(replyId)) return { refused: "reply_not_found" };
  if (versionId !== undefined && !isUuid(versionId)) return { refused: "version_not_found" };
  return null;
}

/** The conversation that a path names, in the one way that it is stored; `refusePathIds` has checked it [ID-1]. */
export function conversationIdOf(params: { readonly id: string }): ConversationId {
  return params.id.toLowerCase() as ConversationId;
}

/** The reply that a path names; `refusePathIds` has checked it. */
export function replyIdOf(params: { readonly reply_id: string }): ReplyId {
  return params.reply_id.toLowerCase() as ReplyId;
}

/** An id in a body, in the one way in which ids are stored; a text that is no UUID stays as it is. */
export function storedId(text: string): string {
  return isUuid(text) ? text.toLowerCase() : text;
}

interface PathIds {
  readonly id?: string;
  readonly reply_id?: string;
  readonly version_id?: string;
}

function readParams(params: unknown): PathIds {
  return typeof params === "object" && params !== null ? params : {};
}
