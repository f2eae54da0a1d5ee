/** One's own sessions: where one is signed in, and the end of it (SPEC section 8). */
import type { SessionList } from "@instep/protocol";
import { SessionListSchema } from "@instep/protocol/schemas";
import { isRefusal } from "@instep/sync-server";
import { Type } from "typebox";
import type { People } from "../accounts/open-sign-in.ts";
import type { Access } from "../accounts/storage/account-store.ts";
import type { App } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { queryOf } from "../http/query-reader.ts";
import { answers, documentedQuery, DONE_ANSWER, isoOf } from "./route-answers.ts";
import { accessesThatHold, sessionOf } from "./session-of.ts";

const SessionParams = Type.Object({ session_id: Type.String({ description: "A session's id" }) });

/** Registers the calls on one's own sessions. */
export function registerSessionRoutes(app: App, people: People): void {
  const { sessions, store, cookie } = people;

  const listSchema = {
    summary: "Where one is signed in",
    response: answers(200, SessionListSchema, "Those that hold"),
  };
  app.get("/api/sessions", { schema: listSchema }, async (request, reply) => {
    const current = sessions.find(request.headers)?.id ?? null;
    const own = accessesThatHold(people, request.accountId, "session");
    return reply.send({ sessions: own.map((session) => wireSession(session, current)) });
  });

  const endSchema = { summary: "End a session, at once", params: SessionParams, response: DONE_ANSWER };
  app.delete("/api/sessions/:session_id", { schema: endSchema }, async (request, reply) => {
    const session = sessionOf(people, request.headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const isEnded = store.removeAccess(session.personId, request.params.session_id.toLowerCase(), "session");
    if (!isEnded) return sendProblem(reply, { refused: "session_not_found" });
    sessions.recheck(session.personId, request.headers);
    return reply.send({ status: "ended" });
  });

  const endAllSchema = {
    summary: "Sign out everywhere: end every session, at once",
    querystring: documentedQuery({ others: "true leaves the session that asks" }),
    response: DONE_ANSWER,
  };
  app.delete("/api/sessions", { schema: endAllSchema }, async (request, reply) => {
    const read = queryOf(request);
    const isOthersOnly = read.boolean("others") ?? false;
    const session = sessionOf(people, request.headers);
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    if (isRefusal(session)) return sendProblem(reply, session);
    store.removeSessions(session.personId, isOthersOnly ? session.id : null);
    sessions.recheck(session.personId, request.headers);
    if (!isOthersOnly) reply.header("set-cookie", cookie.write(null));
    return reply.send({ status: "ended" });
  });
}

function wireSession(session: Access, currentId: string | null): SessionList["sessions"][number] {
  return {
    id: session.id,
    device: session.name,
    created_at: isoOf(session.createdAt),
    last_used_at: isoOf(session.usedAt),
    expires_at: session.expiresAt === null ? null : isoOf(session.expiresAt),
    is_current: session.id === currentId,
  };
}
