/** A footnote where it was written, which is mostly at the end. */
import { FOOTNOTE_LABEL } from "./footnote-mark.tsx";
import { Inline } from "./inline.tsx";

export function Footnote({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <p class="footnote" dir="auto" tabIndex={-1} {...{ [FOOTNOTE_LABEL]: label.toUpperCase() }}>
      <span class="footnote-label">{label}</span> <Inline text={text} />
    </p>
  );
}
