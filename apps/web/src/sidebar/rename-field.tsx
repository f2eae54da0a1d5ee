/** The title as a field, in the row's place: Enter and leaving keep it; Escape takes it back, and so does what takes the row away. */
import { MAX_TITLE_LENGTH } from "@instep/protocol";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isComposing } from "../keyboard/is-composing.ts";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { t } from "../words/words.ts";

export interface RenameFieldProps {
  readonly title: string;
  /** Called once, with the new title, or with null where it stays as it was. */
  readonly onDone: (title: string | null) => void;
}

export function RenameField({ title, onDone }: RenameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  // Its row's menu, where the renaming began; a row that goes has no heir, as somebody goes on typing.
  useFocusHeir(field, () =>
    isDone.current ? field.current?.parentElement?.querySelector<HTMLElement>(".menu-button") : null,
  );
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const finish = (isKept: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    const renamed = field.current?.value.trim() ?? "";
    onDone(isKept && renamed !== "" && renamed !== title ? renamed : null);
  };
  // After the heir was named, and before the browser tells that the field has lost the focus.
  useLayoutEffect(() => () => finish(false), []);
  return (
    <input
      ref={field}
      class="rename-field"
      aria-label={t("Conversation title")}
      defaultValue={title}
      maxLength={MAX_TITLE_LENGTH}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (isComposing(event)) return;
        if (event.key === "Enter") {
          // Else it would press the button that has the focus next.
          event.preventDefault();
          finish(true);
        }
        if (event.key === "Escape") {
          event.stopPropagation();
          finish(false);
        }
      }}
    />
  );
}
