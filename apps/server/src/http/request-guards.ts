/** What stands before every route: who asks, and whether the ids in the path can be any. */
import type { AccountId } from "@instep/protocol";
import type { Refusal } from "@instep/sync-server";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { refusePathIds } from "../routes/route-answers.ts";
import { endSignedOut } from "./ended-early.ts";

/** Of nobody: what a route would ask the engine with if it were reached without its account. */
const NO_ACCOUNT = "" as AccountId;

/** Lets a request through to its route with its account, or refuses it. */
export function addGuards(app: App, { accounts }: Pick<AppContext, "accounts">): void {
  app.decorateRequest("accountId", NO_ACCOUNT);
  app.addHook("onRequest", async (request, reply) => {
    const refusal = identify(request, reply) ?? refusePathIds(request.params);
    if (refusal !== null) return sendProblem(reply, refusal);
    return undefined;
  });

  function identify(request: FastifyRequest, reply: FastifyReply): Refusal | null {
    if (isOpen(request)) return null;
    const { headers } = request;
    const accountId = accounts.identify(headers);
    if (accountId === null) return { refused: "unauthorized" };
    request.accountId = accountId;
    const endWatch = accounts.watch(headers, () => {
      reply.hijack();
      endSignedOut(reply.raw);
    });
    if (endWatch !== null) reply.raw.once("close", endWatch);
    return null;
  }
}

/** By the route that was found, never by the address as it was written: the same route has many spellings. */
function isOpen({ routeOptions, url }: FastifyRequest): boolean {
  if (routeOptions.config.isPublic === true) return true;
  const route = routeOptions.url;
  return route === undefined ? !url.startsWith("/api/") : !route.startsWith("/api/");
}
