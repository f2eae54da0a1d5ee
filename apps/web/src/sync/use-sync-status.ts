/** The connection as components follow it, and a clock that ticks only while somebody looks. */
import { useSyncExternalStore } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { useEnvironment } from "../environment.ts";
import type { SyncStatus } from "./device.ts";
import { useDevice } from "./device-context.ts";

export function useSyncStatus(): SyncStatus {
  const { subscribeStatus, status } = useDevice();
  return useSyncExternalStore(subscribeStatus, status);
}

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
