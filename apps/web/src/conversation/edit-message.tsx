/** A user message as a field: saving sends it anew and ends what followed it. What is typed is kept on the device until then. */
import type { Message } from "@instep/protocol";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { editKey } from "../composer/edit-drafts.ts";
import { isComposing } from "../keyboard/is-composing.ts";
import { excessOf } from "../composer/excess-of.ts";
import { OverLimit } from "../composer/over-limit.tsx";
import { useDrafts } from "../composer/use-draft.ts";
import { useGrowingField } from "../composer/use-growing-field.ts";
import { useSendKey } from "../composer/use-send-key.ts";
import { isWriting } from "../design/is-writing.ts";
import { useFocusHeir } from "../design/use-focus-heir.ts";
import { failureWords } from "../errors/failure-texts.ts";
import { t } from "../words/words.ts";

export interface EditMessageProps {
  readonly message: Message;
  /** What had the focus when a press opened it, or that its text was kept of an earlier time: then it doesn't take the focus. */
  readonly since: Element | "kept";
  /** A reply is being written: what would replace messages now is refused once that has ended. */
  readonly isLocked: boolean;
  readonly onSave: (text: string) => void;
  readonly onClose: () => void;
}

export function EditMessage({ message, since, isLocked, ...props }: EditMessageProps) {
  const drafts = useDrafts();
  const key = editKey(message);
  const [draft, setDraft] = useState(() => drafts.get(key) || message.content);
  const isSendKey = useSendKey();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useFocusHeir(form, () => document.querySelector<HTMLElement>("#messages"));
  useLayoutEffect(() => {
    if (since === "kept" || isWriting(since)) return;
    field.current?.focus();
    field.current?.setSelectionRange(draft.length, draft.length);
  }, []);
  useGrowingField(field, draft);
  const isTooLong = excessOf(draft) > 0;
  const canSave = draft.trim() !== "" && !isTooLong && !isLocked;
  const limitId = useId();
  const write = (text: string) => {
    setDraft(text);
    // As it was, there is nothing to keep.
    drafts.set(key, text === message.content ? "" : text);
  };
  const save = () => {
    if (!canSave) return;
    drafts.set(key, "");
    props.onSave(draft);
  };
  const cancel = () => {
    drafts.set(key, "");
    props.onClose();
  };
  return (
    <form
      class="edit-message"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || isComposing(event)) return;
        event.stopPropagation();
        cancel();
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
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!isSendKey(event)) return;
          event.preventDefault();
          save();
        }}
      />
      <OverLimit id={limitId} text={draft} />
      <div class="edit-buttons">
        <span>{isLocked ? failureWords("reply_running") : t("What follows this message will be replaced.")}</span>
        <button type="button" class="button" onClick={cancel}>
          {t("Cancel")}
        </button>
        <button type="submit" class="button primary" disabled={!canSave}>
          {t("Send")}
        </button>
      </div>
    </form>
  );
}
