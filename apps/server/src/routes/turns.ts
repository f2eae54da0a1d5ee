/** Sends: a turn as one answer or as a stream of events, exactly once however often it is sent (SPEC section 5). */
import {
  MAX_MESSAGE_LENGTH,
  type AccountId,
  type ClientMessageId,
  type ConversationId,
  type ErrorEvent,
  type FailedBatch,
  type ProblemCode,
  type Replaced,
  type Send,
  type TurnEvent,
  type TurnResult,
} from "@instep/protocol";
import { PROBLEMS, SendSchema, TurnResultSchema } from "@instep/protocol/schemas";
import { isRefusal, type BegunTurn, type Outcome, type Refusal } from "@instep/sync-server";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App, AppContext } from "../app-context.ts";
import { abortOnClose } from "../http/backpressure.ts";
import { sendProblem } from "../problems.ts";
import { streamReply } from "./replies.ts";
import { answers, eventAnswers } from "./route-answers.ts";
import { ConversationParams, conversationIdOf, storedId } from "../http/path-ids.ts";

interface SendRequest {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly send: Send;
}

/** Registers `chat/batch` and `chat/stream`. */
export function registerTurnRoutes(app: App, context: AppContext): void {
  const config = { isSend: true };
  const batchSchema = {
    summary: "Send a message and wait for the whole reply",
    params: ConversationParams,
    body: SendSchema,
    response: answers(200, TurnResultSchema, "The turn"),
  };
  app.post("/api/conversations/:id/chat/batch", { schema: batchSchema, config }, async (request, reply) => {
    const begun = await beginTurn(context, sendRequestOf(request, request.params, request.body));
    if (isRefusal(begun)) return sendProblem(reply, begun);
    return answerBatch(context, { request, reply, begun });
  });

  const streamSchema = {
    summary: "Send a message and read the reply as it is written",
    params: ConversationParams,
    body: SendSchema,
    response: eventAnswers("The turn, as it happens"),
  };
  app.post("/api/conversations/:id/chat/stream", { schema: streamSchema, config }, async (request, reply) => {
    const begun = await beginTurn(context, sendRequestOf(request, request.params, request.body));
    if (isRefusal(begun)) return sendProblem(reply, begun);
    const { conversationId, replyId } = begun;
    const onRefused = (refusal: Refusal) => refuseReader(context, { request, reply, begun }, refusal);
    return streamReply(context, { request, reply, conversationId, replyId, after: 0, onRefused });
  });
}

function sendRequestOf(request: FastifyRequest, params: { readonly id: string }, send: Send): SendRequest {
  return { accountId: request.accountId, conversationId: conversationIdOf(params), send };
}

/** Commits the user message, or joins the turn that the same id began; generates what this call began [TURN-1, TURN-3]. */
async function beginTurn(context: AppContext, request: SendRequest): Promise<Outcome<BegunTurn>> {
  const { accountId, conversationId, send } = request;
  const refusal = refuseSend(send);
  if (refusal !== null) return refusal;
  const isKnown = context.catalogue.refresh();
  // Without a model there is nothing to begin with; else what is known will do.
  if (context.catalogue.defaultModel === null) await isKnown;
  const begun = await context.engine.beginTurn(accountId, {
    conversationId,
    text: send.message ?? null,
    clientMessageId: storedId(send.client_message_id) as ClientMessageId,
    model: send.model ?? null,
    expectedLastSeq: send.expected_last_seq ?? null,
    replaceFromSeq: send.replace_from_seq ?? null,
  });
  if (!isRefusal(begun) && begun.kind === "started") context.generate(accountId, begun);
  return begun;
}

function refuseSend({ message, replace_from_seq: replaceFromSeq }: Send): Refusal | null {
  if (message === undefined && replaceFromSeq === undefined) {
    return {
      refused: "invalid_body",
      detail: "message is needed, unless replace_from_seq names a reply to ask again.",
      members: { field: "message" },
    };
  }
  if (message?.trim() === "") {
    return { refused: "invalid_body", detail: "message is empty.", members: { field: "message" } };
  }
  if (message !== undefined && message.length > MAX_MESSAGE_LENGTH) {
    const detail = `The message has ${message.length} characters; at most ${MAX_MESSAGE_LENGTH} are allowed.`;
    return { refused: "message_too_long", detail };
  }
  return null;
}

interface BatchAnswer {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly begun: BegunTurn;
}

/** Waits for the event that ends the reply. A reader that goes away stops the waiting, never the reply [TURN-2]. */
async function answerBatch(context: AppContext, { request, reply, begun }: BatchAnswer): Promise<FastifyReply> {
  const signal = abortOnClose(reply.raw);
  const { conversationId, replyId } = begun;
  const events = await context.engine.viewReply(request.accountId, { conversationId, replyId, after: 0 }, signal);
  if (isRefusal(events)) return refuseReader(context, { request, reply, begun }, events);
  const { replaced, end } = await readTurn(events);
  if (end?.event === "done") {
    const result: TurnResult = { user_message: begun.userMessage, ...end.data, ...(replaced && { replaced }) };
    return reply.send(result);
  }
  if (end?.event === "error") {
    return sendFailure(reply, end.data, { user_message: begun.userMessage, ...(replaced && { replaced }) });
  }
  return sendProblem(reply, { refused: "unavailable", detail: "The reply is still being written; send it again." });
}

/** The turn was begun, but can't be read: its message was sent, so that its conversation is gone is told as the end of the turn [TURN-8]. */
async function refuseReader(
  context: AppContext,
  { request, reply, begun }: BatchAnswer,
  refusal: Refusal,
): Promise<FastifyReply> {
  const conversation = await context.engine.open(request.accountId, begun.conversationId, 1);
  if (!isRefusal(conversation)) return sendProblem(reply, refusal);
  return sendProblem(reply, { ...conversation, ...DELETED_MEANWHILE }, DELETED_STATUS);
}

interface ReadTurn {
  readonly replaced: Replaced | null;
  readonly end: TurnEvent | null;
}

/** What the first event says was replaced [MSG-5], and the last event that came. */
async function readTurn(events: AsyncIterable<TurnEvent>): Promise<ReadTurn> {
  let read: ReadTurn = { replaced: null, end: null };
  for await (const event of events) {
    const replaced = event.event === "start" ? (event.data.replaced ?? null) : read.replaced;
    read = { replaced, end: event };
  }
  return read;
}

/** A reply that ended in error, as the status of a batch [TURN-8, TURN-9]. */
function sendFailure(
  reply: FastifyReply,
  { code, detail, ...end }: ErrorEvent,
  sent: Pick<FailedBatch, "user_message" | "replaced">,
): FastifyReply {
  if (code === DELETED_MEANWHILE.refused) {
    return sendProblem(reply, { ...DELETED_MEANWHILE, members: end }, DELETED_STATUS);
  }
  const members: FailedBatch = { ...end, ...sent };
  return sendProblem(reply, { refused: isProblemCode(code) ? code : "model_failed", detail, members });
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

const DELETED_MEANWHILE: Refusal = {
  refused: "conversation_deleted",
  detail: "The conversation was deleted while the reply was being written.",
};
/** Gone: unlike a conflict, there is nothing left to settle [TURN-8]. */
const DELETED_STATUS = 410;
