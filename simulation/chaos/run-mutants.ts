/** Plants every fault in turn, and says which rule a run of chaos found broken. */
import { Workshop, type Mutant } from "../mutants/workshop.ts";
import { CHAOS_MUTANTS } from "./mutants.ts";

interface Found {
  readonly isCaught: boolean;
  /** What the run said of the fault, in a line. */
  readonly detail: string;
}

/** Enough kills for every fault of the list; the run ends with the first that it finds. */
const KILLS = 12;

/** Prints a table; returns whether every fault whose name has `only` in it was caught. */
export async function runChaosMutants(only: string): Promise<boolean> {
  const workshop = new Workshop();
  let caught = 0;
  const mutants = CHAOS_MUTANTS.filter(({ name }) => name.includes(only));
  try {
    for (const mutant of mutants) {
      const { isCaught, detail } = await findMutant(workshop, mutant);
      if (isCaught) caught += 1;
      console.log(`${mutant.rule.padEnd(8)} ${mutant.name.padEnd(56)} | ${isCaught ? detail : "SURVIVED"}`);
    }
  } finally {
    workshop.close();
  }
  console.log(`${caught} of ${mutants.length} faults caught`);
  return caught === mutants.length;
}

/** Runs chaos on sources with the fault in them. A run that breaks off without a word of a rule proves nothing. */
async function findMutant(workshop: Workshop, mutant: Mutant): Promise<Found> {
  const { output } = await workshop.tryOut(mutant, "simulation/chaos/run.ts", ["--kills", String(KILLS)]);
  const faults = output.split("\n").filter((line) => /^\[[A-Z]+(?:-\d+)?\] /.test(line));
  const rules = [...new Set(faults.map((line) => line.slice(1, line.indexOf("]"))))];
  return { isCaught: faults.length > 0, detail: `${rules.join(", ")}: ${(faults[0] ?? output).slice(0, 160)}` };
}
