/** The composition root of a browser: every port with its real adapter, each only where the browser has it. */
import { askBoot } from "./boot-watch.ts";
import { createDevice } from "./create-device.ts";
import { patientPorts } from "./device-ports.ts";
import type { Boot, Device, DeviceOptions } from "./device.ts";
import { realEnvironment } from "./environment.ts";
import { isFailure, type Result } from "./failure.ts";
import { readBoot, writeBoot } from "./local-store/boot-store.ts";
import { browserLocalStore } from "./local-store/indexeddb-local-store.ts";
import type { ReadAhead } from "./views/read-ahead.ts";
import { browserTabs } from "./tabs/broadcast-tabs.ts";
import { fetchTransport } from "./transport/fetch-transport.ts";

/** A store that hangs keeps nobody from leaving. */
const FORGET_MS = 3000;

export interface BrowserDeviceOptions extends DeviceOptions {
  /** The server's origin; default: the page's own. A server answers no page of another origin than its own [SAFE-1]. */
  readonly baseUrl?: string;
}

/** What the last visit left, before the network is asked; null on a first one, or where the store can't be read. */
export function cachedBoot(): Promise<Boot | null> {
  return Promise.resolve(readBoot());
}

/** Signed out: the next visit starts cold. What waits to be sent stays, for when its account is back. */
export function forgetBoot(): void {
  writeBoot(null);
}

/** The account is no more: nothing of it stays in this browser, what waited to be sent neither. Its device has been stopped. */
export async function forgetAccount(accountId: string): Promise<void> {
  writeBoot(null);
  const environment = realEnvironment();
  const store = browserLocalStore(accountId, environment);
  const deadline = new Promise<void>((resolve) => environment.setTimer(resolve, FORGET_MS));
  await Promise.race([store.clear(), deadline]);
  store.close();
}

/** Asks the server for its settings and the account; `unauthorized` where nobody is signed in. */
export async function fetchBoot(baseUrl = ""): Promise<Result<Boot>> {
  const boot = await askBoot(fetchTransport({ baseUrl }));
  if (!isFailure(boot)) writeBoot(boot);
  return boot;
}

/** A device that can fill its store before anybody asks. */
export interface BrowserDevice extends Device {
  /** Fetches the newest conversations that this browser has not got, one after the other, so that they can be read offline. @throws where the part that does it can't be loaded. */
  readAhead(signal: AbortSignal): Promise<void>;
}

/** The real thing for a browser: fetch, timers, page events, BroadcastChannel, Web Locks, IndexedDB. */
export function createBrowserDevice(options: BrowserDeviceOptions): BrowserDevice {
  const { boot, baseUrl = "", callbacks = {} } = options;
  const { onBootChanged } = callbacks;
  const environment = realEnvironment();
  // Another account may sign in meanwhile in this browser: nothing of this one's may go to it, nor come from it.
  const transport = fetchTransport({ baseUrl, headers: { "instep-account": boot.me.id } });
  const localStore = browserLocalStore(boot.me.id, environment);
  const tabs = browserTabs(boot.me.id);
  // What changed is for the next start, too.
  const keeping = onBootChanged && {
    onBootChanged(changed: Boot): void {
      writeBoot(changed);
      onBootChanged(changed);
    },
  };
  const ports = { transport, environment, localStore, tabs };
  const device = createDevice({ boot, callbacks: { ...callbacks, ...keeping } }, ports);
  let ahead: ReadAhead | null = null;
  const readAhead = async (signal: AbortSignal): Promise<void> => {
    const { ReadAhead: Loaded } = await import("./views/read-ahead.ts");
    const { conversations, sync } = device;
    const epoch = (): string | null => sync.store.state.watermark.epoch;
    ahead ??= new Loaded({ ...patientPorts(ports, () => undefined), conversations, epoch });
    await ahead.run(signal);
  };
  return Object.assign(device, { readAhead });
}
