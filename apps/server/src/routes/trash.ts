/** The trash: what was deleted and can still be restored (SPEC section 4). */
import { DeletedSchema, MessagePageSchema, TrashListSchema } from "@instep/protocol/schemas";
import type { App, AppContext } from "../app-context.ts";
import { queryOf } from "../http/query-reader.ts";
import { MAX_PAGE, readSeq } from "./page-query.ts";
import { answer, answers, documentedQuery } from "./route-answers.ts";
import { ConversationParams, conversationIdOf } from "../http/path-ids.ts";

const DEFAULT_PAGE = 30;

/** Registers the calls on the trash. */
export function registerTrashRoutes(app: App, { engine }: AppContext): void {
  const schema = {
    summary: "What is in the trash, the newest deletion first",
    querystring: documentedQuery({
      limit: `1 to ${MAX_PAGE}, ${DEFAULT_PAGE} where it is left out`,
      cursor: "next_cursor of the page before",
    }),
    response: answers(200, TrashListSchema, "A page"),
  };
  app.get("/api/trash", { schema }, async (request, reply) => {
    const read = queryOf(request);
    const page = {
      limit: read.integer("limit", { min: 1, max: MAX_PAGE }) ?? DEFAULT_PAGE,
      cursor: read.cursor("cursor"),
    };
    return answer(reply, read.refusal ?? (await engine.trashList(request.accountId, page)));
  });

  const lookSchema = {
    summary: "A page of messages of a conversation that is in the trash, oldest first: the newest, or those before one",
    params: ConversationParams,
    querystring: documentedQuery({
      before: "older_cursor, or a seq: only what is older",
      limit: `1 to ${MAX_PAGE}, ${DEFAULT_PAGE} where it is left out`,
    }),
    response: answers(200, MessagePageSchema, "A page"),
  };
  app.get("/api/trash/:id/messages", { schema: lookSchema }, async (request, reply) => {
    const read = queryOf(request);
    const page = {
      before: readSeq(read, "before"),
      limit: read.integer("limit", { min: 1, max: MAX_PAGE }) ?? DEFAULT_PAGE,
    };
    const { accountId, params } = request;
    return answer(reply, read.refusal ?? (await engine.trashMessages(accountId, conversationIdOf(params), page)));
  });

  const emptySchema = {
    summary: "Erase all that is in the trash",
    response: answers(200, DeletedSchema, "It is erased; what was restored meanwhile stays"),
  };
  app.delete("/api/trash", { schema: emptySchema }, async (request, reply) =>
    answer(reply, await engine.emptyTrash(request.accountId)),
  );
}
