/** How a reply ends: the message that stays, the event that tells, and the short record of it that is kept. */
import {
  formatTimestamp,
  type AsOf,
  type DoneEvent,
  type ErrorEvent,
  type Message,
  type MessageId,
  type MessageStatus,
  type MessageUsage,
  type Said,
} from "@instep/protocol";
import type { ReplyEnding } from "../turns.ts";
import type { EndEvent } from "./reply-feed.ts";
import type { ConversationRow } from "../storage/rows.ts";
import { syncRowOf } from "../summary.ts";

/** The fields of the reply's message that its ending decides. */
export interface EndedAs {
  readonly status: Exclude<MessageStatus, "streaming">;
  readonly stopReason: string | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly usage: MessageUsage | null;
}

/** What became of the turn: its last number, its message where one is kept, and the conversation after it. */
export interface TurnOutcome {
  readonly id: number;
  readonly ending: ReplyEnding;
  readonly message: Message | null;
  /** How many messages came back since the turn ended without a word; `message` is the first of them [MSG-5]. */
  readonly broughtBack: number;
  readonly conversation: ConversationRow;
  readonly asOf: AsOf;
}

/**
 * Whether the reply stays as a message. Only a failure without text leaves none [TURN-9]: a stop keeps even an empty one [TURN-5],
 * and so does an interruption, so that the page can say what happened and the reply can be asked again by its seq [TURN-6].
 */
export function leavesMessage(ending: ReplyEnding, text: string): boolean {
  return ending.kind !== "failed" || text !== "";
}

/** Whether a turn that ends so, and asked again without a new text, brings back what it had replaced [MSG-5]. */
export function bringsBack(ending: ReplyEnding, text: string): boolean {
  return ending.kind !== "complete" && text.trim() === "";
}

/** The stored message's status, and why. */
export function endedAs(ending: ReplyEnding): EndedAs {
  if (ending.kind === "failed") return { status: "failed", stopReason: null, error: ending.error, usage: null };
  const { stopReason = null, usage = null } = ending.kind === "complete" ? ending : {};
  return { status: ending.kind, stopReason, error: null, usage };
}

/** The event that ends the reply: `done` where it is complete or stopped, else `error`. */
export function endEvent(outcome: TurnOutcome): EndEvent {
  const { id, ending, message, broughtBack, conversation, asOf } = outcome;
  const updated_at = formatTimestamp(conversation.updatedAt);
  const { messageCount: message_count, lastSeq: last_seq, title } = conversation;
  const back = broughtBack > 0 && { brought_back: broughtBack };
  const after = { message_count, last_seq, title, updated_at, conversation: syncRowOf(conversation), ...back, ...asOf };
  // An error tells what is kept of the reply, and nothing is.
  const kept = back ? null : message;
  if (ending.kind === "failed") {
    return { id, event: "error", data: { ...ending.error, retryable: ending.retryable, message: kept, ...after } };
  }
  if (ending.kind === "interrupted") {
    const detail = "The server stopped while it was writing the reply. What had come is kept.";
    return {
      id,
      event: "error",
      data: { code: "reply_interrupted", detail, retryable: true, message: kept, ...after },
    };
  }
  if (message === null) throw new Error("A reply that ended well has no message");
  return { id, event: "done", data: { message, ...after } };
}

/** The event that ends a reply whose conversation was deleted under it, with what is left of it for whoever restores that [TURN-8]. */
export function deletedEvent(
  id: number,
  asOf: AsOf,
  left: Pick<ErrorEvent, "message" | "message_count" | "last_seq"> = { message: null, message_count: 0, last_seq: 0 },
): EndEvent {
  const detail = "The conversation was deleted while the reply was being written.";
  return {
    id,
    event: "error",
    data: {
      code: "conversation_deleted",
      detail,
      retryable: false,
      ...left,
      ...asOf,
    },
  };
}

type Textless<T extends { message: Message | null }> = Omit<T, "message"> & {
  readonly message: Omit<Message, "content" | "thoughts"> | null;
};
type EndRecord =
  | { readonly event: "done"; readonly data: Textless<DoneEvent> }
  | { readonly event: "error"; readonly data: Textless<ErrorEvent> };

/** The ending event as it is kept with the turn: without its message's text, which stands elsewhere already. */
export function packEnd(event: EndEvent): string {
  if (event.data.message === null) return JSON.stringify({ event: event.event, data: event.data });
  const { content: _, thoughts: __, ...message } = event.data.message;
  return JSON.stringify({ event: event.event, data: { ...event.data, message } });
}

/** The id of the message that a packed end tells of: the reply's, or where it ended without a word what came back [MSG-5]. */
export function endMessageId(packed: string): MessageId | null {
  const { data } = JSON.parse(packed) as EndRecord;
  return (data.message?.id ?? null) as MessageId | null;
}

/** The ending event again. Null where it has a message but nobody has its words any more. */
export function unpackEnd(id: number, packed: string, said: Said | null): EndEvent | null {
  // The record is written by `packEnd` only: what is read back has the type that it wrote.
  const { event, data } = JSON.parse(packed) as EndRecord;
  if (event === "error") {
    if (data.message === null) return { id, event, data: { ...data, message: null } };
    return said === null ? null : { id, event, data: { ...data, message: withSaid(data.message, said) } };
  }
  if (data.message === null || said === null) return null;
  return { id, event, data: { ...data, message: withSaid(data.message, said) } };
}

function withSaid(message: Omit<Message, "content" | "thoughts">, { text, thoughts }: Said): Message {
  return { ...message, content: text, ...(thoughts !== "" && { thoughts }) };
}
