/** What every model that answers in this conversation is told first. */
import { useId } from "preact/hooks";
import { Dialog } from "../design/dialog.tsx";
import { failureWords } from "../errors/failure-texts.ts";
import type { InstructionCalls } from "./instruction-calls.ts";
import { plural, t } from "../words/words.ts";
import { PresetBar } from "./preset-bar.tsx";
import type { PresetCalls } from "./preset-calls.ts";
import { useInstructions, type WrittenInstructions } from "./use-instructions.ts";
import "./instructions-dialog.css";

export interface InstructionsDialogProps {
  readonly calls: InstructionCalls;
  readonly presets: PresetCalls;
  readonly onClose: () => void;
}

/** Closes when they are saved; what could not be saved stays in the field. What is written and neither saved nor cancelled is there again. */
export function InstructionsDialog({ calls, presets, onClose }: InstructionsDialogProps) {
  const instructions = useInstructions(calls, onClose);
  const { text, excess, problem, write } = instructions;
  const [hintId, problemId] = [useId(), useId()];
  return (
    <Dialog title={t("Instructions")} onClose={onClose} isWritten={!instructions.isSaved}>
      <form
        class="instructions"
        onSubmit={(event) => {
          event.preventDefault();
          void instructions.save();
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
          onInput={(event) => write(event.currentTarget.value)}
        />
        {text !== null && <PresetBar calls={presets} text={text} onText={write} />}
        {instructions.isFoundAgain && <p role="status">{t("Not saved yet.")}</p>}
        <p class="instructions-problem" id={problemId} role="alert">
          {troubleWords(instructions)}
        </p>
        <div class="instructions-buttons">
          {text === null && problem && (
            <button type="button" class="button" onClick={instructions.readAgain}>
              {t("Try again")}
            </button>
          )}
          <button type="button" class="button" disabled={instructions.isSaving} onClick={instructions.finish}>
            {t("Cancel")}
          </button>
          <button type="submit" class="button primary" disabled={text === null || excess > 0 || instructions.isSaving}>
            {t("Save")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function troubleWords({ excess, isOvertaken, problem }: WrittenInstructions): string | null {
  if (excess > 0) return plural(excess, "1 character more than fits.", "{count} characters more than fit.");
  if (problem) return failureWords(problem.failed);
  if (!isOvertaken) return null;
  return t(
    "The instructions were changed elsewhere meanwhile. Save once more to replace them, or cancel to leave them.",
  );
}
