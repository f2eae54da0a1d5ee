/** The trash: what was deleted and can still be restored (SPEC section 4). */
import { TrashListSchema } from "@instep/protocol/schemas";
import type { App, AppContext } from "../app-context.ts";
import { QueryReader } from "../query-reader.ts";
import { MAX_PAGE } from "./conversations.ts";
import { answer, answers, documentedQuery, searchOf } from "./route-answers.ts";

const DEFAULT_PAGE = 30;

/** Registers `GET /api/trash`. */
export function registerTrashRoutes(app: App, { engine }: AppContext): void {
  const schema = {
    summary: "What is in the trash, the newest deletion first",
    querystring: documentedQuery({ limit: `1 to ${MAX_PAGE}`, cursor: "next_cursor of the page before" }),
    response: answers(200, TrashListSchema, "A page"),
  };
  app.get("/api/trash", { schema }, async (request, reply) => {
    const read = new QueryReader(searchOf(request.raw.url));
    const page = {
      limit: read.integer("limit", { min: 1, max: MAX_PAGE }) ?? DEFAULT_PAGE,
      cursor: read.cursor("cursor"),
    };
    return answer(reply, read.refusal ?? (await engine.trashList(request.accountId, page)));
  });
}
