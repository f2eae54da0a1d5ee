/** What the routes share: answering an outcome of the engine, and the answers that OpenAPI lists. */
import { ProblemSchema } from "@instep/protocol/schemas";
import { isRefusal, type Outcome } from "@instep/sync-server";
import type { FastifyReply } from "fastify";
import { Type, type TSchema } from "typebox";
import { sendProblem } from "../problems.ts";

/** By status; deliberately without the shapes: answers are typed where they are made. */
export type RouteAnswers = Readonly<Record<string, unknown>>;

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

/** The answers of a call that has nothing to tell but that it was done. */
export const DONE_ANSWER = answers(200, Type.Object({ status: Type.String() }), "It is done");
