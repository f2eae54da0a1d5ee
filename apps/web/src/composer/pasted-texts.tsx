/** Long texts that were pasted, folded over the message box: each can be looked at, put into the box, and taken away. */
import "./pasted-texts.css";

export interface PastedTextsProps {
  readonly texts: readonly string[];
  /** Puts one among what is typed. */
  readonly onUnfold: (index: number) => void;
  readonly onRemove: (index: number) => void;
}

export function PastedTexts({ texts, onUnfold, onRemove }: PastedTextsProps) {
  return (
    <ul class="pasted-texts" aria-label="Pasted texts">
      {texts.map((text, index) => (
        <li key={`${index} ${text.length}`}>
          <details>
            <summary>{sizeWords(text)}</summary>
            <pre tabIndex={0}>{text}</pre>
          </details>
          <button type="button" class="button plain" onClick={() => onUnfold(index)}>
            Put into the box
          </button>
          <button type="button" class="button plain" onClick={() => onRemove(index)}>
            Remove
          </button>
        </li>
      ))}
    </ul>
  );
}

function sizeWords(text: string): string {
  const lines = text.split("\n").length;
  const count =
    lines > 1 ? `${lines.toLocaleString("en-US")} lines` : `${text.length.toLocaleString("en-US")} characters`;
  return `Pasted text · ${count}`;
}
