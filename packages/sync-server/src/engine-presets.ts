/** The engine's calls about presets of instructions [PRESET-1]. */
import { formatTimestamp, MAX_PRESETS, type Preset } from "@instep/protocol";
import type { EngineCore } from "./engine-core.ts";
import type { EnginePresets } from "./presets.ts";
import { refuse } from "./refusal.ts";

export function enginePresets({ storage, environment }: EngineCore): EnginePresets {
  const list: EnginePresets["presets"] = async (accountId) => {
    const rows = await storage.read((snapshot) => snapshot.presets(accountId));
    return {
      presets: rows.map(({ updatedAt, ...row }): Preset => ({ ...row, updated_at: formatTimestamp(updatedAt) })),
    };
  };
  return {
    presets: list,
    async putPreset(accountId, preset) {
      const input = { accountId, now: environment.now(), presets: [preset], isKept: false };
      const leftOut = await storage.transact("putPresets", input);
      if (leftOut > 0) return refuse("too_many_presets", `An account may have ${MAX_PRESETS}; delete one first.`);
      return list(accountId);
    },
    async deletePreset(accountId, id) {
      const isGone = await storage.transact("deletePreset", { accountId, now: environment.now(), id });
      return isGone ? list(accountId) : refuse("preset_not_found");
    },
    async importPresets(accountId, presets) {
      return storage.transact("putPresets", { accountId, now: environment.now(), presets, isKept: true });
    },
  };
}
