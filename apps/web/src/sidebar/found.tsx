/** What a search found, in the list's place. */
import { failureText } from "../errors/failure-texts.ts";
import type { RowActions } from "./use-row-actions.ts";
import { useSearch } from "./use-search.ts";
import { Nothing } from "./list-empty.tsx";
import { SearchResults } from "./search-results.tsx";
import { t } from "../words/words.ts";

export interface FoundProps {
  readonly query: string;
  readonly actions: RowActions;
}

/** Asks as the query changes, and shows what the answer is. */
export function Found({ query, actions }: FoundProps) {
  const { phase, results, problem, more } = useSearch(query);
  if (phase === "failed" && problem) {
    const { title, advice } = failureText(problem.failed);
    return <Nothing title={title}>{advice}</Nothing>;
  }
  if (phase === "ready" && results.length === 0) {
    return <Nothing title={t("Nothing found")}>{t("No title and no message has these words.")}</Nothing>;
  }
  return <SearchResults results={results} query={query} onOpen={actions.open} onMore={more} />;
}
