/** Long texts that were pasted, folded over the message box: each can be looked at, put into the box, and taken away. */
import { t } from "../words/words.ts";
import "./pasted-texts.css";

export interface PastedTextsProps {
  readonly texts: readonly string[];
  /** Puts one among what is typed. */
  readonly onUnfold: (index: number) => void;
  readonly onRemove: (index: number) => void;
}

export function PastedTexts({ texts, onUnfold, onRemove }: PastedTextsProps) {
  return (
    <ul class="pasted-texts" aria-label={t("Pasted texts")}>
      {texts.map((text, index) => (
        <li key={`${index} ${text.length}`}>
          <details>
            <summary>{sizeWords(text)}</summary>
            <pre tabIndex={0}>{text}</pre>
          </details>
          <button type="button" class="button plain" onClick={() => onUnfold(index)}>
            {t("Put into the box")}
          </button>
          <button type="button" class="button plain" onClick={() => onRemove(index)}>
            {t("Remove")}
          </button>
        </li>
      ))}
    </ul>
  );
}

function sizeWords(text: string): string {
  const lines = text.split("\n").length;
  const size = lines > 1 ? t("{count} lines", { count: lines }) : t("{count} characters", { count: text.length });
  return t("Pasted text · {size}", { size });
}
