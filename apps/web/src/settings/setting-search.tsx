/** The settings by words: a field above them, and which of their rows it leaves. */
import { type ComponentChildren, createContext } from "preact";
import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import { SearchField } from "../design/search-field.tsx";
import { foldedText } from "../words/folded-text.ts";
import { t } from "../words/words.ts";

const QueryContext = createContext("");

/** Whether every word that was typed stands in a text, whatever its case and accents; nothing typed is in all of them. */
export function hasWords(text: string, query: string): boolean {
  const folded = foldedText(text);
  return foldedText(query)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}

/** Whether a row that says this is among those that are looked for. */
export function useIsFound(...texts: readonly string[]): boolean {
  return hasWords(texts.join(" "), useContext(QueryContext));
}

export interface SettingSearchProps {
  readonly query: string;
  /** Whoever holds the query renders the rows with it: then they are there when they are counted. */
  readonly onQuery: (query: string) => void;
  readonly children: ComponentChildren;
}

/** Shows those of the rows in it that are looked for, and says where there are none. */
export function SettingSearch({ query, onQuery, children }: SettingSearchProps) {
  const [isNone, setIsNone] = useState(false);
  const rows = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => setIsNone(rows.current?.querySelector(".setting") === null), [query]);
  return (
    <>
      <SearchField
        class="settings-search"
        label={t("Search settings")}
        placeholder={t("Search settings")}
        query={query}
        onQuery={onQuery}
      />
      <div ref={rows}>
        <QueryContext.Provider value={query}>{children}</QueryContext.Provider>
      </div>
      <p class="settings-none" role="status">
        {isNone && t("No setting has these words.")}
      </p>
    </>
  );
}
