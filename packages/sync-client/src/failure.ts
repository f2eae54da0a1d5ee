/** Why a call to the server came to nothing: an expected outcome, so a value and not an exception. */
import type { ProblemCode } from "@instep/protocol";

/** The server's codes, and the device's own: no network, no answer in time, an unreadable answer, abandoned by the device. */
export type FailureCode = ProblemCode | "unreachable" | "timed_out" | "bad_answer" | "aborted";

export interface Failure {
  readonly failed: FailureCode;
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** One sentence that a person understands. */
  readonly detail: string;
  /** How long the server asks to wait, in milliseconds; null where it doesn't say. */
  readonly retryAfterMs: number | null;
  /** The problem as it came, with the members of its code (`last_seq`, `messages`, …). */
  readonly problem: Readonly<Record<string, unknown>>;
}

export type Result<T> = T | Failure;

/** Whether a call failed. */
export function isFailure(result: unknown): result is Failure {
  return typeof result === "object" && result !== null && "failed" in result;
}

/** A failure that the device itself establishes. */
export function failure(code: FailureCode, detail: string): Failure {
  return { failed: code, status: 0, detail, retryAfterMs: null, problem: {} };
}

/** What has come is nothing that can be used. */
export function badAnswer(): Failure {
  return failure("bad_answer", "The server answered something unreadable.");
}

/** Whether the same call may succeed later as it is: no network or a hotel's page in its place, a busy server, nobody signed in. */
export function isPassing({ status }: Failure): boolean {
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
}
