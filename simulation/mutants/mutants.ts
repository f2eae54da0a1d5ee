/** Every deliberate fault, by the rule that it breaks. */
import { APART_MUTANTS } from "./apart-mutants.ts";
import { CLIENT_MUTANTS } from "./client-mutants.ts";
import { EDGE_MUTANTS } from "./edge-mutants.ts";
import { ENGINE_MUTANTS } from "./engine-mutants.ts";
import type { Mutant } from "./workshop.ts";

export const MUTANTS: readonly Mutant[] = [...ENGINE_MUTANTS, ...APART_MUTANTS, ...CLIENT_MUTANTS, ...EDGE_MUTANTS];
