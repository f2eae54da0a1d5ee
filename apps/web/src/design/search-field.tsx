/** The field that searches titles and messages. */
import Search from "lucide-react/icons/search";
import X from "lucide-react/icons/x";
import type { Ref } from "preact";
import { IconButton } from "../design/icon-button.tsx";
import { t } from "../words/words.ts";
import "./search-field.css";

export interface SearchFieldProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** The shortcut that leads here, as it is written on this keyboard. */
  readonly shortcut: string;
  readonly fieldRef?: Ref<HTMLInputElement>;
}

export function SearchField({ query, onQuery, shortcut, fieldRef }: SearchFieldProps) {
  return (
    <div class="search-field" role="search">
      <Search size={15} aria-hidden="true" />
      <input
        ref={fieldRef ?? null}
        type="search"
        aria-label={t("Search conversations")}
        placeholder={t("Search")}
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || query === "") return;
          event.stopPropagation();
          onQuery("");
        }}
      />
      {query === "" ? (
        <kbd aria-hidden="true">{shortcut}</kbd>
      ) : (
        <IconButton label={t("Clear search")} icon={X} onClick={() => onQuery("")} />
      )}
    </div>
  );
}
