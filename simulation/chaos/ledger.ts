/** What the clients were told: every acknowledgement of the program, to be held against what it has in the end. */
import type { Message } from "@instep/protocol";
import { isDeepStrictEqual } from "node:util";
import type { AskedSend, Conversation, ReplyEnd, Turn } from "./deeds.ts";
import { faultUnless } from "./fault.ts";
import { Figures } from "./figures.ts";
import type { Life } from "./program.ts";
import { reckon } from "./reckoning.ts";

export class Ledger {
  readonly conversations = new Map<string, Conversation>();
  readonly faults: string[] = [];
  readonly figures = new Figures();
  #clock = "";

  /** The newest clock that an answer has told so far: no later question may get an older one [CLOCK-3, SYNC-3]. */
  get clock(): string {
    return this.#clock;
  }

  /** An answer to a question that was asked when `clock` was `asked`. */
  tellClock(asked: string, answered: string): void {
    faultUnless(answered >= asked, "CLOCK-3", () => `the clock went back from ${asked} to ${answered}`);
    if (answered > this.#clock) this.#clock = answered;
  }

  addConversation(id: string): Conversation {
    const conversation: Conversation = { id, deeds: [], title: null, readSeq: 0, state: "live", deletions: 0 };
    this.conversations.set(id, conversation);
    this.figures.count("conversations");
    return conversation;
  }

  addTurn(conversation: Conversation, asking: AskedSend): Turn {
    const turn: Turn = {
      ...asking,
      kind: "turn",
      conversation,
      tokens: new Map(),
      attempts: 0,
      triedAt: 0,
      firstLife: 0,
      userMessage: null,
      replyId: null,
      end: null,
      isStopAcknowledged: false,
    };
    conversation.deeds.push(turn);
    return turn;
  }

  fail(error: unknown): void {
    this.faults.push(error instanceof Error ? error.message : String(error));
  }
}

/** It is sent, once more or for the first time. */
export function tryTurn(turn: Turn): void {
  turn.attempts += 1;
  turn.triedAt = performance.now();
}

/** The user message is committed and the reply has its id [TURN-1]; a repeat is told the same [TURN-3]. */
export function acknowledge(turn: Turn, told: { readonly message: Message; readonly replyId: string | null }): void {
  const { message, replyId } = told;
  const { question } = turn;
  faultUnless(
    message.content === question.text && message.client_message_id === question.clientMessageId,
    "TURN-1",
    () => `a send of ${question.clientMessageId} was acknowledged with another message: ${JSON.stringify(message)}`,
  );
  const first = turn.userMessage;
  faultUnless(
    first === null || isDeepStrictEqual(first, message) || standsAs(turn.conversation, message),
    "TURN-3",
    () => `${turn.clientMessageId} was acknowledged twice, differently: ${JSON.stringify([first, message])}`,
  );
  turn.userMessage ??= message;
  if (replyId === null) return;
  faultUnless(
    turn.replyId === null || turn.replyId === replyId,
    "TURN-3",
    () => `${turn.clientMessageId} has two replies: ${turn.replyId} and ${replyId}`,
  );
  turn.replyId = replyId;
}

/** A repeat is told of its message as it stands: one that came back has another number, and its versions are counted [MSG-5]. */
function standsAs(conversation: Conversation, message: Message): boolean {
  return reckon(conversation).messages.some((standing) => isDeepStrictEqual(standing, message));
}

/** A token: the same for every viewer, at any time [TURN-4]. */
export function seeToken(turn: Turn, { id, text }: { readonly id: number; readonly text: string }, life: Life): void {
  const known = turn.tokens.get(id);
  faultUnless(
    known === undefined || known.text === text,
    "TURN-4",
    () => `event ${id} of ${turn.replyId} was ${JSON.stringify(known?.text)}, now ${JSON.stringify(text)}`,
  );
  if (!known) turn.tokens.set(id, { text, at: performance.now(), life: life.number });
}

/** How the reply ended: once and for all. */
export function seeEnd(turn: Turn, end: ReplyEnd["data"]): void {
  faultUnless(
    turn.end === null || isSameEnd(turn.end, end),
    "TURN-4",
    () => `${turn.replyId} ended twice, differently: ${JSON.stringify([turn.end, end])}`,
  );
  turn.end ??= end;
}

/** Whether two readers were told of one end: the same message, and the same that came back. */
export function isSameEnd(one: ReplyEnd["data"], other: ReplyEnd["data"]): boolean {
  return isDeepStrictEqual([one.message, one.brought_back], [other.message, other.brought_back]);
}

export function turnsOf(conversation: Conversation): Turn[] {
  return conversation.deeds.filter((deed) => deed.kind === "turn");
}
