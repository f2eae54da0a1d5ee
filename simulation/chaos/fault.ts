/** What went wrong: a promise of the program that did not hold, told with everything that is needed to look into it. */

/** Thrown where something happens that a rule forbids; `rule` is its id in SPEC.md. */
export class Fault extends Error {
  readonly rule: string;

  constructor(rule: string, what: string) {
    super(`[${rule}] ${what}`);
    this.rule = rule;
  }
}

/** Throws a fault unless the condition holds. */
export function faultUnless(condition: boolean, rule: string, what: () => string): asserts condition {
  if (!condition) throw new Fault(rule, what());
}

/** Whether a call failed because its connection broke, as it does when the program is killed. */
export function isCut(error: unknown): boolean {
  return error instanceof TypeError && (error.message === "fetch failed" || error.message === "terminated");
}

/** Whether a call was given up by the one who made it. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "AbortError" || error.name === "TimeoutError");
}
