/** Presets of instructions, against what a plain map would hold. */
import { MAX_PRESETS } from "@instep/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isRefusal } from "../src/refusal.ts";
import { openWorld } from "./turn-world.ts";

const ids = Array.from({ length: 4 }, (_, n) => `7d1c3b5a-0c0f-4a64-8a0e-3f7d2b1c4e0${n}`);
const words = fc.constantFrom("Brief", "Long", "Rude");

const deed = fc.record({
  kind: fc.constantFrom("put", "put", "import", "delete"),
  id: fc.constantFrom(...ids),
  name: words,
  instructions: words,
});

test("[PRESET-1] puts, deletions and imports in any order leave what a map would hold, in the order of its making", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 20 }), async (deeds) => {
      const world = await openWorld();
      const { engine, accountId } = world;
      const expected = new Map<string, { readonly id: string; readonly name: string; readonly instructions: string }>();
      for (const { kind, ...preset } of deeds) {
        const isKnown = expected.has(preset.id);
        if (kind === "put") {
          expected.set(preset.id, preset);
          expect(isRefusal(await engine.putPreset(accountId, preset))).toBe(false);
        } else if (kind === "import") {
          if (!isKnown) expected.set(preset.id, preset);
          await engine.importPresets(accountId, [preset]);
        } else {
          expected.delete(preset.id);
          expect(isRefusal(await engine.deletePreset(accountId, preset.id))).toBe(!isKnown);
        }
        const { presets } = await engine.presets(accountId);
        const told = presets.map(({ id, name, instructions }) => ({ id, name, instructions }));
        expect(told).toEqual([...expected.values()]);
      }
      await world.close();
    }),
    { numRuns: 40 },
  );
});

test("[PRESET-1] there is room for so many and no more; those that stand can be changed, and what goes makes room", async () => {
  const world = await openWorld();
  const { engine, accountId } = world;
  const preset = (n: number) => ({
    id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    name: `No. ${n}`,
    instructions: "Be brief.",
  });
  const count = async () => (await engine.presets(accountId)).presets.length;
  await engine.importPresets(
    accountId,
    Array.from({ length: MAX_PRESETS - 1 }, (_, n) => preset(n)),
  );
  expect(isRefusal(await engine.putPreset(accountId, preset(MAX_PRESETS)))).toBe(false);
  expect(await engine.putPreset(accountId, preset(MAX_PRESETS + 1))).toMatchObject({ refused: "too_many_presets" });
  await engine.importPresets(accountId, [preset(MAX_PRESETS + 1)]);
  expect(await count()).toBe(MAX_PRESETS);
  expect(isRefusal(await engine.putPreset(accountId, { ...preset(0), name: "Renamed" }))).toBe(false);
  await engine.deletePreset(accountId, preset(0).id);
  expect(isRefusal(await engine.putPreset(accountId, preset(MAX_PRESETS + 1)))).toBe(false);
  expect(await count()).toBe(MAX_PRESETS);
  await world.close();
});

test("[PRESET-1] what is put again as it stands is not newer for it", async () => {
  const world = await openWorld();
  const preset = { id: ids[0] ?? "", name: "Brief", instructions: "Be brief." };
  const first = await world.engine.putPreset(world.accountId, preset);
  await world.environment.advance(1000);
  expect(await world.engine.putPreset(world.accountId, preset)).toEqual(first);
  const changed = await world.engine.putPreset(world.accountId, { ...preset, instructions: "Be very brief." });
  const updated = (list: typeof changed) => (isRefusal(list) ? null : list.presets[0]?.updated_at) ?? "";
  expect(updated(changed) > updated(first)).toBe(true);
  await world.close();
});
