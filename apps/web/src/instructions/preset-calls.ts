/** The calls for an account's presets of instructions: each answers with all of them [PRESET-1]. */
import type { Preset, PresetList } from "@instep/protocol";
import { askServer, type Call, isFailure, newUuid, type Result } from "../sync/device.ts";

/** Without an id it is a new one. */
export type PresetToSave = Pick<Preset, "name" | "instructions"> & Partial<Pick<Preset, "id">>;

export interface PresetCalls {
  readonly list: () => Promise<Result<readonly Preset[]>>;
  readonly save: (preset: PresetToSave) => Promise<Result<readonly Preset[]>>;
  /** One that another device has deleted is gone as well. */
  readonly remove: (id: string) => Promise<Result<readonly Preset[]>>;
}

/** For one account: where another one has signed in meanwhile in this browser, each is refused. */
export function presetCalls(accountId: string): PresetCalls {
  const options = { headers: { "instep-account": accountId } };
  const ask = async (path: string, call?: Call): Promise<Result<readonly Preset[]>> => {
    const answer = await askServer<PresetList>(options, path, call);
    return isFailure(answer) ? answer : answer.presets;
  };
  const pathOf = (id: string) => `presets/${encodeURIComponent(id)}`;
  const list = () => ask("presets");
  return {
    list,
    save: ({ id = newUuid(), name, instructions }) => ask(pathOf(id), { method: "PUT", body: { name, instructions } }),
    async remove(id) {
      const left = await ask(pathOf(id), { method: "DELETE" });
      return isFailure(left) && left.failed === "preset_not_found" ? list() : left;
    },
  };
}
