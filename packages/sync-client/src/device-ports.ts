/** What a device is built over, and how much of it may fail. */
import type { Environment } from "./environment.ts";
import type { LocalStore } from "./local-store/local-store.ts";
import { patientLocalStore } from "./local-store/patient-local-store.ts";
import { patientTabs } from "./tabs/patient-tabs.ts";
import type { Tabs } from "./tabs/tabs.ts";
import type { Transport } from "./transport/transport.ts";

export interface DevicePorts {
  readonly transport: Transport;
  readonly environment: Environment;
  readonly localStore: LocalStore;
  readonly tabs: Tabs;
}

/** The same ports, of which neither the store nor the other tabs can keep the device waiting [DEV-14]. */
export function patientPorts(ports: DevicePorts, onStoreReturn: () => void): DevicePorts {
  const { environment } = ports;
  return {
    ...ports,
    localStore: patientLocalStore(ports.localStore, { environment, onReturn: onStoreReturn }),
    tabs: patientTabs(ports.tabs, environment),
  };
}
