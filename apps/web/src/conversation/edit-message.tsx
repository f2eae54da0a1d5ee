/** A user message as a field: saving sends it anew and ends what followed it. */
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isComposing } from "../composer/enter-key.ts";
import { excessOf } from "../composer/excess-of.ts";
import { OverLimit } from "../composer/over-limit.tsx";
import { useGrowingField } from "../composer/use-growing-field.ts";
import { useSendKey } from "../composer/use-send-key.ts";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { t } from "../words/words.ts";

export interface EditMessageProps {
  readonly text: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

export function EditMessage({ text, onSave, onCancel }: EditMessageProps) {
  const [draft, setDraft] = useState(text);
  const isSendKey = useSendKey();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusHeir(form, () => document.querySelector<HTMLElement>("#messages"));
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, []);
  useGrowingField(field, draft);
  const isTooLong = excessOf(draft) > 0;
  const canSave = draft.trim() !== "" && !isTooLong;
  const limitId = useId();
  return (
    <form
      class="edit-message"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) onSave(draft);
      }}
    >
      <textarea
        ref={field}
        dir="auto"
        aria-label={t("Edit message")}
        rows={1}
        value={draft}
        aria-invalid={isTooLong}
        aria-describedby={isTooLong ? limitId : undefined}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === "Escape") {
            event.stopPropagation();
            onCancel();
          }
          if (!isSendKey(event)) return;
          event.preventDefault();
          if (canSave) onSave(draft);
        }}
      />
      <OverLimit id={limitId} text={draft} />
      <div class="edit-buttons">
        <span>{t("What follows this message will be replaced.")}</span>
        <button type="button" class="button" onClick={onCancel}>
          {t("Cancel")}
        </button>
        <button type="submit" class="button primary" disabled={!canSave}>
          {t("Send")}
        </button>
      </div>
    </form>
  );
}
