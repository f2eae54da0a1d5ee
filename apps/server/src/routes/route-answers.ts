/** What the routes share: answering an outcome of the engine, ids in the path, and the answers that OpenAPI lists. */
import { isUuid, type ConversationId, type ReplyId } from "@instep/protocol";
import { ProblemSchema } from "@instep/protocol/schemas";
import { isRefusal, type Outcome, type Refusal } from "@instep/sync-server";
import type { FastifyReply } from "fastify";
import { Type, type TSchema } from "typebox";
import { sendProblem } from "../problems.ts";

/** By status; deliberately without the shapes: answers are typed where they are made. */
export type RouteAnswers = Readonly<Record<string, unknown>>;

export const ConversationParams = Type.Object({ id: Type.String({ description: "A conversation's id" }) });
export const ReplyParams = Type.Object({
  id: Type.String({ description: "A conversation's id" }),
  reply_id: Type.String({ description: "A reply's id" }),
});

/** Answers with what the engine gave, or with the problem that it refused with. */
export function answer(reply: FastifyReply, outcome: Outcome<object>): FastifyReply {
  return isRefusal(outcome) ? sendProblem(reply, outcome) : reply.send(outcome);
}

/** The answers of a route for OpenAPI: the good ones as given, and a problem for all else. */
export function answers(status: number | readonly number[], schema: TSchema, description: string): RouteAnswers {
  const good = [status].flat().map((code) => [code, { description, ...schema }] as const);
  return { ...Object.fromEntries(good), default: PROBLEM_ANSWER };
}

/** The answers of a route that streams a reply's events. */
export function eventAnswers(description: string): RouteAnswers {
  const events = { schema: Type.String({ description: "Events start, token, done and error, numbered from 1" }) };
  return { 200: { description, content: { "text/event-stream": events } }, default: PROBLEM_ANSWER };
}

/** A time in milliseconds, as it travels where it is no tick of an account's clock. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

const PROBLEM_ANSWER = { description: "A problem", content: { "application/problem+json": { schema: ProblemSchema } } };

/** What `query` documents; it is read by hand, so that a refusal can say which parameter and why. */
export function documentedQuery(parameters: Readonly<Record<string, string>>): TSchema {
  const properties = Object.entries(parameters).map(([name, description]) => {
    return [name, Type.Optional(Type.String({ description }))] as const;
  });
  return Type.Object(Object.fromEntries(properties));
}

/** The refusal of a path whose ids can't be ids: the same as for an unknown one, so that nothing is told apart. */
export function refusePathIds(params: unknown): Refusal | null {
  const { id, reply_id: replyId, version_id: versionId } = readParams(params);
  if (id !== undefined && !isUuid(id)) return { refused: "conversation_not_found" };
  if (replyId !== undefined && !isUuid(replyId)) return { refused: "reply_not_found" };
  if (versionId !== undefined && !isUuid(versionId)) return { refused: "version_not_found" };
  return null;
}

/** The refusal of a name or title that nobody could see; null where it says something, or isn't given. */
export function refuseBlank(field: string, text: string | undefined): Refusal | null {
  if (text === undefined || text.trim() !== "") return null;
  return { refused: "invalid_body", detail: `${field} has nothing but white space.`, members: { field } };
}

/** The conversation that a path names, in the one way that it is stored; `refusePathIds` has checked it [ID-1]. */
export function conversationIdOf(params: { readonly id: string }): ConversationId {
  return params.id.toLowerCase() as ConversationId;
}

/** The reply that a path names; `refusePathIds` has checked it. */
export function replyIdOf(params: { readonly reply_id: string }): ReplyId {
  return params.reply_id.toLowerCase() as ReplyId;
}

/** What stands behind the question mark of an address. */
export function searchOf(url: string | undefined): string {
  const at = url?.indexOf("?") ?? -1;
  return at < 0 || url === undefined ? "" : url.slice(at + 1);
}

/** The answers of a call that has nothing to tell but that it was done. */
export const DONE_ANSWER = answers(200, Type.Object({ status: Type.String() }), "It is done");

interface PathIds {
  readonly id?: string;
  readonly reply_id?: string;
  readonly version_id?: string;
}

function readParams(params: unknown): PathIds {
  return typeof params === "object" && params !== null ? params : {};
}
