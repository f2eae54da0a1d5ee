/** What a search found: title and the words around the hit. */
import { conversationPath } from "../routing/route.ts";
import { isPlainClick } from "../routing/use-route.ts";
import { ListEnd, type ListEndProps } from "../sidebar/failed.tsx";
import type { SearchResult } from "./use-search.ts";
import { markedParts } from "./marked-parts.ts";
import { t } from "../words/words.ts";
import "./search-results.css";

export interface SearchResultsProps extends ListEndProps {
  readonly results: readonly SearchResult[];
  readonly query: string;
  /** With the seq of the message that was found; null where it is the title. */
  readonly onOpen: (conversationId: string, foundSeq: number | null) => void;
}

export function SearchResults({ results, query, onOpen, ...end }: SearchResultsProps) {
  return (
    <div class="search-results">
      <ul aria-label={t("Search results")}>
        {results.map((result, index) => (
          <li key={`${result.conversation_id}-${result.message_id ?? "title"}-${index}`}>
            <a
              class="search-result"
              href={conversationPath(result.conversation_id)}
              onClick={(event) => {
                if (!isPlainClick(event)) return;
                event.preventDefault();
                onOpen(result.conversation_id, result.message_id === null ? null : result.seq);
              }}
            >
              <span class="search-title" dir="auto">
                {marked(result.title || t("New chat"), query)}
              </span>
              {result.message_id !== null && (
                <span class="search-snippet" dir="auto">
                  {marked(result.snippet, query)}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      <ListEnd {...end} />
    </div>
  );
}

/** The text with the words that were searched for marked. */
function marked(text: string, query: string) {
  return markedParts(text, query).map((part, index) =>
    part.isMarked ? <mark key={index}>{part.text}</mark> : part.text,
  );
}
