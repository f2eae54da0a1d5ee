/** The connection as components follow it. */
import { useSyncExternalStore } from "preact/compat";
import type { SyncStatus } from "./device.ts";
import { useDevice } from "./device-context.ts";

export function useSyncStatus(): SyncStatus {
  const { subscribeStatus, status } = useDevice();
  return useSyncExternalStore(subscribeStatus, status);
}
