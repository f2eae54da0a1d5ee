/** Statements about an account's presets of instructions [PRESET-1]. */
import type { AccountId } from "@instep/protocol";
import type { Awaitable, PresetRow } from "./rows.ts";

export interface PresetReads {
  /** In the order of their making. */
  presets(accountId: AccountId): Awaitable<readonly PresetRow[]>;
}

export interface PresetWrites {
  /** Puts it in the place of the one with its id, or behind all others. */
  savePreset(accountId: AccountId, row: PresetRow): Awaitable<void>;
  /** False where there was none. */
  deletePreset(accountId: AccountId, id: string): Awaitable<boolean>;
}
