/** Signing up, in and out (SPEC section 8). */
import { SignedInSchema, SignInSchema, SignUpSchema } from "@instep/protocol/schemas";
import { isRefusal, type Outcome } from "@instep/sync-server";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { People } from "../accounts/open-sign-in.ts";
import type { AttemptOrigin, Entered } from "../accounts/sign-in.ts";
import type { App } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { answers, DONE_ANSWER } from "./route-answers.ts";

/** Registers the calls that answer without a session. */
export function registerSignInRoutes(app: App, { signIn, sessions, store, cookie }: People): void {
  const isPublic = { isPublic: true };

  const signUpSchema = {
    summary: "Make an account, for an address that is on the list, and sign in",
    body: SignUpSchema,
    response: answers(200, SignedInSchema, "The session's cookie is set"),
  };
  app.post("/api/auth/sign-up/email", { schema: signUpSchema, config: isPublic }, async (request, reply) => {
    return enter(reply, await signIn.signUp(request.body, callerOf(request)));
  });

  const signInSchema = {
    summary: "Sign in",
    body: SignInSchema,
    response: answers(200, SignedInSchema, "The session's cookie is set"),
  };
  app.post("/api/auth/sign-in/email", { schema: signInSchema, config: isPublic }, async (request, reply) => {
    return enter(reply, await signIn.signIn(request.body, callerOf(request)));
  });

  const signOutSchema = { summary: "End the session, where there is one", response: DONE_ANSWER };
  app.post("/api/auth/sign-out", { schema: signOutSchema, config: isPublic }, async (request, reply) => {
    const access = sessions.find(request.headers);
    // Another one may have signed in meanwhile in that browser: its cookie is left alone.
    const { "instep-account": meant, ...others } = request.headers;
    if (access === null && meant !== undefined && sessions.find(others) !== null) {
      return sendProblem(reply, { refused: "unauthorized" });
    }
    if (access?.kind === "session") {
      store.removeAccess(access.personId, access.id, "session");
      sessions.recheck(access.personId, request.headers);
    }
    return reply.header("set-cookie", cookie.write(null)).send({ status: "signed_out" });
  });

  function enter(reply: FastifyReply, outcome: Outcome<Entered>): FastifyReply {
    if (isRefusal(outcome)) return sendProblem(reply, outcome);
    return reply.header("set-cookie", cookie.write(outcome.token)).send({ user: outcome.user });
  }
}

function callerOf({ ip, headers }: FastifyRequest): AttemptOrigin {
  return { source: ip, device: headers["user-agent"] ?? "" };
}
