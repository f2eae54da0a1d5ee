/** A limit of time for what may never answer. */
import type { Environment } from "./environment.ts";
import { failure, type Result } from "./failure.ts";
import { brokenBy } from "./guarded.ts";

/** Runs a call; after `timeoutMs` it is abandoned and `timed_out`, and once `signal` aborts it is `aborted`, whatever the call itself does. One that throws is a failure, too. */
export function withWatchdog<T>(
  environment: Environment,
  limit: { readonly timeoutMs: number; readonly signal: AbortSignal },
  call: (signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const abort = new AbortController();
  return new Promise((resolve) => {
    const finish = (result: Result<T>): void => {
      environment.clearTimer(timer);
      limit.signal.removeEventListener("abort", onAbort);
      resolve(result);
    };
    const giveUp = (result: Result<T>): void => {
      finish(result);
      abort.abort();
    };
    const onAbort = (): void => giveUp(failure("aborted", "Given up."));
    const timer = environment.setTimer(
      () => giveUp(failure("timed_out", "The server took too long to answer.")),
      limit.timeoutMs,
    );
    if (limit.signal.aborted) return onAbort();
    limit.signal.addEventListener("abort", onAbort);
    void call(abort.signal).then(finish, (error: unknown) => finish(brokenBy(error)));
  });
}
