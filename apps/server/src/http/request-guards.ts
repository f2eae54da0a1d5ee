/** What stands before every route: who asks, and whether the ids in the path can be any. */
import type { AccountId } from "@instep/protocol";
import { isRefusal, type Refusal } from "@instep/sync-server";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { SYNC_PATH } from "./answer-sync.ts";
import { holdWhileUnread } from "./backpressure.ts";
import { endSignedOut } from "./ended-early.ts";
import { refusePathIds } from "./path-ids.ts";

/** Of nobody: what a route would ask the engine with if it were reached without its account. */
const NOBODY = "" as AccountId;

/** Enough for whoever is signed out: an address and a password. */
const PUBLIC_BODY_BYTES = 16_384;

/** Lets a request through to its route with its account, or refuses it. */
export function addGuards(app: App, { accounts, limits, settings }: AppContext): void {
  app.decorateRequest("accountId", NOBODY);
  app.decorateRequest("endBody", null);
  app.addHook("onRoute", (route) => {
    if (route.config?.isPublic === true) route.bodyLimit = Math.min(PUBLIC_BODY_BYTES, settings.bodyLimitBytes);
  });
  app.addHook("onRequest", async (request, reply) => {
    const refusal = identify(request, reply) ?? refusePathIds(request.params);
    if (refusal !== null) return sendProblem(reply, refusal);
    return undefined;
  });
  // Before it is packed: what it is packed from stays in memory as long.
  app.addHook("onSend", async ({ accountId }, reply, payload) => {
    if (accountId === NOBODY || typeof payload !== "string") return;
    holdWhileUnread(reply.raw, Buffer.byteLength(payload), (bytes) => limits.holdAnswer(accountId, bytes));
  });
  // The body has been read by then, whether it can be used or not.
  app.addHook("preValidation", async (request) => request.endBody?.());

  function identify(request: FastifyRequest, reply: FastifyReply): Refusal | null {
    const { headers, routeOptions } = request;
    if (isOpen(request)) return isCounted(request) ? (limits.refuseSource(request.ip) ?? refuseUnknown(request)) : null;
    const accountId = accounts.identify(headers);
    if (accountId === null) return limits.refuseSource(request.ip) ?? { refused: "unauthorized" };
    const tooMany = limits.refuseCall(accountId, routeOptions.config.isSend === true ? "send" : "call");
    if (tooMany !== null) return tooMany;
    request.accountId = accountId;
    const endWatch = accounts.watch(headers, () => {
      reply.hijack();
      endSignedOut(reply.raw);
    });
    if (endWatch !== null) reply.raw.once("close", endWatch);
    return refuseUnknown(request) ?? takeBody(request, reply);
  }

  /** Whether a request that needs no account is counted by its source; probes and the page's files are free. */
  function isCounted({ is404, routeOptions: { url }, headers }: FastifyRequest): boolean {
    if (is404) return true;
    // Calls of those who are signed in are counted by the sync call's own handler.
    if (url === SYNC_PATH) return accounts.identify(headers) === null;
    return url !== undefined && url.startsWith("/api/");
  }

  /** What is sent to an address that isn't here is not read. */
  function refuseUnknown(request: FastifyRequest): Refusal | null {
    return request.is404 && announcedBytes(request, PUBLIC_BODY_BYTES) > 0 ? { refused: "not_found" } : null;
  }

  /** A body counts by the length that it announces, and where it announces none by the most that it may have. */
  function takeBody(request: FastifyRequest, reply: FastifyReply): Refusal | null {
    const bytes = announcedBytes(request, settings.bodyLimitBytes);
    if (bytes === 0) return null;
    const taken = limits.takeBody(request.accountId, bytes);
    if (isRefusal(taken)) return taken;
    request.endBody = taken;
    reply.raw.once("close", taken);
    return null;
  }
}

function announcedBytes({ headers }: FastifyRequest, most: number): number {
  const length = Number(headers["content-length"] ?? 0) || 0;
  const isOpenEnded = headers["transfer-encoding"] !== undefined;
  // A compressed body doesn't announce its unpacked size.
  const isPacked = headers["content-encoding"] !== undefined && length > 0;
  return isOpenEnded || isPacked ? most : Math.min(most, length);
}

/** By the route that was found, never by the address as it was written: the same route has many spellings. */
function isOpen({ routeOptions, url }: FastifyRequest): boolean {
  if (routeOptions.config.isPublic === true) return true;
  const route = routeOptions.url;
  return route === undefined ? !url.startsWith("/api/") : !route.startsWith("/api/");
}
