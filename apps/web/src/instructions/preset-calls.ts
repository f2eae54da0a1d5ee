/** The calls for an account's presets of instructions: each answers with all of them [PRESET-1]. */
import type { Preset, PresetList } from "@instep/protocol";
import { askAs } from "../sync/ask-as.ts";
import { type Call, isFailure, newUuid, type Result } from "../sync/device.ts";

/** Without an id it is a new one. */
export type PresetToSave = Pick<Preset, "name" | "instructions"> & Partial<Pick<Preset, "id">>;

export interface PresetCalls {
  readonly list: () => Promise<Result<readonly Preset[]>>;
  readonly save: (preset: PresetToSave) => Promise<Result<readonly Preset[]>>;
  /** One that another device has deleted is gone as well. */
  readonly remove: (id: string) => Promise<Result<readonly Preset[]>>;
}

/** For one account. */
export function presetCalls(accountId: string): PresetCalls {
  const ask = askAs(accountId);
  const presetsOf = async (path: string, call?: Call): Promise<Result<readonly Preset[]>> => {
    const answer = await ask<PresetList>(path, call);
    return isFailure(answer) ? answer : answer.presets;
  };
  const pathOf = (id: string) => `presets/${encodeURIComponent(id)}`;
  const list = () => presetsOf("presets");
  return {
    list,
    save: ({ id = newUuid(), name, instructions }) =>
      presetsOf(pathOf(id), { method: "PUT", body: { name, instructions } }),
    async remove(id) {
      const left = await presetsOf(pathOf(id), { method: "DELETE" });
      return isFailure(left) && left.failed === "preset_not_found" ? list() : left;
    },
  };
}
