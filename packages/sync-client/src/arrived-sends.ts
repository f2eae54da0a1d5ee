/** Sends that are there after all: another tab has sent them, though this one was refused [TURN-3, DEV-12]. */
import type { Message } from "@instep/protocol";
import { sendsOf } from "./outbox.ts";
import type { OutgoingBox } from "./outgoing.ts";

/** Takes out of the outbox what was refused, and stands among the conversation's messages. */
export function forgetArrived(box: OutgoingBox, id: string, messages: readonly Message[]): void {
  const refused = sendsOf(box.entries, id).filter(({ state }) => state === "rejected");
  if (refused.length === 0) return;
  const there = new Set(messages.map((message) => message.client_message_id));
  for (const send of refused) if (there.has(send.id)) void box.change(send.id, null);
}
