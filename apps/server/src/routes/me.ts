/** `GET` and `PATCH /api/me`: the account that is asking (SPEC section 4). */
import type { Me } from "@instep/protocol";
import { MeSchema, PatchMeSchema } from "@instep/protocol/schemas";
import type { Account } from "@instep/sync-server";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { answers, refuseBlank } from "./route-answers.ts";

/** Registers the calls on one's own account. */
export function registerMeRoutes(app: App, { engine }: AppContext): void {
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
}

function meOf(account: Account): Me {
  return {
    id: account.id,
    email: account.email,
    name: account.name,
    preferences: { unread_scope: account.unreadScope },
  };
}
