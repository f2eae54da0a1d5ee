/** Ids: UUIDs that a device may choose [ID-1], branded so that one kind can't be taken for another. */

export type AccountId = string & { readonly id: "account" };
export type ConversationId = string & { readonly id: "conversation" };
export type MessageId = string & { readonly id: "message" };
/** A reply's id; it is the id of the message that the reply becomes. */
export type ReplyId = string & { readonly id: "reply" };
/** Names what once stood in a place of a conversation [MSG-5]. */
export type VersionId = string & { readonly id: "version" };
/** The device's id for one send, which makes it exactly-once [TURN-3]. */
export type ClientMessageId = string & { readonly id: "client message" };

/** What marks the id of a draft that was never sent: it lives on its device only [ID-1]. */
const TEMPORARY_PREFIX = "temp-";

export const UUID_PATTERN = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
const UUID = new RegExp(UUID_PATTERN);

/** Whether the text is a UUID in its usual form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Whether a conversation exists on its device only: neither synced nor ever missing [ID-1]. */
export function isTemporary(id: string): boolean {
  return id.startsWith(TEMPORARY_PREFIX);
}

/** The id of a draft that becomes this conversation with its first send [ID-1]. */
export function temporaryId(uuid: string): ConversationId {
  return `${TEMPORARY_PREFIX}${uuid}` as ConversationId;
}

/** The conversation that a draft becomes with its first send [ID-1]. */
export function begunAs(temporary: string): ConversationId {
  return temporary.slice(TEMPORARY_PREFIX.length) as ConversationId;
}
