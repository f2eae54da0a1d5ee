/** The judgement of one conversation: what the program has, held against everything that it ever acknowledged about it. */
import type { ConversationDetail, Message, MessagePage, TurnEvent } from "@instep/protocol";
import { isDeepStrictEqual } from "node:util";
import { createClient, readEvents, type Client } from "../../apps/server/test/client.ts";
import { composeDemoReply } from "../../apps/server/src/generation/demo-text.ts";
import { must } from "./fault.ts";
import { questionOf, type Conversation, type Ledger, type Turn } from "./ledger.ts";
import { ENDPOINT_ANSWER, CUT_ANSWER } from "./models.ts";
import type { Program } from "./program.ts";

export interface Court {
  readonly program: Program;
  readonly ledger: Ledger;
  readonly url: string;
  /** Text that a viewer saw so long before a kill has to be there after it [TURN-2]. */
  readonly durableAfterMs: number;
}

const PAGE = 200;

/** Throws the first fault that it finds in the conversation. */
export async function judge(court: Court, conversation: Conversation): Promise<void> {
  const client = createClient(court.url);
  if (conversation.state === "trashed") return judgeTrashed(client, conversation);
  const detail = await client.open(conversation.id);
  const messages = await allMessages(client, conversation);
  judgeConversation(conversation, detail);
  judgeMessages(conversation, detail, messages);
  for (const [index, turn] of conversation.turns.entries()) {
    if (turn.replyId === null) continue;
    const events = await replay(client, turn, 0);
    judgeReplay(turn, events);
    judgeText(turn, questionNumber(conversation, index));
    judgeLoss(court, turn, events);
    await judgeLateReader(client, turn, events);
  }
}

async function judgeTrashed(client: Client, { id }: Conversation): Promise<void> {
  const { status, body } = await client.call(`/api/conversations/${id}`);
  const isTrashed = status === 404 && body.code === "conversation_trashed";
  must(isTrashed, "SYNC-2", () => `${id} was deleted, and is answered ${status}`);
}

function judgeConversation({ id, title, readSeq }: Conversation, detail: ConversationDetail): void {
  const isIdle = detail.active_reply === null && detail.active_reply_id === null;
  must(isIdle, "TURN-6", () => `${id} still has a running reply: ${detail.active_reply_id}`);
  must(title === null || detail.title === title, "LIST-1", () => `${id} is named "${detail.title}", not "${title}"`);
  must(detail.read_seq >= readSeq, "DEV-3", () => `${id} is read up to ${detail.read_seq}, it was ${readSeq}`);
}

/** Exactly the messages that were acknowledged, in their order: none missing, none twice, none that nobody sent. */
function judgeMessages(conversation: Conversation, detail: ConversationDetail, messages: readonly Message[]): void {
  const expected: Message[] = [];
  for (const turn of conversation.turns) {
    // A send that was refused because its conversation was being deleted never became a message.
    if (turn.userMessage === null && conversation.deletions > 0) continue;
    must(turn.userMessage !== null, "TURN-1", () => `${turn.clientMessageId} was never acknowledged`);
    const replaced = turn.replaces?.end?.message?.id;
    if (turn.replaces === null) expected.push(turn.userMessage);
    else must(expected.pop()?.id === replaced, "MSG-3", () => `${turn.clientMessageId} replaces what is not the last`);
    must(turn.end !== null, "TURN-6", () => `${turn.replyId} never ended`);
    if (turn.end.message !== null) expected.push(turn.end.message);
    const isStopped = turn.end.message?.status === "stopped" || conversation.deletions > 0;
    must(!turn.isStopAcknowledged || isStopped, "TURN-5", () => `${turn.replyId} was stopped and is not`);
  }
  const { id } = conversation;
  const describe = (list: readonly Message[]) =>
    list.map(({ seq, role, status }) => `${seq} ${role} ${status}`).join(", ");
  must(
    isDeepStrictEqual(messages, expected),
    "TURN-3",
    () => `${id} has ${describe(messages)}, and ${describe(expected)} was acknowledged`,
  );
  must(detail.message_count === messages.length, "MSG-1", () => `${id} counts ${detail.message_count} messages`);
  const isRising = messages.every(({ seq }, index) => seq > (messages[index - 1]?.seq ?? 0));
  must(isRising && detail.last_seq >= (messages.at(-1)?.seq ?? 0), "MSG-1", () => `${id}: ${describe(messages)}`);
}

async function allMessages(client: Client, { id }: Conversation): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const path = `/api/conversations/${id}/messages?after=${all.at(-1)?.seq ?? 0}&limit=${PAGE}`;
    const { body } = await client.call<MessagePage>(path);
    all.push(...body.messages);
    if (!body.message_pagination.has_newer) return all;
  }
}

async function replay(client: Client, turn: Turn, after: number): Promise<TurnEvent[]> {
  const path = `/api/conversations/${turn.conversation.id}/chat/replies/${turn.replyId}/stream?after=${after}`;
  const response = await fetch(`${client.url}${path}`);
  must(response.status === 200, "TURN-4", () => `${path} was answered ${response.status}`);
  const events: TurnEvent[] = [];
  for await (const event of readEvents(response)) events.push(event);
  return events;
}

/** The whole reply again: a start, gapless numbers, exactly one end, and the text of the message [TURN-4]. */
function judgeReplay(turn: Turn, events: readonly TurnEvent[]): void {
  const told = () => `the replay of ${turn.replyId}: ${events.map(({ id, event }) => `${id} ${event}`).join(", ")}`;
  must(
    events.every(({ id }, index) => id === index + 1),
    "TURN-4",
    told,
  );
  const ends = events.filter(({ event }) => event === "done" || event === "error");
  const last = events.at(-1);
  must(events[0]?.event === "start" && ends.length === 1 && last === ends[0], "TURN-4", told);
  must(last?.event === "done" || last?.event === "error", "TURN-4", told);
  must(isDeepStrictEqual(last.data.message, turn.end?.message ?? null), "TURN-4", told);
  const text = events.map((event) => (event.event === "token" ? event.data.text : "")).join("");
  must(
    last.data.message === null || last.data.message.content === text,
    "TURN-4",
    () => `${told()} is not its message`,
  );
  for (const event of events) {
    const seen = turn.tokens.get(event.id)?.text;
    const isSame = seen === undefined || event.event !== "token" || event.data.text === seen;
    must(isSame, "TURN-4", () => `${told()}: event ${event.id} was "${seen}"`);
  }
}

/** The text is what the model said: all of it where it is complete, the beginning where it isn't. */
function judgeText(turn: Turn, number: number): void {
  const message = turn.end?.message;
  if (!message) return;
  const question = questionOf(turn).text ?? "";
  const answers = message.model === "demo" ? [composeDemoReply(question, number)] : [ENDPOINT_ANSWER, CUT_ANSWER];
  const isWhole = answers.includes(message.content);
  const isBeginning = answers.some((answer) => answer.startsWith(message.content));
  must(
    message.status === "complete" ? isWhole : isBeginning,
    "TURN-2",
    () => `${turn.replyId} is ${message.status}: ${JSON.stringify(message.content)}`,
  );
}

/** What viewers had seen and is gone: only where a kill took it, and only the newest of it [TURN-2]. */
function judgeLoss(court: Court, turn: Turn, events: readonly TurnEvent[]): void {
  if (turn.conversation.deletions > 0) return;
  const endId = events.at(-1)?.id ?? 0;
  for (const [id, { at, life }] of turn.tokens) {
    if (id < endId) continue;
    const killedAt = court.program.killedAt(life);
    must(killedAt !== null, "TURN-2", () => `${turn.replyId} lost event ${id}, and nobody was killed`);
    court.ledger.figures.took("time before a kill from which text was lost", killedAt - at);
    must(
      killedAt - at <= court.durableAfterMs,
      "TURN-2",
      () => `${turn.replyId} lost event ${id}, seen ${Math.round(killedAt - at)} ms before the kill`,
    );
  }
}

/** The rest for a reader that has seen some, and the end for one that has seen more than there is [TURN-4]. */
async function judgeLateReader(client: Client, turn: Turn, events: readonly TurnEvent[]): Promise<void> {
  const middle = Math.floor(events.length / 2);
  for (const after of [middle, events.length + 7]) {
    const rest = await replay(client, turn, after);
    const expected = after < events.length ? events.slice(after) : events.slice(-1);
    must(isDeepStrictEqual(rest, expected), "TURN-4", () => `${turn.replyId} after ${after}: ${JSON.stringify(rest)}`);
  }
}

/** How many questions the model was shown with that turn's: the replies that are asked again add none. */
function questionNumber(conversation: Conversation, index: number): number {
  return conversation.turns.slice(0, index + 1).filter(({ replaces, userMessage }) => !replaces && userMessage).length;
}
