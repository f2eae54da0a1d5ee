/** The composition root of a browser: every port with its real adapter, each only where the browser has it. */
import { createDevice, type DeviceOptions } from "./create-device.ts";
import type { Boot, Device } from "./device.ts";
import { realEnvironment } from "./environment.ts";
import { isFailure, type Result } from "./failure.ts";
import { readBoot, writeBoot } from "./local-store/boot-store.ts";
import { browserLocalStore } from "./local-store/indexeddb-local-store.ts";
import { browserTabs } from "./tabs/broadcast-tabs.ts";
import { fetchTransport } from "./transport/fetch-transport.ts";

export interface BrowserDeviceOptions extends DeviceOptions {
  /** The server's origin; default: the page's own. */
  readonly baseUrl?: string;
  /** Called when the server says that settings or account are not those of `boot` any more: make a new device. */
  readonly onBootChanged?: (boot: Boot) => void;
}

/** What the last visit left, before the network is asked; null on a first one, or where the store can't be read. */
export function cachedBoot(): Promise<Boot | null> {
  return Promise.resolve(readBoot());
}

/** Signed out: the next visit starts cold. What waits to be sent stays, for when its account is back. */
export function forgetBoot(): void {
  writeBoot(null);
}

/** Asks the server for its settings and the account; `unauthorized` where nobody is signed in. */
export async function fetchBoot(baseUrl = ""): Promise<Result<Boot>> {
  const transport = fetchTransport({ baseUrl });
  const [config, me] = await Promise.all([transport.config(), transport.me()]);
  if (isFailure(config)) return config;
  if (isFailure(me)) return me;
  writeBoot({ config, me });
  return { config, me };
}

/** The real thing for a browser: fetch, timers, page events, BroadcastChannel, Web Locks, IndexedDB. */
export function createBrowserDevice(options: BrowserDeviceOptions): Device {
  if (options.onBootChanged) void compareBoot(options, options.onBootChanged);
  const environment = realEnvironment();
  const transport = fetchTransport({ baseUrl: options.baseUrl ?? "" });
  const accountId = options.boot.me.id;
  const localStore = browserLocalStore(accountId);
  const tabs = browserTabs(accountId);
  return createDevice(options, { transport, environment, localStore, tabs });
}

async function compareBoot({ boot, baseUrl }: BrowserDeviceOptions, onChanged: (boot: Boot) => void): Promise<void> {
  const now = await fetchBoot(baseUrl);
  if (!isFailure(now) && JSON.stringify(now) !== JSON.stringify(boot)) onChanged(now);
}
