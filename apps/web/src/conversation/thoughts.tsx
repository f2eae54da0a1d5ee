/** What a model thought before it said something: folded, apart from the reply, and as plain text [MODEL-5]. */
import { t } from "../words/words.ts";
import "./thoughts.css";

export function Thoughts({ text, isGrowing = false }: { readonly text: string; readonly isGrowing?: boolean }) {
  if (text.trim() === "") return null;
  return (
    <details class="thoughts">
      <summary>{isGrowing ? t("Thinking…") : t("Thoughts")}</summary>
      <div class="thoughts-text" dir="auto">
        {text.trim()}
      </div>
    </details>
  );
}
