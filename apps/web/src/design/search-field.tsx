/** A field to search in something: Escape empties it before it means anything else, and so does its button. */
import { MAX_QUERY_LENGTH } from "@instep/protocol";
import Search from "lucide-react/icons/search";
import X from "lucide-react/icons/x";
import { type Ref } from "preact";
import { useRef } from "preact/hooks";
import { isComposing } from "../keyboard/is-composing.ts";
import { t } from "../words/words.ts";
import { IconButton } from "./icon-button.tsx";
import "./search-field.css";

export interface SearchFieldProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** What it searches in. */
  readonly label: string;
  readonly placeholder: string;
  /** The shortcut that leads here, as it is written on this keyboard. */
  readonly shortcut?: string;
  readonly fieldRef?: Ref<HTMLInputElement>;
  readonly class?: string;
}

export function SearchField(props: SearchFieldProps) {
  const { query, onQuery, label, placeholder, shortcut, fieldRef = null } = props;
  const whole = useRef<HTMLDivElement>(null);
  const clear = () => {
    onQuery("");
    // The button goes, and its focus with it.
    whole.current?.querySelector("input")?.focus();
  };
  return (
    <div ref={whole} class={`search-field ${props.class ?? ""}`} role="search">
      <Search size={15} aria-hidden="true" />
      <input
        ref={fieldRef}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        maxLength={MAX_QUERY_LENGTH}
        value={query}
        onInput={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || query === "" || isComposing(event)) return;
          // The first Escape is the field's, the next one that of what it stands in.
          event.preventDefault();
          event.stopPropagation();
          clear();
        }}
      />
      {query !== "" && <IconButton label={t("Clear search")} icon={X} onClick={clear} />}
      {query === "" && shortcut !== undefined && <kbd aria-hidden="true">{shortcut}</kbd>}
    </div>
  );
}
