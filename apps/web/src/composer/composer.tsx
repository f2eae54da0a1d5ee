/** The message box: grows with the text, sends, stops, and chooses the model where there are several. */
import ArrowUp from "lucide-react/icons/arrow-up";
import Square from "lucide-react/icons/square";
import { useLayoutEffect, useRef } from "preact/hooks";
import { patientLazyPart } from "../design/lazy-part.tsx";
import { draftOf, isLongPaste, partsOf, sentText, withUnder } from "./draft-parts.ts";
import { ModelPicker, type ModelPickerProps } from "./model-picker.tsx";
import { excessOf } from "./excess-of.ts";
import { useGrowingField } from "./use-growing-field.ts";
import { pastedFiles } from "./use-taken-files.ts";
import { t } from "../words/words.ts";
import "./composer.css";

export interface ComposerProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: () => void;
  /** Takes files that were pasted. */
  readonly onFiles: (files: readonly File[]) => void;
  /** Set while this conversation's reply is written: stops it. */
  readonly onStop: (() => void) | null;
  /** Whether the reply is being stopped already. */
  readonly isStopping: boolean;
  readonly models: ModelPickerProps;
  /** Whether a key press sends. */
  readonly isSendKey: (event: KeyboardEvent) => boolean;
  /** Takes the focus where it changes: a conversation was opened at a keyboard. */
  readonly focusKey: string | null;
}

const OverLimit = patientLazyPart(async () => (await import("./over-limit.tsx")).OverLimit);
const PastedTexts = patientLazyPart(async () => (await import("./pasted-texts.tsx")).PastedTexts);

const LIMIT_ID = "message-limit";

/** What is sent while a reply is written is queued; the way to stop it stays. */
export function Composer(props: ComposerProps) {
  const { text, onText, onStop, focusKey } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const { typed, pasted } = partsOf(text);
  const sent = sentText(text);
  const isTooLong = excessOf(sent) > 0;
  const canSend = sent.trim() !== "" && !isTooLong;
  const send = () => {
    if (canSend) props.onSend();
    field.current?.focus();
  };
  const stop = () => {
    onStop?.();
    // The button is about to go, and the focus would go with it; on a touch screen the box would bring its keyboard up.
    if (focusKey !== null) field.current?.focus();
  };
  useGrowingField(field, typed);
  useLayoutEffect(() => {
    if (focusKey !== null) field.current?.focus({ preventScroll: true });
  }, [focusKey]);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-box">
        <textarea
          id="message-input"
          ref={field}
          rows={1}
          dir="auto"
          aria-label={t("Message")}
          placeholder={t("Message…")}
          value={typed}
          aria-invalid={isTooLong}
          aria-describedby={isTooLong ? LIMIT_ID : undefined}
          onInput={(event) => onText(draftOf({ typed: event.currentTarget.value, pasted }))}
          onPaste={(event) => takePaste(event, props)}
          onKeyDown={(event) => {
            if (!props.isSendKey(event)) return;
            event.preventDefault();
            send();
          }}
        />
        {pasted.length > 0 && <Folded text={text} onText={onText} />}
        <OverLimit id={LIMIT_ID} text={sent} />
        <div class="composer-bar">
          <ModelPicker {...props.models} />
          {onStop && (
            <button type="button" id="stop-btn" aria-label={t("Stop")} disabled={props.isStopping} onClick={stop}>
              <Square size={12} fill="currentColor" aria-hidden="true" />
              {props.isStopping ? t("Stopping…") : t("Stop")}
            </button>
          )}
          <button
            type="submit"
            id="send-btn"
            aria-label={t("Send")}
            title={isTooLong ? t("Too long to send") : onStop ? t("Send when the reply has ended") : t("Send")}
            aria-describedby={isTooLong ? LIMIT_ID : undefined}
            disabled={!canSend}
          >
            <ArrowUp size={18} strokeWidth={2.25} aria-hidden="true" />
          </button>
        </div>
      </div>
    </form>
  );
}

type Paste = ClipboardEvent & { readonly currentTarget: HTMLTextAreaElement };

/** Takes files and a long text, which is folded; a short one is the box's own. */
function takePaste(event: Paste, { text, onText, onFiles }: Pick<ComposerProps, "text" | "onText" | "onFiles">): void {
  const files = pastedFiles(event);
  const long = event.clipboardData?.getData("text/plain") ?? "";
  if (files.length === 0 && !isLongPaste(long)) return;
  event.preventDefault();
  if (files.length > 0) return onFiles(files);
  const { currentTarget: field } = event;
  // A paste takes the place of what is selected.
  field.setRangeText("");
  onText(draftOf({ typed: field.value, pasted: [...partsOf(text).pasted, long] }));
}

function Folded({ text, onText }: Pick<ComposerProps, "text" | "onText">) {
  const { typed, pasted } = partsOf(text);
  const without = (index: number) => draftOf({ typed, pasted: pasted.filter((_, other) => other !== index) });
  return (
    <PastedTexts
      texts={pasted}
      onUnfold={(index) => onText(withUnder(without(index), pasted[index] ?? ""))}
      onRemove={(index) => onText(without(index))}
    />
  );
}
