/** What a search found: title and the words around the hit. */
import { conversationPath } from "../routing/route.ts";
import { isPlainClick } from "../routing/use-route.ts";
import { ListEnd, type ListEndProps } from "../sidebar/failed.tsx";
import type { SearchResult } from "./use-search.ts";
import { foldedText } from "../words/folded-text.ts";
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

/** The text with the words that were searched for marked: as the search does, whatever their case and accents. */
function marked(text: string, query: string) {
  // The quotes of a phrase are none of its words.
  const words = foldedText(query)
    .split(/[\s"]+/)
    .filter(Boolean);
  if (words.length === 0) return text;
  const pattern = new RegExp(`(${words.map(withAnyAccents).join("|")})`, "giu");
  const parts = text.normalize("NFD").split(pattern);
  return parts.map((part, index) => {
    const shown = part.normalize("NFC");
    return index % 2 === 1 ? <mark key={index}>{shown}</mark> : shown;
  });
}

function withAnyAccents(word: string): string {
  return word.replaceAll(/./gsu, (letter) => {
    const isSyntax = /[.*+?^${}()|[\]\\]/.test(letter);
    return String.raw`${isSyntax ? "\\" : ""}${letter}\p{M}*`;
  });
}
