/** A clock that ticks only while somebody looks. */
import { useEffect, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";

const TICK_MS = 1000;

/** Unix milliseconds, moving on every second while `isTicking`. */
export function useNow(isTicking: boolean): number {
  const environment = useEnvironment();
  const [now, setNow] = useState(environment.now());
  useEffect(() => {
    if (!isTicking) return undefined;
    let cancel = () => undefined as void;
    const tick = () => {
      setNow(environment.now());
      cancel = environment.after(TICK_MS, tick);
    };
    tick();
    return () => cancel();
  }, [environment, isTicking]);
  return now;
}
