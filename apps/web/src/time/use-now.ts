/** A clock that ticks only while somebody looks. */
import { useEffect, useReducer } from "preact/hooks";
import { useEnvironment } from "../environment.ts";

const TICK_MS = 1000;

/** Unix milliseconds, moving on every second while `isTicking`. */
export function useNow(isTicking: boolean): number {
  const environment = useEnvironment();
  const [, look] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    if (!isTicking) return undefined;
    let cancel = () => undefined as void;
    const tick = () => {
      look();
      cancel = environment.after(TICK_MS, tick);
    };
    tick();
    return () => cancel();
  }, [environment, isTicking]);
  return environment.now();
}
