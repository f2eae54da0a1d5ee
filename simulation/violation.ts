/** What a simulation found wrong: a rule, and what was seen instead. */

/** Ends a run: the first rule that is broken is the one to look at. */
export class Violation extends Error {
  readonly rule: string;

  constructor(rule: string, detail: string) {
    super(`[${rule}] ${detail}`);
    this.name = "Violation";
    this.rule = rule;
  }
}

/** Ends the run where the rule doesn't hold. */
export function must(holds: boolean, rule: string, detail: () => string): asserts holds {
  if (!holds) throw new Violation(rule, detail());
}
