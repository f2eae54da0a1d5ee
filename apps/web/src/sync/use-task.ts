/** One call of a form or a list at a time: whether it is under way, and why the last one came to nothing. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Failure, isFailure, type Result } from "./device.ts";

export interface Task {
  readonly isBusy: boolean;
  /** Null while a new one is under way, too. */
  readonly problem: Failure | null;
  /**
   * Does the work, unless other work is under way; what it gave, or null where it failed. It is under way until `after` is done too, which
   * follows however it ended: a list that it changed is asked for anew before something else in it can be pressed.
   */
  readonly run: <T>(work: () => Promise<Result<T>>, after?: () => Promise<void>) => Promise<T | null>;
}

export function useTask(): Task {
  const isRunning = useRef(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Failure | null>(null);
  const run = useCallback(async <T>(work: () => Promise<Result<T>>, after?: () => Promise<void>) => {
    // A second click comes before anything is rendered.
    if (isRunning.current) return null;
    isRunning.current = true;
    setIsBusy(true);
    setProblem(null);
    const outcome = await work();
    await after?.();
    isRunning.current = false;
    setIsBusy(false);
    setProblem(isFailure(outcome) ? outcome : null);
    return isFailure(outcome) ? null : outcome;
  }, []);
  return { isBusy, problem, run };
}

export interface Listed<T> {
  /** Null until it is known. */
  readonly value: T | null;
  readonly problem: Failure | null;
  readonly reload: () => Promise<void>;
}

/** What a call answers, asked when the component comes, and again on demand; of two answers the later question's stands. */
export function useListed<T>(load: () => Promise<Result<T>>): Listed<T> {
  const [state, setState] = useState<Omit<Listed<T>, "reload">>({ value: null, problem: null });
  const asked = useRef(0);
  const reload = useCallback(async () => {
    const own = ++asked.current;
    const outcome = await load();
    if (own !== asked.current) return;
    setState((last) => (isFailure(outcome) ? { ...last, problem: outcome } : { value: outcome, problem: null }));
  }, [load]);
  useEffect(() => {
    void reload();
    return () => void (asked.current += 1);
  }, [reload]);
  return { ...state, reload };
}
