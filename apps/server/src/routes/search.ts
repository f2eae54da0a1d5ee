/** Search in titles and messages (SPEC section 4). */
import { MAX_QUERY_LENGTH } from "@instep/protocol";
import { SearchAnswerSchema } from "@instep/protocol/schemas";
import type { App, AppContext } from "../app-context.ts";
import { storableText } from "../storable-text.ts";
import { queryOf } from "../http/query-reader.ts";
import { answer, answers, documentedQuery } from "./route-answers.ts";

const DEFAULT_PAGE = 20;
const MAX_RESULTS = 100;

/** Registers `GET /api/search`. */
export function registerSearchRoutes(app: App, { engine }: AppContext): void {
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
    return answer(reply, read.refusal ?? (await engine.search(request.accountId, page)));
  });
}
