/** Runs a schedule from its first step to its last quiet point. */
import { perform } from "./actions.ts";
import type { FaultCounts } from "./network.ts";
import type { Schedule, Step } from "./step.ts";
import { Violation } from "./violation.ts";
import { World } from "./world.ts";

export interface RunOutcome {
  /** Null where everything held. */
  readonly failure: Error | null;
  /** The step that ran when it failed. */
  readonly failedAt: number;
  readonly faults: FaultCounts;
}

/** Runs the schedule; a broken rule is an outcome, and so is anything that was thrown. */
export async function simulate(schedule: Schedule, trace?: (line: string) => void): Promise<RunOutcome> {
  const world = new World(schedule, trace);
  const steps: readonly Step[] = [...schedule.steps, { do: "quiet" }];
  let index = -1;
  try {
    await world.start();
    for (index = 0; index < steps.length; index += 1) {
      const step = steps[index];
      world.log(() => `--- ${index}: ${JSON.stringify(step)}`);
      if (step) await perform(world, step, index);
    }
    return { failure: null, failedAt: steps.length, faults: world.faults };
  } catch (error) {
    return { failure: asError(error), failedAt: index, faults: world.faults };
  } finally {
    await world.close();
  }
}

/** The rule that a failure breaks, or the kind of error that it is. */
export function ruleOf(failure: Error): string {
  return failure instanceof Violation ? failure.rule : failure.name;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
