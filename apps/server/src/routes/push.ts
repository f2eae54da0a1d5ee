/** Subscriptions to pushes: the browser that asks is told of replies that are ready while nobody looks [PUSH-1]. */
import { PushKeySchema, PushSubscribeSchema, PushUnsubscribeSchema } from "@instep/protocol/schemas";
import { isRefusal, type Outcome, type Refusal } from "@instep/sync-server";
import type { FastifyRequest } from "fastify";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import type { Subscriber } from "../push/push.ts";
import { answers, DONE_ANSWER } from "./route-answers.ts";
import { sessionOf } from "./session-of.ts";

/** Registers the key and the calls on one's own subscriptions. */
export function registerPushRoutes(app: App, { people, push }: AppContext): void {
  // A subscription would outlast a token.
  const whoAsks = ({ accountId, headers }: FastifyRequest): Outcome<Subscriber> => {
    if (people === null) return { accountId, sessionId: null };
    const session = sessionOf(people, headers);
    return isRefusal(session) ? session : { accountId, sessionId: session.id };
  };

  const keySchema = { summary: "What a browser subscribes with", response: answers(200, PushKeySchema, "The key") };
  app.get("/api/push/key", { schema: keySchema }, async (_request, reply) =>
    reply.send({ public_key: push.publicKey() }),
  );

  const addSchema = {
    summary: "Tell this browser when a reply is ready and nobody looks",
    body: PushSubscribeSchema,
    response: DONE_ANSWER,
  };
  app.post("/api/push/subscriptions", { schema: addSchema }, async (request, reply) => {
    const who = whoAsks(request);
    if (isRefusal(who)) return sendProblem(reply, who);
    const fault = push.subscribe(who, request.body);
    return fault === null ? reply.send({ status: "subscribed" }) : sendProblem(reply, FAULTS[fault]);
  });

  const removeSchema = {
    summary: "Tell this browser no more",
    body: PushUnsubscribeSchema,
    response: DONE_ANSWER,
  };
  app.delete("/api/push/subscriptions", { schema: removeSchema }, async (request, reply) => {
    const who = whoAsks(request);
    if (isRefusal(who)) return sendProblem(reply, who);
    push.unsubscribe(who.accountId, request.body.endpoint);
    return reply.send({ status: "ended" });
  });
}

const FAULTS: Readonly<Record<"endpoint" | "keys" | "session", Refusal>> = {
  endpoint: {
    refused: "invalid_body",
    detail: "endpoint is not an https address on the internet.",
    members: { field: "endpoint" },
  },
  keys: { refused: "invalid_body", detail: "keys are not a browser's.", members: { field: "keys" } },
  session: { refused: "unauthorized" },
};
