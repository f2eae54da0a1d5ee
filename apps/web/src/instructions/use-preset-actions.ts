/** What can be done with presets beside a text, and undone. */
import type { Preset } from "@instep/protocol";
import { useRef, useState } from "preact/hooks";
import { spoken, t } from "../words/words.ts";
import type { PresetCalls } from "./preset-calls.ts";
import { byName, presetNamed, usePresets, type Presets } from "./use-presets.ts";

export interface Written {
  readonly text: string;
  readonly onText: (text: string) => void;
}

export interface PresetActions extends Pick<Presets, "isBusy" | "problem" | "readAgain"> {
  readonly isKnown: boolean;
  /** In the order of their names. */
  readonly presets: readonly Preset[];
  /** The one whose text stands in the field. */
  readonly chosen: Preset | null;
  /** What a text that is kept is called first: as the preset that it began from. */
  readonly firstName: string;
  readonly choose: (id: string) => void;
  /** Under a name: as a new one, or in the place of the one that is called so. Resolves to whether it was done, as the others do. */
  readonly keep: (name: string) => Promise<boolean>;
  readonly rename: (preset: Preset, name: string) => Promise<boolean>;
  readonly remove: (preset: Preset) => Promise<boolean>;
  /** Undoes what was done last; gone once it is used. */
  readonly undo: PresetUndo | null;
}

interface PresetUndo {
  readonly words: string;
  readonly run: () => void;
}

export function usePresetActions(calls: PresetCalls, { text, onText }: Written): PresetActions {
  const { presets: known, save, remove, ...told } = usePresets(calls);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [undos, setUndos] = useState<readonly PresetUndo[]>([]);
  const presets = byName(known ?? [], spoken().locale);
  const last = presets.find(({ id }) => id === chosenId) ?? null;
  const chosen =
    last?.instructions === text ? last : (presets.find(({ instructions }) => instructions === text) ?? null);
  const offerUndo = (words: string, run: () => void) => {
    const undo = {
      words,
      run: () => {
        setUndos((before) => before.filter((one) => one !== undo));
        run();
      },
    };
    setUndos((before) => [...before, undo]);
  };
  const written = useRef({ text, isUnkept: false });
  // A text that stands in a preset is lost by no other one.
  written.current = { text, isUnkept: text.trim() !== "" && !chosen };
  const replaceBy = (next: string) => {
    const before = written.current;
    if (before.isUnkept) offerUndo(t("Your text was replaced."), () => replaceBy(before.text));
    onText(next);
  };
  return {
    ...told,
    isKnown: known !== null,
    presets,
    chosen,
    firstName: (chosen ?? last)?.name ?? "",
    undo: undos.at(-1) ?? null,
    choose(id) {
      const preset = presets.find((one) => one.id === id);
      if (!preset) return;
      setChosenId(id);
      replaceBy(preset.instructions);
    },
    async keep(name) {
      const replaced = presetNamed(presets, name);
      if (!(await save({ ...(replaced && { id: replaced.id }), name, instructions: text }))) return false;
      setChosenId(replaced?.id ?? null);
      if (replaced && replaced.instructions !== text) {
        offerUndo(t("“{name}” was replaced.", { name }), () => void save(replaced));
      }
      return true;
    },
    rename: (preset, name) => save({ ...preset, name }),
    async remove(preset) {
      if (!(await remove(preset.id))) return false;
      offerUndo(t("“{name}” was deleted.", { name: preset.name }), () => void save(preset));
      return true;
    },
  };
}
