/** Presets beside the instructions that are written: chosen, kept under a name, renamed and deleted, with a way back. */
import { MAX_INSTRUCTIONS_LENGTH } from "@instep/protocol";
import Pencil from "lucide-react/icons/pencil";
import Trash2 from "lucide-react/icons/trash-2";
import { useRef, useState } from "preact/hooks";
import { deliberate } from "../design/deliberate.ts";
import { IconButton } from "../design/icon-button.tsx";
import { anyFailureWords } from "../errors/all-failure-texts.ts";
import { t } from "../words/words.ts";
import type { PresetCalls } from "./preset-calls.ts";
import { PresetName } from "./preset-name.tsx";
import { usePresetActions, type PresetActions, type Written } from "./use-preset-actions.ts";
import { presetNamed } from "./use-presets.ts";
import "./preset-bar.css";

export interface PresetBarProps extends Written {
  readonly calls: PresetCalls;
}

export function PresetBar({ calls, text, onText }: PresetBarProps) {
  const actions = usePresetActions(calls, { text, onText });
  const { presets, chosen, isBusy, isKnown } = actions;
  const [naming, setNaming] = useState<"new" | "rename" | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const renamed = naming === "rename" ? chosen : null;
  const stopNaming = () => {
    setNaming(null);
    bar.current?.querySelector<HTMLElement>(":is(select, button)")?.focus();
  };
  const finish = async (work: Promise<boolean>) => {
    if (await work) stopNaming();
  };
  const canKeep = isKnown && !isBusy && text.trim() !== "" && text.length <= MAX_INSTRUCTIONS_LENGTH;
  return (
    <div class="presets" ref={bar} role="group" aria-label={t("Presets")}>
      <div class="preset-row">
        {presets.length > 0 && <PresetChoice {...actions} />}
        {chosen && (
          <>
            <IconButton label={t("Rename preset")} icon={Pencil} onClick={() => setNaming("rename")} />
            <IconButton
              label={t("Delete preset")}
              icon={Trash2}
              isDisabled={isBusy}
              onClick={() => void finish(actions.remove(chosen))}
            />
          </>
        )}
        <button type="button" class="button" disabled={!canKeep} onClick={() => setNaming("new")}>
          {t("Save as preset")}
        </button>
      </div>
      {naming !== null && (
        <PresetName
          key={naming}
          name={renamed?.name ?? actions.firstName}
          isBusy={isBusy}
          verbFor={(name) => {
            const other = presetNamed(presets, name, renamed?.id);
            if (renamed) return other ? null : t("Rename");
            return other ? t("Replace ¦ preset") : t("Save preset");
          }}
          onDone={(name) => void finish(renamed ? actions.rename(renamed, name) : actions.keep(name))}
          onCancel={stopNaming}
        />
      )}
      <PresetNotes {...actions} onBack={stopNaming} />
    </div>
  );
}

function PresetChoice({ presets, chosen, choose }: PresetActions) {
  return (
    <select aria-label={t("Preset")} value={chosen?.id ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
      <option value="" disabled>
        {t("Choose a preset…")}
      </option>
      {presets.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Why something came to nothing, and the way back from what was done. */
function PresetNotes({ problem, isKnown, readAgain, undo, onBack }: PresetActions & { readonly onBack: () => void }) {
  return (
    <>
      {problem && (
        <p class="preset-problem" role="alert">
          {anyFailureWords(problem.failed)}{" "}
          {!isKnown && (
            <button type="button" class="button" onClick={readAgain}>
              {t("Try again")}
            </button>
          )}
        </p>
      )}
      <p class="preset-done" role="status">
        {undo && (
          <>
            {undo.words}{" "}
            <button
              type="button"
              class="button plain"
              onClick={deliberate(() => {
                undo.run();
                onBack();
              })}
            >
              {t("Undo")}
            </button>
          </>
        )}
      </p>
    </>
  );
}
