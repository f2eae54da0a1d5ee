/** New passwords (SPEC section 8). */
import { ChangePasswordSchema, ResetPasswordSchema } from "@instep/protocol/schemas";
import { isRefusal } from "@instep/sync-server";
import type { People } from "../accounts/open-sign-in.ts";
import type { App } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { DONE_ANSWER } from "./route-answers.ts";
import { sessionOf } from "./session-of.ts";

/** Registers the calls that set a password. */
export function registerPasswordRoutes(app: App, people: People): void {
  const changeSchema = {
    summary: "Set a new password; every other session and every token ends",
    body: ChangePasswordSchema,
    response: DONE_ANSWER,
  };
  app.post("/api/auth/password", { schema: changeSchema }, async (request, reply) => {
    const session = sessionOf(people, request.headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const refusal = await people.passwords.change(session, request.body, request.ip);
    return refusal === null ? reply.send({ status: "changed" }) : sendProblem(reply, refusal);
  });

  const resetSchema = {
    summary: "Set a new password with the token that an administrator handed out; every session and token ends",
    body: ResetPasswordSchema,
    response: DONE_ANSWER,
  };
  const options = { schema: resetSchema, config: { isPublic: true } };
  app.post("/api/auth/reset-password", options, async (request, reply) => {
    const refusal = await people.passwords.reset(request.body, request.ip);
    return refusal === null ? reply.send({ status: "changed" }) : sendProblem(reply, refusal);
  });
}
