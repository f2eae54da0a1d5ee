/** The judgement of one conversation: what the program has, held against everything that it ever acknowledged about it. */
import type { ConversationDetail, Message, TurnEvent } from "@instep/protocol";
import { isDeepStrictEqual } from "node:util";
import { composeDemoReply } from "../../apps/server/src/generation/demo-text.ts";
import type { Evidence, Replay } from "./evidence.ts";
import { faultUnless } from "./fault.ts";
import type { Figures } from "./figures.ts";
import { isSameEnd, turnsOf } from "./ledger.ts";
import type { Conversation, ReplyEnd, Turn } from "./deeds.ts";
import { ENDPOINT_ANSWER, CUT_ANSWER } from "./models.ts";
import type { KilledProgram } from "./program.ts";
import { reckon, type ShownMessage, type Standing } from "./reckoning.ts";

export interface Court {
  readonly program: Pick<KilledProgram, "killedAt">;
  readonly figures: Figures;
  /** Text that a viewer saw so long before a kill has to be there after it [TURN-2]. */
  readonly durableAfterMs: number;
}

/** Throws the first fault that the evidence shows. */
export function judge(court: Court, conversation: Conversation, evidence: Evidence): void {
  const standing = reckon(conversation);
  judgeConversation(conversation, evidence.detail);
  judgeMessages(conversation, standing, evidence);
  judgeVersions(conversation, standing, evidence);
  for (const [turn, shown] of standing.shown) {
    const replay = evidence.replays.get(turn);
    if (!replay) continue;
    judgeReplay(turn, replay.events);
    judgeText(turn, shown);
    judgeLoss(court, turn, replay.events);
    judgeLateReaders(turn, replay);
  }
}

function judgeConversation({ id, title, readSeq }: Conversation, detail: ConversationDetail): void {
  const isIdle = detail.active_reply === null && detail.active_reply_id === null;
  faultUnless(isIdle, "TURN-6", () => `${id} still has a running reply: ${detail.active_reply_id}`);
  faultUnless(
    title === null || detail.title === title,
    "LIST-1",
    () => `${id} is named "${detail.title}", not "${title}"`,
  );
  faultUnless(detail.read_seq >= readSeq, "DEV-3", () => `${id} is read up to ${detail.read_seq}, it was ${readSeq}`);
}

/** Exactly the messages that must stand, in their order: none missing, none twice, none that nobody sent, none that should be gone. */
function judgeMessages(conversation: Conversation, standing: Standing, evidence: Evidence): void {
  for (const { clientMessageId, userMessage, replyId, end, isStopAcknowledged } of turnsOf(conversation)) {
    faultUnless(userMessage !== null, "TURN-1", () => `${clientMessageId} was never acknowledged`);
    faultUnless(end !== null, "TURN-6", () => `${replyId} never ended`);
    faultUnless(!isStopAcknowledged || isStopped(end), "TURN-5", () => `${replyId} was stopped and is not`);
  }
  const { id } = conversation;
  const { detail, messages } = evidence;
  const describe = (list: readonly Message[]) =>
    list.map(({ seq, role, status, version_count: count = 0 }) => `${seq} ${role} ${status} ${count}`).join(", ");
  faultUnless(
    isDeepStrictEqual(messages, standing.messages),
    "TURN-3",
    () => `${id} has ${describe(messages)}, and ${describe(standing.messages)} was acknowledged`,
  );
  faultUnless(detail.message_count === messages.length, "MSG-1", () => `${id} counts ${detail.message_count} messages`);
  faultUnless(
    detail.last_seq === standing.lastSeq,
    "MSG-1",
    () => `${id} is at ${detail.last_seq}, not ${standing.lastSeq}`,
  );
}

/** Whether the reply ended as a stop does: with what was there, or where nothing was, with what it had replaced [TURN-5, MSG-5]. */
function isStopped(end: ReplyEnd["data"]): boolean {
  if ("code" in end) return end.code === "conversation_deleted";
  return end.brought_back !== undefined || end.message.status === "stopped";
}

/** What was replaced is kept, whole, in its place [MSG-5]. */
function judgeVersions({ id }: Conversation, { messages, versions }: Standing, evidence: Evidence): void {
  for (const [index, { seq }] of messages.entries()) {
    const before = messages[index - 1]?.seq ?? 0;
    const kept = versions.filter(({ afterSeq }) => afterSeq === before).map((version) => version.messages);
    const told = evidence.versions.get(seq) ?? [];
    faultUnless(isDeepStrictEqual(told, kept), "MSG-5", () => {
      return `${id} keeps ${JSON.stringify(told)} at ${seq}, and ${JSON.stringify(kept)} was replaced`;
    });
  }
}

/** The whole reply again: a start, gapless numbers, exactly one end, and the text of the message [TURN-4]. */
function judgeReplay(turn: Turn, events: readonly TurnEvent[]): void {
  const told = () => `the replay of ${turn.replyId}: ${events.map(({ id, event }) => `${id} ${event}`).join(", ")}`;
  faultUnless(
    events.every(({ id }, index) => id === index + 1),
    "TURN-4",
    told,
  );
  const ends = events.filter(({ event }) => event === "done" || event === "error");
  const last = events.at(-1);
  faultUnless(events[0]?.event === "start" && ends.length === 1 && last === ends[0], "TURN-4", told);
  faultUnless(last?.event === "done" || last?.event === "error", "TURN-4", told);
  faultUnless(turn.end !== null && isSameEnd(last.data, turn.end), "TURN-4", told);
  const text = events.map((event) => (event.event === "token" ? event.data.text : "")).join("");
  faultUnless(isTextOf(last.data, text), "TURN-4", () => `${told()} is not its message`);
  for (const event of events) {
    const seen = turn.tokens.get(event.id)?.text;
    const isSame = seen === undefined || event.event !== "token" || event.data.text === seen;
    faultUnless(isSame, "TURN-4", () => `${told()}: event ${event.id} was "${seen}"`);
  }
}

/** Whether the reply's text is its message's; one that brought back what it had replaced had none [MSG-5]. */
function isTextOf(end: ReplyEnd["data"], text: string): boolean {
  if (end.brought_back !== undefined) return text.trim() === "";
  return end.message === null || end.message.content === text;
}

/** The text is what the model said: all of it where it is complete, the beginning where it isn't. */
function judgeText(turn: Turn, shown: readonly ShownMessage[]): void {
  const message = turn.end?.message;
  if (!message || turn.end?.brought_back !== undefined) return;
  const questions = shown.filter(({ role }) => role === "user").length;
  const answers =
    message.model === "demo" ? [composeDemoReply(turn.question.text, questions)] : [ENDPOINT_ANSWER, CUT_ANSWER];
  const isWhole = answers.includes(message.content);
  const isBeginning = answers.some((answer) => answer.startsWith(message.content));
  faultUnless(
    message.status === "complete" ? isWhole : isBeginning,
    "TURN-2",
    () => `${turn.replyId} is ${message.status}: ${JSON.stringify(message.content)}`,
  );
}

/** What viewers had seen and is gone: only where a kill took it, and only the newest of it [TURN-2]. */
function judgeLoss(court: Court, turn: Turn, events: readonly TurnEvent[]): void {
  // Deleting ends a reply where its journal ends [TURN-8].
  if (turn.end !== null && "code" in turn.end && turn.end.code === "conversation_deleted") return;
  const endId = events.at(-1)?.id ?? 0;
  for (const [id, { at, life }] of turn.tokens) {
    if (id < endId) continue;
    const killedAt = court.program.killedAt(life);
    faultUnless(killedAt !== null, "TURN-2", () => `${turn.replyId} lost event ${id}, and nobody was killed`);
    court.figures.took("time before a kill from which text was lost", killedAt - at);
    faultUnless(
      killedAt - at <= court.durableAfterMs,
      "TURN-2",
      () => `${turn.replyId} lost event ${id}, seen ${Math.round(killedAt - at)} ms before the kill`,
    );
  }
}

/** The rest for a reader that has seen some, and the end for one that has seen more than there is [TURN-4]. */
function judgeLateReaders({ replyId }: Turn, { events, late }: Replay): void {
  for (const { after, rest } of late) {
    const expected = after < events.length ? events.slice(after) : events.slice(-1);
    faultUnless(
      isDeepStrictEqual(rest, expected),
      "TURN-4",
      () => `${replyId} after ${after}: ${JSON.stringify(rest)}`,
    );
  }
}
