/** Makes the device from what is known, and makes it anew where the server says that something else holds. */
import { type Boot, cachedBoot, createBrowserDevice, fetchBoot } from "@instep/sync-client";
import { useCallback, useEffect, useState } from "preact/hooks";
import { type Environment, useEnvironment } from "../environment.ts";
import { type Device, type Failure, isFailure } from "./device.ts";
import { createDeviceEvents, type DeviceEvents } from "./device-context.ts";

export interface Started {
  readonly kind: "running";
  readonly boot: Boot;
  readonly device: Device;
  readonly events: DeviceEvents;
  readonly environment: Environment;
  /** Asks for settings and account again, since one of them was changed here; the device is made anew where they differ. */
  readonly refreshBoot: () => Promise<void>;
}

export type StartState =
  | { readonly kind: "starting" }
  | { readonly kind: "failed"; readonly problem: Failure; readonly retry: () => void }
  | Started;

/** A returning visitor sees the page before the network answers; a new one as soon as it does. */
export function useStartedDevice(): StartState {
  const environment = useEnvironment();
  const [boot, setBoot] = useState<Boot | null>(null);
  const [problem, setProblem] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [running, setRunning] = useState<Started | null>(null);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    const find = async () => {
      const cached = await cachedBoot();
      if (cached) return setBoot(cached);
      const fetched = await fetchBoot();
      if (isFailure(fetched)) return setProblem(fetched);
      return setBoot(fetched);
    };
    void find();
  }, [attempt]);

  useEffect(() => {
    if (!boot) return undefined;
    const events = createDeviceEvents();
    const device = createBrowserDevice({ boot, callbacks: events.callbacks, onBootChanged: setBoot });
    const refreshBoot = async () => {
      const fetched = await fetchBoot();
      if (!isFailure(fetched)) setBoot(fetched);
    };
    setRunning({ kind: "running", boot, device, events, environment, refreshBoot });
    void device.start();
    return () => device.stop();
  }, [boot, environment]);

  if (running) return running;
  return problem ? { kind: "failed", problem, retry } : { kind: "starting" };
}
