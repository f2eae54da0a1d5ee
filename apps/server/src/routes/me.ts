/** `GET`, `PATCH` and `DELETE /api/me`: the account that is asking (SPEC section 4). */
import type { Me } from "@instep/protocol";
import { LeaveSchema, MeSchema, PatchMeSchema } from "@instep/protocol/schemas";
import { isRefusal, type Account } from "@instep/sync-server";
import type { People } from "../accounts/open-sign-in.ts";
import type { Person } from "../accounts/storage/account-store.ts";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { refuseBlank } from "./body-rules.ts";
import { answers, DONE_ANSWER } from "./route-answers.ts";
import { sessionOf } from "./session-of.ts";

/** Registers the calls on one's own account. */
export function registerMeRoutes(app: App, { engine, people }: AppContext): void {
  // The account may be older than its person's address.
  const meOf = (account: Account): Me => wireMe(account, people?.store.person(account.id) ?? null);
  const getSchema = { summary: "The account that asks", response: answers(200, MeSchema, "The account") };
  app.get("/api/me", { schema: getSchema }, async (request, reply) => {
    const account = await engine.account(request.accountId);
    return account === null ? sendProblem(reply, { refused: "unauthorized" }) : reply.send(meOf(account));
  });

  const patchSchema = {
    summary: "Change name or preferences",
    body: PatchMeSchema,
    response: answers(200, MeSchema, "The account as it stands now"),
  };
  app.patch("/api/me", { schema: patchSchema }, async (request, reply) => {
    const { name, preferences } = request.body;
    const blank = refuseBlank("name", name);
    if (blank !== null) return sendProblem(reply, blank);
    const unreadScope = preferences?.unread_scope;
    const change = {
      ...(name !== undefined && { name }),
      ...(unreadScope !== undefined && { unreadScope }),
    };
    return reply.send(meOf(await engine.updateAccount(request.accountId, change)));
  });
  if (people !== null) registerLeaving(app, people);
}

function registerLeaving(app: App, people: People): void {
  const schema = {
    summary: "Delete the account and all that it has, at once and for good",
    body: LeaveSchema,
    response: DONE_ANSWER,
  };
  app.delete("/api/me", { schema }, async (request, reply) => {
    const { headers, ip } = request;
    const session = sessionOf(people, headers);
    if (isRefusal(session)) return sendProblem(reply, session);
    const refusal = await people.passwords.check(session, request.body.password, ip);
    if (refusal !== null) return sendProblem(reply, refusal);
    const delay = await people.leave(session.personId, headers);
    reply.header("set-cookie", people.cookie.write(null));
    return delay === null ? reply.send({ status: "erased" }) : sendProblem(reply, delay);
  });
}

function wireMe({ id, email, name, unreadScope }: Account, person: Person | null): Me {
  const own = { id, email: person?.email ?? email, name, preferences: { unread_scope: unreadScope } };
  return person === null ? own : { ...own, has_password: person.password !== null };
}
