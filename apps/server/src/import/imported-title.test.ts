import { expect, it } from "vitest";
import { importedTitle } from "./imported-title.ts";
import { readPresets } from "./preset-format.ts";

it.each(["", " \n", "\u200b\u200e", "\u3164", "\u2800"])(
  "a title that shows nothing (%j) is none: the first words are",
  (title) => {
    expect(importedTitle(title, "Bread without kneading")).toBe("Bread without kneading");
    expect(importedTitle(title, title)).toBe("Imported conversation");
  },
);

it("a title with anything to see is kept as it is, whatever stands in it besides", () => {
  for (const title of ["👩‍👩‍👧", "\u200fשלום", "·", "ㅤx"]) expect(importedTitle(title, "words")).toBe(title);
});

it("a preset whose name or instructions show nothing is left out, and counted", () => {
  const preset = { id: "00000000-0000-4000-8000-00000000000a", name: "Short", instructions: "Be brief" };
  const presets = [preset, { ...preset, name: "\u200b" }, { ...preset, instructions: "\u2060" }];
  expect(readPresets({ presets })).toEqual({ presets: [preset], leftOut: 2 });
});
