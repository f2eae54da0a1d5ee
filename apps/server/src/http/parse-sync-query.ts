/** The query of a sync request, checked by hand: every parameter that is given, also where it is not used [SYNC-7]. */
import { SYNC_DEFAULT_LIMIT, SYNC_MAX_LIMIT, SYNC_MAX_WAIT_S } from "@instep/protocol";
import type { Outcome, SyncQuery } from "@instep/sync-server";
import { QueryReader } from "./query-reader.ts";

export interface RawSyncQuery {
  /** What stands behind the question mark; empty where there is none. */
  readonly search: string;
  readonly ifNoneMatch: string | null;
}

/** Turns a request into the engine's question, or into the 400 that names the parameter and says why [SYNC-7]. */
export function parseSyncQuery({ search, ifNoneMatch }: RawSyncQuery): Outcome<SyncQuery> {
  const read = new QueryReader(search);
  const question: SyncQuery = {
    since: read.timestamp("since"),
    full: read.boolean("full") ?? false,
    epoch: read.text("epoch"),
    waitS: read.integer("wait", { min: 0, max: SYNC_MAX_WAIT_S }) ?? 0,
    limit: read.integer("limit", { min: 1, max: SYNC_MAX_LIMIT }) ?? SYNC_DEFAULT_LIMIT,
    page: read.text("page"),
    ifNoneMatch,
  };
  return read.refusal ?? question;
}

/** More devices than this asking in turn, and their questions are parsed anew. */
const KEPT_QUESTIONS = 20_000;
/** A device's question is shorter; what is longer is parsed each time, so that nobody fills the memory with questions. */
const LONGEST_KEPT = 256;

/** Makes a parser that remembers: an idle device asks the same question again and again, word for word. */
export function createSyncQueryParser(): (request: RawSyncQuery) => Outcome<SyncQuery> {
  const questionBySearch = new Map<string, Outcome<SyncQuery>>();
  return (request) => {
    if (request.ifNoneMatch !== null || request.search.length > LONGEST_KEPT) return parseSyncQuery(request);
    const known = questionBySearch.get(request.search);
    if (known !== undefined) return known;
    const question = parseSyncQuery(request);
    if (questionBySearch.size >= KEPT_QUESTIONS) questionBySearch.clear();
    questionBySearch.set(request.search, question);
    return question;
  };
}
