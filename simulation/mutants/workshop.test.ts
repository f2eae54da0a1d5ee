import { expect, test } from "vitest";
import { CHAOS_MUTANTS } from "../chaos/mutants.ts";
import { MUTANTS } from "./mutants.ts";
import { mutate, sourceOf } from "./workshop.ts";

test.each([...MUTANTS, ...CHAOS_MUTANTS])("the text of the fault $name still stands in the sources, once", (mutant) => {
  const source = sourceOf(mutant);
  expect(mutate(mutant, source)).not.toBe(source);
  // A name that is none would stop the program from being loaded at all, and every check would seem to catch the fault.
  const names = mutant.replace.match(/#[a-z]\w*/gi) ?? [];
  expect(names.filter((name) => !new RegExp(`${name}\\b`).test(source))).toEqual([]);
});
