/** What a send says, and what becomes of one that is not answered with its reply. */
import type { Message, Problem } from "@instep/protocol";
import { faultUnless } from "./fault.ts";
import { seeEnd } from "./ledger.ts";
import type { ReplyEnd, Turn } from "./deeds.ts";

/** What a send of the turn says. */
export function bodyOf(turn: Turn) {
  const { text, clientMessageId, fromSeq } = turn;
  const more = fromSeq === null ? {} : { replace_from_seq: fromSeq };
  return { clientMessageId, more, ...(text !== null && { message: text }) };
}

/** A send that was not answered with its reply: it failed, was interrupted, or its conversation is being deleted. */
export function refused(turn: Turn, status: number, text: string): "ended" {
  const problem = JSON.parse(text) as Problem & Partial<ReplyEnd["data"]>;
  const isDeleted = turn.conversation.deletions > 0 && (status === 404 || status === 410);
  const isFailure = status === 502 && "message" in problem;
  faultUnless(isDeleted || isFailure, "TURN-9", () => `a send was answered ${status}: ${text.slice(0, 400)}`);
  if (isFailure) endOf(turn, problem as unknown as ReplyEnd["data"]);
  return "ended";
}

function endOf(turn: Turn, end: ReplyEnd["data"]): void {
  const message: Message | null = end.message;
  if (message !== null) turn.replyId ??= message.id;
  seeEnd(turn, end);
}
