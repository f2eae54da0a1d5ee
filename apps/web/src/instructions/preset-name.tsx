/** The name of a preset, while it is given: Enter takes it, Escape leaves all as it was. */
import { isComposing } from "../keyboard/is-composing.ts";
import { MAX_PRESET_NAME_LENGTH } from "@instep/protocol";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../words/words.ts";

export interface PresetNameProps {
  /** What it begins with. */
  readonly name: string;
  readonly isBusy: boolean;
  /** What taking this name does; null where another preset has it. */
  readonly verbFor: (name: string) => string | null;
  readonly onDone: (name: string) => void;
  readonly onCancel: () => void;
}

export function PresetName({ name: before, isBusy, verbFor, onDone, onCancel }: PresetNameProps) {
  const [name, setName] = useState(before);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const verb = verbFor(name);
  const canBeTaken = name.trim() !== "" && verb !== null && !isBusy;
  return (
    <div
      class="preset-row"
      onKeyDown={(event) => {
        const isTaken = event.key === "Enter" && event.target === field.current;
        if ((event.key !== "Escape" && !isTaken) || isComposing(event)) return;
        // Neither is the dialog's.
        event.preventDefault();
        event.stopPropagation();
        if (!isTaken) onCancel();
        else if (canBeTaken) onDone(name.trim());
      }}
    >
      <input
        ref={field}
        type="text"
        dir="auto"
        aria-label={t("Name of the preset")}
        placeholder={t("Name of the preset")}
        aria-invalid={verb === null}
        maxLength={MAX_PRESET_NAME_LENGTH}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="button" class="button primary" disabled={!canBeTaken} onClick={() => onDone(name.trim())}>
        {verb ?? t("Name is taken ¦ preset")}
      </button>
      <button type="button" class="button" onClick={onCancel}>
        {t("Cancel")}
      </button>
    </div>
  );
}
