/** Replies that are running or have ended: watching one from any event on, and stopping it (SPEC section 5). */
import type { ConversationId, ReplyId } from "@instep/protocol";
import { StopAnswerSchema } from "@instep/protocol/schemas";
import { isRefusal, type Refusal } from "@instep/sync-server";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App, AppContext } from "../app-context.ts";
import { sendEvents } from "../http/event-stream.ts";
import { abortOnClose } from "../http/backpressure.ts";
import { sendProblem } from "../problems.ts";
import { queryOf, type IntegerRange, type QueryReader } from "../http/query-reader.ts";
import { answers, eventAnswers, documentedQuery } from "./route-answers.ts";
import { conversationIdOf, replyIdOf, ReplyParams } from "../http/path-ids.ts";

/** A reader of a reply, and the event that it has seen last; 0 is none. */
export interface ReplyReader {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly conversationId: ConversationId;
  readonly replyId: ReplyId;
  readonly after: number;
  /** Answers a reader that began the turn itself. */
  readonly onRefused?: (refusal: Refusal) => Promise<FastifyReply>;
}

const EVENT_ID: IntegerRange = { min: 0, max: Number.MAX_SAFE_INTEGER };

/** Registers the replay and the stop of a reply. */
export function registerReplyRoutes(app: App, context: AppContext): void {
  const viewSchema = {
    summary: "The events of a reply after one of them, then live ones up to the last",
    params: ReplyParams,
    querystring: documentedQuery({ after: "the last event that was seen; Last-Event-ID says the same" }),
    response: eventAnswers("The reply, as it happens"),
  };
  app.get("/api/conversations/:id/chat/replies/:reply_id/stream", { schema: viewSchema }, async (request, reply) => {
    const read = queryOf(request);
    const asked = read.integer("after", EVENT_ID) ?? 0;
    const resumed = readLastEventId(read, request.headers["last-event-id"]);
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    const ids = { conversationId: conversationIdOf(request.params), replyId: replyIdOf(request.params) };
    // A browser that reconnects asks the same address again; what it saw meanwhile is in its header.
    return streamReply(context, { request, reply, ...ids, after: Math.max(asked, resumed) });
  });

  const stopSchema = {
    summary: "Stop a reply, keeping its text",
    params: ReplyParams,
    response: answers(200, StopAnswerSchema, "The turn has ended"),
  };
  app.post("/api/conversations/:id/chat/replies/:reply_id/stop", { schema: stopSchema }, async (request, reply) => {
    const replyId = replyIdOf(request.params);
    const outcome = await context.engine.stopReply(request.accountId, conversationIdOf(request.params), replyId);
    if (isRefusal(outcome)) return sendProblem(reply, outcome);
    return reply.send({ status: outcome, reply_id: replyId });
  });
}

/** Streams a reply's events to one reader; the reply goes on when the reader goes away [TURN-2, TURN-4]. */
export async function streamReply(context: AppContext, reader: ReplyReader): Promise<FastifyReply> {
  const { request, reply, replyId } = reader;
  const signal = abortOnClose(reply.raw);
  lookOn(context, reader);
  const events = await context.engine.viewReply(request.accountId, reader, signal);
  if (isRefusal(events)) return reader.onRefused?.(events) ?? sendProblem(reply, events);
  reply.hijack();
  try {
    await sendEvents(reply.raw, events, { signal, heartbeatMs: context.heartbeatMs });
  } catch (error) {
    // The answer is under way, so a problem can't be told; the reader sees a stream without an end and comes back.
    request.log.error({ err: error, replyId }, "a reply's stream broke off");
    reply.raw.destroy();
  }
  return reply;
}

/** Whoever has a reply's stream open looks at it [PUSH-1]. */
function lookOn({ accounts, presence }: AppContext, { request, reply }: ReplyReader): void {
  const deviceId = accounts.deviceOf(request.headers);
  // One that has gone while its turn was begun closes no second time.
  if (deviceId === null || reply.raw.destroyed) return;
  reply.raw.once("close", presence.beginWatching(request.accountId, deviceId));
}

function readLastEventId(read: QueryReader, header: string | string[] | undefined): number {
  if (header === undefined || header === "") return 0;
  const text = String(header);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  read.refuse("Last-Event-ID", "is not an event's number");
  return 0;
}
