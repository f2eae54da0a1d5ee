/** What every model that answers in this conversation is told first. */
import { MAX_INSTRUCTIONS_LENGTH } from "@instep/protocol";
import { useEffect, useId, useState } from "preact/hooks";
import { Dialog } from "../design/dialog.tsx";
import { failureText } from "../errors/failure-texts.ts";
import { type Failure, isFailure } from "../sync/device.ts";
import type { InstructionCalls } from "./instruction-calls.ts";
import { plural, t } from "../words/words.ts";
import { PresetBar } from "./preset-bar.tsx";
import type { PresetCalls } from "./preset-calls.ts";
import "./instructions-dialog.css";

export interface InstructionsDialogProps {
  readonly calls: InstructionCalls;
  readonly presets: PresetCalls;
  readonly onClose: () => void;
}

/** Closes when they are saved; what could not be saved stays in the field. */
export function InstructionsDialog({ calls, presets, onClose }: InstructionsDialogProps) {
  const [text, setText] = useState<string | null>(null);
  const [readText, setReadText] = useState<string | null>(null);
  const [problem, setProblem] = useState<Failure | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [reading, readAgain] = useState(0);
  const [hintId, problemId] = [useId(), useId()];
  useEffect(() => {
    let isWanted = true;
    const read = async () => {
      const found = await calls.read();
      if (!isWanted) return;
      if (isFailure(found)) return setProblem(found);
      setReadText(found);
      setText(found);
    };
    void read();
    return () => void (isWanted = false);
  }, [calls, reading]);
  const excess = Math.max(0, (text ?? "").length - MAX_INSTRUCTIONS_LENGTH);
  const save = async () => {
    if (text === null || excess > 0 || isSaving) return;
    setSaving(true);
    setProblem(null);
    const saved = await calls.save(text);
    setSaving(false);
    if (isFailure(saved)) setProblem(saved);
    else onClose();
  };
  return (
    <Dialog title={t("Instructions")} onClose={onClose} isWritten={text !== readText}>
      <form
        class="instructions"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p id={hintId}>{t("Every model that answers in this chat is told this first, on every device.")}</p>
        <textarea
          dir="auto"
          rows={8}
          aria-label={t("Instructions")}
          aria-describedby={`${hintId} ${problemId}`}
          aria-invalid={excess > 0}
          placeholder={text === null ? "" : t("Answer briefly, in British English…")}
          disabled={text === null}
          value={text ?? ""}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {text !== null && <PresetBar calls={presets} text={text} onText={setText} />}
        <p class="instructions-problem" id={problemId} role="alert">
          {excess > 0 && plural(excess, "1 character more than fits.", "{count} characters more than fit.")}
          {problem && `${failureText(problem.failed).title} ${failureText(problem.failed).advice}`}
        </p>
        <div class="instructions-buttons">
          {text === null && problem && (
            <button
              type="button"
              class="button"
              onClick={() => {
                setProblem(null);
                readAgain(reading + 1);
              }}
            >
              {t("Try again")}
            </button>
          )}
          <button type="button" class="button" onClick={onClose}>
            {t("Cancel")}
          </button>
          <button type="submit" class="button primary" disabled={text === null || excess > 0 || isSaving}>
            {t("Save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
