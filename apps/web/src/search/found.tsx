/** What a search found, in the list's place. */
import type { RowActions } from "../sidebar/use-row-actions.ts";
import { useSearch } from "./use-search.ts";
import { Failed } from "../sidebar/failed.tsx";
import { Nothing } from "../sidebar/list-empty.tsx";
import { SearchResults } from "./search-results.tsx";
import { t } from "../words/words.ts";

export interface FoundProps {
  readonly query: string;
  readonly actions: RowActions;
}

/** Asks as the query changes, and shows what the answer is. */
export function Found({ query, actions }: FoundProps) {
  const { phase, results, problem, more, retry } = useSearch(query);
  if (phase === "failed" && problem) return <Failed problem={problem} onRetry={retry} />;
  if (phase === "ready" && results.length === 0) {
    return <Nothing title={t("Nothing found")}>{t("No title and no message has these words.")}</Nothing>;
  }
  return (
    <SearchResults
      results={results}
      query={query}
      onOpen={actions.open}
      problem={problem}
      onRetry={retry}
      onMore={more}
    />
  );
}
