/** Expected outcomes that are not success, as values. */
import type { ProblemCode } from "@instep/protocol";

/** An expected outcome that is not success: a code that travels to the device, and what it needs besides. */
export interface Refusal {
  readonly refused: ProblemCode;
  readonly detail?: string;
  /** Members of the problem of their own, such as `last_seq` and `messages` of `stale_conversation`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

export type Outcome<T> = T | Refusal;

/** A refusal of that code; `detail` says to a person what was wrong with this request, and `members` to a program. */
export function refuse(refused: ProblemCode, detail?: string, members?: Refusal["members"]): Refusal {
  return { refused, ...(detail !== undefined && { detail }), ...(members && { members }) };
}

/** The refusal of a parameter that can't be used: which, and why [SYNC-7]. */
export function refuseParameter(parameter: string, why: string): Refusal {
  return refuse("invalid_parameter", `${parameter} ${why}.`, { parameter });
}

/** Whether an outcome is a refusal. */
export function isRefusal(outcome: unknown): outcome is Refusal {
  return typeof outcome === "object" && outcome !== null && "refused" in outcome;
}
