/** The sync call as the framework knows it: for OpenAPI and for other methods; answered by the same handler as on the hot path. */
import { SyncResponseSchema } from "@instep/protocol/schemas";
import type { App } from "../app-context.ts";
import { SYNC_PATH, type SyncHandler } from "../http/answer-sync.ts";
import { answers, documentedQuery } from "./route-answers.ts";

/** Registers `GET /api/conversations/sync`. The server itself takes the call before the framework sees it. */
export function registerSyncRoutes(app: App, handle: SyncHandler): void {
  const schema = {
    summary: "What changed after a tick: the one question",
    querystring: documentedQuery({
      since: "server_time of the answer before; left out, everything comes",
      full: "true for everything",
      epoch: "epoch of the answer before",
      wait: "seconds to hold the request where there is nothing to say, 0 to 60, 0 where it is left out",
      limit: "rows and deleted ids of a page, 1 to 5000, 1000 where it is left out",
      page: "next_page of the page before",
    }),
    response: {
      ...answers(200, SyncResponseSchema, "The changes"),
      304: { description: "Everything is as If-None-Match has it", type: "null" },
    },
  };
  app.get(SYNC_PATH, { schema, config: { isPublic: true } }, (request, reply) => {
    reply.hijack();
    handle(request.raw, reply.raw);
  });
}
