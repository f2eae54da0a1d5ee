/** The mark in a text that leads to a footnote. */
import { t } from "../words/words.ts";

/** Names the note that an element is. */
export const FOOTNOTE_LABEL = "data-footnote";

/** A button and no link: the address stays that of the conversation. */
export function FootnoteMark({ label }: { readonly label: string }) {
  return (
    <sup>
      <button
        type="button"
        class="footnote-mark"
        aria-label={t("Footnote {label}", { label })}
        onClick={({ currentTarget }) => {
          const notes = currentTarget.closest(".markdown")?.querySelectorAll<HTMLElement>(`[${FOOTNOTE_LABEL}]`) ?? [];
          const note = [...notes].find((element) => element.getAttribute(FOOTNOTE_LABEL) === label.toUpperCase());
          note?.focus({ preventScroll: true });
          note?.scrollIntoView({ block: "nearest" });
        }}
      >
        {label}
      </button>
    </sup>
  );
}
