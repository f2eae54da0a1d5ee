/** Presets of instructions as Instep's own export has them, before its conversations [PRESET-1]. */
import { canBeSeen, isUuid, MAX_INSTRUCTIONS_LENGTH, MAX_PRESET_NAME_LENGTH, MAX_PRESETS } from "@instep/protocol";
import type { NamedInstructions } from "@instep/sync-server";
import { arrayOf, recordOf, stringOf } from "../json-value.ts";
import { cleanText } from "./clean-text.ts";
import type { JsonHeader } from "./json-elements.ts";

/** Those that can be kept, and how many others stand there. */
export function readPresets(header: JsonHeader): {
  readonly presets: readonly NamedInstructions[];
  readonly leftOut: number;
} {
  const listed = arrayOf(header?.["presets"]);
  const presets = listed.slice(0, MAX_PRESETS).flatMap(readPreset);
  return { presets, leftOut: listed.length - presets.length };
}

function readPreset(value: unknown): NamedInstructions[] {
  const read = recordOf(value);
  const id = stringOf(read["id"]);
  const name = cleanText(stringOf(read["name"]) ?? "").trim();
  const instructions = cleanText(stringOf(read["instructions"]) ?? "");
  if (id === null || !isUuid(id) || !fits(name, MAX_PRESET_NAME_LENGTH)) return [];
  return fits(instructions, MAX_INSTRUCTIONS_LENGTH) ? [{ id: id.toLowerCase(), name, instructions }] : [];
}

function fits(text: string, length: number): boolean {
  return canBeSeen(text) && text.length <= length;
}
