/** Runs every mutant and prints which rule caught it, and after how many seeds. */
import { MUTANTS } from "./mutants.ts";
import { type Effort, type Mutant, type Verdict, Workshop } from "./workshop.ts";

export interface MutantRun extends Effort {
  /** Only mutants whose name has this in it. */
  readonly only: string;
  /** How many run at once. */
  readonly parallel: number;
}

/** Prints a table; returns whether every mutant was caught. */
export async function runMutants(options: MutantRun): Promise<boolean> {
  const waiting = MUTANTS.filter(({ name }) => name.includes(options.only));
  const verdicts: Verdict[] = [];
  const unharmed = new Workshop();
  const skipped = await unharmed.failingSeeds(options);
  unharmed.close();
  console.log(`${skipped.length} of ${options.seeds} seeds fail without a mutant, and are left out`);
  const work = async (): Promise<void> => {
    const workshop = new Workshop();
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const verdict = await workshop.judge(mutant, options, skipped);
      verdicts.push(verdict);
      console.log(line(verdict));
    }
    workshop.close();
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  const caught = verdicts.filter(({ isCaught }) => isCaught).length;
  console.log(`${caught} of ${verdicts.length} mutants caught`);
  return caught === verdicts.length;
}

function line({ mutant, isCaught, seeds, saidRule, detail }: Verdict): string {
  const how = isCaught ? `caught by ${saidRule} at seed ${seeds}: ${detail.slice(0, 90)}` : `SURVIVED ${seeds} seeds`;
  return `${describeMutant(mutant)} | ${how}`;
}

function describeMutant({ name, rule }: Mutant): string {
  return `${rule.padEnd(8)} ${name.padEnd(60)}`;
}
