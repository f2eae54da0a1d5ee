/** Tokens for programs (SPEC section 8). */
import type { TokenList } from "@instep/protocol";
import { NewTokenSchema, TokenListSchema, TokenMadeSchema } from "@instep/protocol/schemas";
import { isRefusal } from "@instep/sync-server";
import { Type } from "typebox";
import type { People } from "../accounts/open-sign-in.ts";
import type { Access } from "../accounts/storage/account-store.ts";
import type { App } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { refuseBlank } from "./body-rules.ts";
import { answers, DONE_ANSWER, isoOf } from "./route-answers.ts";
import { accessesThatHold, sessionOf } from "./session-of.ts";

const DAY_MS = 86_400_000;
const MAX_TOKENS = 200;
const TokenParams = Type.Object({ token_id: Type.String({ description: "A token's id" }) });

/** Registers the calls on one's own tokens. */
export function registerTokenRoutes(app: App, people: People): void {
  const { sessions, store } = people;

  const makeSchema = {
    summary: "Make a token for a program, which is shown once",
    body: NewTokenSchema,
    response: answers(201, TokenMadeSchema, "The token"),
  };
  app.post("/api/tokens", { schema: makeSchema }, async (request, reply) => {
    const session = sessionOf(people, request.headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const { name, expires_in_days: days } = request.body;
    const blank = refuseBlank("name", name);
    if (blank !== null) return sendProblem(reply, blank);
    const { personId } = session;
    if (accessesThatHold(people, personId, "token").length >= MAX_TOKENS) {
      const detail = `There are ${MAX_TOKENS} tokens already; delete one first.`;
      return sendProblem(reply, { refused: "forbidden", detail });
    }
    const lifeMs = days === undefined ? null : Math.ceil(days * DAY_MS);
    const made = sessions.open({ kind: "token", personId, name: name.trim(), lifeMs });
    if (made === null) return sendProblem(reply, { refused: "unauthorized" });
    return reply.code(201).send({ ...wireToken(made.access), token: made.token });
  });

  const listSchema = {
    summary: "One's own tokens, without what they let in with",
    response: answers(200, TokenListSchema, "Those that hold"),
  };
  app.get("/api/tokens", { schema: listSchema }, async (request, reply) => {
    return reply.send({ tokens: accessesThatHold(people, request.accountId, "token").map(wireToken) });
  });

  const endSchema = { summary: "End a token, at once", params: TokenParams, response: DONE_ANSWER };
  app.delete("/api/tokens/:token_id", { schema: endSchema }, async (request, reply) => {
    const id = request.params.token_id.toLowerCase();
    const isEnded = store.removeAccess(request.accountId, id, "token");
    if (!isEnded) return sendProblem(reply, { refused: "token_not_found" });
    sessions.recheck(request.accountId, request.headers);
    return reply.send({ status: "deleted" });
  });
}

function wireToken({ id, name, createdAt, usedAt, expiresAt }: Access): TokenList["tokens"][number] {
  const expires = expiresAt === null ? null : isoOf(expiresAt);
  return { id, name, created_at: isoOf(createdAt), last_used_at: isoOf(usedAt), expires_at: expires };
}
