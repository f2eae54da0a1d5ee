/** Presets of instructions: what the engine can be asked of them [PRESET-1]. */
import type { AccountId, Preset, PresetList } from "@instep/protocol";
import type { Outcome } from "./refusal.ts";

/** A preset as a device or an import gives it. */
export type NamedInstructions = Readonly<Pick<Preset, "id" | "name" | "instructions">>;

export interface EnginePresets {
  /** The account's, in the order of their making; so do the two below answer, as it is then. */
  presets(accountId: AccountId): Promise<PresetList>;
  /** As new, or in the place of the one with that id. Refused where there is no room for another one. */
  putPreset(accountId: AccountId, preset: NamedInstructions): Promise<Outcome<PresetList>>;
  deletePreset(accountId: AccountId, id: string): Promise<Outcome<PresetList>>;
  /** Adds those whose ids are not here, for as long as there is room; says for how many there was none. */
  importPresets(accountId: AccountId, presets: readonly NamedInstructions[]): Promise<number>;
}
