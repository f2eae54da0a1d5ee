/** What a person asks: something new, the same again, or in other words. */
import type { Message } from "@instep/protocol";
import type { Random } from "../random.ts";
import type { AskedSend } from "./deeds.ts";

/** Unlike any other text, so that the model's calls can be counted; some ask the demo model for much. */
export function newQuestion(random: Random, fromSeq: number | null = null): AskedSend {
  const clientMessageId = random.uuid();
  const words = random.weighted([
    [5, ""],
    [3, "in 60 words"],
    [2, "in 250 words"],
  ]);
  const text = `Question ${clientMessageId}: what stays in step? ${words}`.trim();
  return { clientMessageId, text, fromSeq, question: { clientMessageId, text } };
}

/** What is not settled yet, or is wanted otherwise; null where the person goes on. */
export function askingAgain(random: Random, messages: readonly Message[]): AskedSend | null {
  const last = messages.at(-1);
  const question = messages.findLast(({ role }) => role === "user");
  if (last === undefined || question === undefined) return null;
  if (random.chance(0.08)) return newQuestion(random, question.seq);
  const isSettled = last.role === "assistant" && last.status === "complete";
  if (!random.chance(isSettled ? 0.15 : 0.6)) return null;
  const clientMessageId = random.uuid();
  if (last.role === "assistant") return askReplyAgain(clientMessageId, last, question);
  // A question that got no reply is said again, word for word.
  const text = question.content;
  return { clientMessageId, text, fromSeq: question.seq, question: { clientMessageId, text } };
}

function askReplyAgain(clientMessageId: string, { seq }: Message, question: Message): AskedSend {
  const asked = { clientMessageId: question.client_message_id ?? "", text: question.content };
  return { clientMessageId, text: null, fromSeq: seq, question: asked };
}
