/** Messages of a conversation, a page at a time, and how many came after one (SPEC section 4). */
import { MessagePageSchema, UnreadCountSchema } from "@instep/protocol/schemas";
import type { App, AppContext } from "../app-context.ts";
import { sendProblem } from "../problems.ts";
import { queryOf } from "../http/query-reader.ts";
import { DEFAULT_MESSAGE_PAGE, MAX_PAGE, readSeq } from "./page-query.ts";
import { answer, answers, documentedQuery } from "./route-answers.ts";
import { ConversationParams, conversationIdOf } from "../http/path-ids.ts";

/** Registers the calls on messages. */
export function registerMessageRoutes(app: App, { engine }: AppContext): void {
  const pageSchema = {
    summary:
      "A page of messages, oldest first: the newest, those before one, those after one, those between two, or those around one",
    params: ConversationParams,
    querystring: documentedQuery({
      before: "older_cursor, or a seq: only what is older",
      after: "newer_cursor, or a seq: only what is newer",
      around: "a seq: a page with that message in its middle, or with the place where it stood",
      limit: `1 to ${MAX_PAGE}, ${DEFAULT_MESSAGE_PAGE} where it is left out`,
    }),
    response: answers(200, MessagePageSchema, "A page"),
  };
  app.get("/api/conversations/:id/messages", { schema: pageSchema }, async (request, reply) => {
    const read = queryOf(request);
    const page = {
      before: readSeq(read, "before"),
      after: readSeq(read, "after"),
      around: readSeq(read, "around"),
      limit: read.integer("limit", { min: 1, max: MAX_PAGE }) ?? DEFAULT_MESSAGE_PAGE,
    };
    if (page.around !== null && (page.before !== null || page.after !== null)) {
      read.refuse("around", "can't be asked together with before or after");
    }
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    return answer(reply, await engine.messages(request.accountId, conversationIdOf(request.params), page));
  });

  const unreadSchema = {
    summary: "How many live messages stand after a seq, counted at most to 1000",
    params: ConversationParams,
    querystring: documentedQuery({ after_seq: "a message's seq; 0 where it is left out" }),
    response: answers(200, UnreadCountSchema, "The count"),
  };
  app.get("/api/conversations/:id/unread", { schema: unreadSchema }, async (request, reply) => {
    const read = queryOf(request);
    const afterSeq = readSeq(read, "after_seq") ?? 0;
    if (read.refusal !== null) return sendProblem(reply, read.refusal);
    return answer(reply, await engine.unreadAfter(request.accountId, conversationIdOf(request.params), afterSeq));
  });
}
