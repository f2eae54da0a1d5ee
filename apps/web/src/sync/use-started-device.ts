/** Makes the device from what is known, and makes it anew where the server says that something else holds. */
import { type Boot, cachedBoot, createBrowserDevice, fetchBoot } from "@instep/sync-client";
import { useCallback, useEffect, useState } from "preact/hooks";
import { type PageEnvironment, useEnvironment } from "../environment.ts";
import { type Device, type Failure, isFailure } from "./device.ts";
import { keepReadingAhead } from "./keep-reading-ahead.ts";
import { useSignInElsewhere } from "./use-sign-in-elsewhere.ts";
import { createDeviceEvents, type DeviceEvents } from "./device-context.ts";

export interface Started {
  readonly kind: "running";
  readonly boot: Boot;
  readonly device: Device;
  readonly events: DeviceEvents;
  readonly environment: PageEnvironment;
  /**
   * Asks for settings and account again, since one of them was changed here; the device is made anew where they differ. Whoever
   * else is in by now, this page stays with whom it shows [SYNC-9].
   */
  readonly refreshBoot: () => Promise<void>;
  /** Somebody has signed in: the same account goes on with what waits, another one has a device of its own. Else why nothing goes on. */
  readonly signedIn: () => Promise<Failure | null>;
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
  const [running, setRunning] = useState<Omit<Started, "boot"> | null>(null);
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

  // Another list of models needs no new device: what is shown and being written stays.
  const deviceKey = boot && JSON.stringify([boot.config.sync, boot.me.id, boot.me.preferences]);
  useEffect(() => {
    if (!boot) return undefined;
    const made = { isStopped: false };
    const adopt = (changed: Boot) => made.isStopped || setBoot(changed);
    const events = createDeviceEvents();
    const device = createBrowserDevice({ boot, callbacks: { ...events.callbacks, onBootChanged: adopt } });
    const refreshBoot = async () => {
      const fetched = await fetchBoot();
      if (!isFailure(fetched) && fetched.me.id === boot.me.id) adopt(fetched);
    };
    const signedIn = async () => {
      const fetched = await fetchBoot();
      if (isFailure(fetched)) return fetched;
      adopt(fetched);
      if (fetched.me.id === boot.me.id) device.signedIn();
      return null;
    };
    setRunning({ kind: "running", device, events, environment, refreshBoot, signedIn });
    void device.start();
    const endReadingAhead = keepReadingAhead(device, environment);
    return () => {
      made.isStopped = true;
      endReadingAhead();
      device.stop();
    };
  }, [deviceKey, environment]);

  useSignInElsewhere(boot === null, setBoot);

  const defaultModel = boot?.config.default_model;
  useEffect(() => {
    if (defaultModel !== undefined) running?.device.setDefaultModel(defaultModel);
  }, [running, defaultModel]);

  if (running && boot) return { ...running, boot };
  return problem ? { kind: "failed", problem, retry } : { kind: "starting" };
}
