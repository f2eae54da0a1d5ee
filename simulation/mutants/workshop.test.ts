import { expect, test } from "vitest";
import { CHAOS_MUTANTS } from "../chaos/mutants.ts";
import { MUTANTS } from "./mutants.ts";
import { mutate, sourceOf } from "./workshop.ts";

test.each([...MUTANTS, ...CHAOS_MUTANTS])("the text of the fault $name still stands in the sources, once", (mutant) => {
  const source = sourceOf(mutant);
  expect(mutate(mutant, source)).not.toBe(source);
});
