/** The writes of presets beside conversations, of which no device sees anything [TICK-1]. */
import { conversationWith } from "./sync-world.ts";
import type { TurnWorld } from "./turn-world.ts";

const PRESET = { id: "7d1c3b5a-0c0f-4a64-8a0e-3f7d2b1c4e01", name: "Brief", instructions: "Be brief." };
const put = (world: TurnWorld) => world.engine.putPreset(world.accountId, PRESET);

export const presetScenarios = {
  putPresets: [
    {
      title: "of a new one",
      isVisible: false,
      prepare: (world: TurnWorld) => conversationWith(world, 4, "Four messages"),
      write: put,
    },
  ],
  deletePreset: [
    {
      title: "of one that stands",
      isVisible: false,
      prepare: async (world: TurnWorld) => {
        await put(world);
        return conversationWith(world, 4, "Four messages");
      },
      write: (world: TurnWorld) => world.engine.deletePreset(world.accountId, PRESET.id),
    },
  ],
};
