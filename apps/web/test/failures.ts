/** A failure as a call to the server would give it. */
import type { Failure, FailureCode } from "../src/sync/device.ts";

export function failure(code: FailureCode): Failure {
  return { failed: code, status: 0, detail: "", retryAfterMs: null, problem: {} };
}
