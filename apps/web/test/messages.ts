/** Messages and views for tests, as the server and the device would give them. */
import type { ConversationId, Message } from "@instep/protocol";
import type { ConversationView } from "../src/sync/device.ts";

const CONVERSATION_ID = "00000000-0000-4000-8000-000000000001";

/** A complete message; odd numbers are the user's. */
export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: `00000000-0000-4000-9000-${String(seq).padStart(12, "0")}`,
    conversation_id: CONVERSATION_ID,
    seq,
    role: seq % 2 === 1 ? "user" : "assistant",
    content: `Message ${seq}`,
    created_at: "2026-01-01T12:00:00.000000Z",
    status: "complete",
    ...change,
  };
}

/** A conversation that is loaded and quiet. */
export function view(change: Partial<ConversationView> = {}): ConversationView {
  return {
    id: CONVERSATION_ID as ConversationId,
    phase: "ready",
    problem: null,
    newerProblem: null,
    messages: [message(1), message(2)],
    hasOlder: false,
    isLoadingOlder: false,
    hasLater: false,
    isLoadingLater: false,
    laterProblem: null,
    found: null,
    pending: [],
    reply: null,
    turnFailure: null,
    newMessages: 0,
    firstNewSeq: null,
    earlierNewSeq: null,
    ...change,
  };
}
