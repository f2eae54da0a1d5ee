/** Instructions under a name, kept for the account, to be taken over into a conversation [PRESET-1]. */
import { Type, type Static } from "typebox";
import { UUID_PATTERN } from "./identifier.ts";
import { MAX_INSTRUCTIONS_LENGTH, MAX_PRESET_NAME_LENGTH } from "./limits.ts";

/** What a device puts under an id of its choice: as new, or in the place of what stood there. */
export const PutPresetSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: MAX_PRESET_NAME_LENGTH }),
    instructions: Type.String({ minLength: 1, maxLength: MAX_INSTRUCTIONS_LENGTH }),
  },
  { $id: "PutPreset" },
);
export type PutPreset = Static<typeof PutPresetSchema>;

export const PresetSchema = Type.Object(
  {
    id: Type.String({ pattern: UUID_PATTERN }),
    name: Type.String(),
    instructions: Type.String(),
    updated_at: Type.String({ format: "date-time" }),
  },
  { $id: "Preset" },
);
export type Preset = Static<typeof PresetSchema>;

/** All that there are, in the order of their making: what every call on them answers. */
export const PresetListSchema = Type.Object({ presets: Type.Array(PresetSchema) }, { $id: "PresetList" });
export type PresetList = Static<typeof PresetListSchema>;
