/** What can't be shown formatted in bounded time, as it was written [SAFE-2]; formatting it is a person's choice. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../words/words.ts";

export interface PlainProps {
  readonly text: string;
  /** The formatted text, or null where it is too much even so; left out where there is nothing to choose. */
  readonly format?: () => ComponentChildren;
}

export function Plain({ text, format }: PlainProps): ComponentChildren {
  const [state, setState] = useState<"plain" | "formatted" | "impossible">("plain");
  const formatted = state === "formatted" && format ? format() : null;
  if (formatted !== null) return formatted;
  return (
    <span class="plain" dir="auto">
      {text}
      {format && state === "plain" && (
        <button
          type="button"
          class="button show-formatted"
          onClick={() => setState(format() === null ? "impossible" : "formatted")}
        >
          {t("Show formatted")}
        </button>
      )}
      {state === "impossible" && <span class="plain-note">{t("This text is too long to be formatted.")}</span>}
    </span>
  );
}
