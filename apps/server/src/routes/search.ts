/** Search in titles and messages (SPEC section 4). */
import { MAX_QUERY_LENGTH } from "@instep/protocol";
import { SearchAnswerSchema } from "@instep/protocol/schemas";
import type { Refusal } from "@instep/sync-server";
import type { App, AppContext } from "../app-context.ts";
import { abortOnClose } from "../http/backpressure.ts";
import { queryOf } from "../http/query-reader.ts";
import { createFairQueue } from "../limits/fair-queue.ts";
import { storableText } from "../storable-text.ts";
import { answer, answers, documentedQuery } from "./route-answers.ts";

const DEFAULT_PAGE = 20;
const MAX_RESULTS = 100;
/** The engine searches one after the other; one more waits there, so that none is lost on the way between. */
const AT_ONCE = 2;
/** How long a search may wait for its turn, in milliseconds. */
const TURN_WITHIN_MS = 10_000;
const BUSY: Refusal = {
  refused: "unavailable",
  detail: "The server is busy with other searches. Try again in a moment.",
};

/** Registers `GET /api/search`. Accounts take turns: the hundred searches of one keep no other from its first [SYNC-9] [SAFE-2]. */
export function registerSearchRoutes(app: App, { engine }: AppContext): void {
  const turns = createFairQueue(AT_ONCE);
  const schema = {
    summary: "Search titles and messages",
    querystring: documentedQuery({
      q: "the words to look for",
      limit: `1 to ${MAX_RESULTS}, ${DEFAULT_PAGE} where it is left out`,
      cursor: "next_cursor of the page before",
    }),
    response: answers(200, SearchAnswerSchema, "A page of results"),
  };
  app.get("/api/search", { schema }, async (request, reply) => {
    const read = queryOf(request);
    const query = storableText(read.text("q") ?? "").trim();
    if (query === "") read.refuse("q", "is needed: the words to look for");
    if (query.length > MAX_QUERY_LENGTH) read.refuse("q", `is longer than ${MAX_QUERY_LENGTH} characters`);
    const page = {
      query,
      limit: read.integer("limit", { min: 1, max: MAX_RESULTS }) ?? DEFAULT_PAGE,
      cursor: read.cursor("cursor"),
    };
    if (read.refusal) return answer(reply, read.refusal);
    const signal = AbortSignal.any([abortOnClose(reply.raw), AbortSignal.timeout(TURN_WITHIN_MS)]);
    const leave = await turns.enter(request.accountId, signal).catch(() => null);
    if (leave === null) return answer(reply, BUSY);
    return answer(reply, await engine.search(request.accountId, page).finally(leave));
  });
}
