/** Says of a text that it is too long to be sent, and by how much, before anybody tries. */
import { MAX_MESSAGE_LENGTH } from "@instep/protocol";
import { t } from "../words/words.ts";
import { excessOf } from "./excess-of.ts";

/** The note under the text; nothing where it is short enough. Its first words are told at once, the count is only shown. */
export function OverLimit({ id, text }: { readonly id: string; readonly text: string }) {
  const excess = excessOf(text);
  if (excess === 0) return null;
  return (
    <p class="over-limit" id={id}>
      <span role="alert">{t("Too long to send.")}</span>{" "}
      <span>
        {t("{length} characters, {excess} more than the {most} that fit into a message.", {
          length: text.length,
          excess,
          most: MAX_MESSAGE_LENGTH,
        })}
      </span>
    </p>
  );
}
