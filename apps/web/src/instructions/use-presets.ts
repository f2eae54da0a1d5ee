/** The account's presets of instructions as they are shown: asked for when they come on screen, and as every change answers. */
import type { Preset } from "@instep/protocol";
import { useCallback, useState } from "preact/hooks";
import { useListed, useTask } from "../sync/use-task.ts";
import type { Failure } from "../sync/device.ts";
import type { PresetCalls, PresetToSave } from "./preset-calls.ts";

export interface Presets {
  /** Null until they are known. */
  readonly presets: readonly Preset[] | null;
  readonly isBusy: boolean;
  readonly problem: Failure | null;
  readonly readAgain: () => void;
  /** Resolves to whether it was done. */
  readonly save: (preset: PresetToSave) => Promise<boolean>;
  readonly remove: (id: string) => Promise<boolean>;
}

export function usePresets(calls: PresetCalls): Presets {
  const { value, problem, reload } = useListed(calls.list);
  const { run, isBusy, problem: undone } = useTask();
  const [changed, setChanged] = useState<readonly Preset[] | null>(null);
  const change = useCallback(
    async (work: () => ReturnType<PresetCalls["list"]>) => {
      const presets = await run(work);
      if (presets !== null) setChanged(presets);
      return presets !== null;
    },
    [run],
  );
  return {
    presets: changed ?? value,
    isBusy,
    problem: undone ?? problem,
    readAgain: () => void reload(),
    save: useCallback((preset) => change(() => calls.save(preset)), [calls, change]),
    remove: useCallback((id) => change(() => calls.remove(id)), [calls, change]),
  };
}

/** In the order of their names, as the language has it. */
export function byName(presets: readonly Preset[], locale: string): readonly Preset[] {
  return presets.toSorted((one, other) => one.name.localeCompare(other.name, locale));
}

/** The one that is called so, whatever its case; not `exceptId`. */
export function presetNamed(presets: readonly Preset[], name: string, exceptId?: string): Preset | null {
  const wanted = folded(name);
  return presets.find((preset) => preset.id !== exceptId && folded(preset.name) === wanted) ?? null;
}

function folded(name: string): string {
  return name.trim().normalize().toLowerCase();
}
