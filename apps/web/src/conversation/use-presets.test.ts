/** Which preset a name means. */
import { expect, test } from "vitest";
import { presetNamed } from "./use-presets.ts";

const CAFE = { id: "a", name: "Caf\u00e9", instructions: "", updated_at: "" };

test("a name means the preset that is called so, however it is typed, and none but the one that is left out", () => {
  for (const name of ["Caf\u00e9", " caf\u00e9 ", "CAFE\u0301"]) {
    expect([presetNamed([CAFE], name)?.id, presetNamed([CAFE], name, "a")]).toEqual(["a", null]);
  }
  expect(presetNamed([CAFE], "Cafe")).toBeNull();
});
