/** Puts a real device together from a simulated page, network, channel and disk. */
import {
  type Boot,
  createDevice,
  type Device,
  type LocalStore,
  memoryLocalStore,
  noTabs,
  type DeviceCallbacks,
  type Transport,
} from "@instep/sync-client";
import type { TabMessage } from "../packages/sync-client/src/tabs/tabs.ts";
import { BrowserChannel, simulatedTabs } from "./browser-tabs.ts";
import type { Machine, PageModel } from "./page-model.ts";
import type { PageStore } from "./page-store.ts";
import type { DeviceSetting } from "./step.ts";

/** What the tabs of one browser share. */
export interface SharedParts {
  /** Null in a browser that keeps nothing. */
  readonly disk: LocalStore | null;
  /** The text of every message that has been on that disk, waiting to be sent. */
  readonly storedTexts: ReadonlySet<string>;
  /** Null in a browser whose tabs don't hear each other. */
  readonly channel: BrowserChannel | null;
  readonly hasLocks: boolean;
  readonly diskMs: number;
}

export interface SimulatedPorts {
  readonly shared: SharedParts;
  readonly page: PageModel;
  readonly store: PageStore;
  readonly boot: Boot;
  readonly transport: Transport;
  readonly callbacks: DeviceCallbacks;
  /** Told of what other tabs tell, before the device is. */
  readonly onHeard: (message: TabMessage) => void;
}

/** What a browser gives its tabs. */
export function shareParts(machine: Machine, { hasStore, hasTabs, hasLocks, diskMs }: DeviceSetting): SharedParts {
  const storedTexts = new Set<string>();
  return {
    disk: hasStore ? noting(storedTexts, memoryLocalStore()) : null,
    storedTexts,
    channel: hasTabs ? new BrowserChannel(machine.time) : null,
    hasLocks,
    diskMs,
  };
}

/** The device of one tab. */
export function makeDevice({ shared, page, store, boot, transport, callbacks, onHeard }: SimulatedPorts): Device {
  const localStore = shared.disk ? store.asSeen(slow(page, shared.disk, shared.diskMs)) : memoryLocalStore();
  const tabs = shared.channel ? simulatedTabs(shared.channel, page, shared.hasLocks) : noTabs();
  tabs.subscribe(onHeard);
  return createDevice({ boot, callbacks }, { transport, environment: page.environment, localStore, tabs });
}

/** The disk that tells which messages it was given. */
function noting(texts: Set<string>, disk: LocalStore): LocalStore {
  const saveOutgoing: LocalStore["saveOutgoing"] = (put, removed) => {
    for (const entry of put) if (entry.kind === "send" && entry.text !== null) texts.add(entry.text);
    return disk.saveOutgoing(put, removed);
  };
  return { ...disk, saveOutgoing };
}

/** The disk whose list is long: what the page does meanwhile, it does on an empty one. */
function slow({ environment }: PageModel, disk: LocalStore, diskMs: number): LocalStore {
  if (diskMs === 0) return disk;
  const loadList = (): ReturnType<LocalStore["loadList"]> => {
    const list = disk.loadList();
    return new Promise((resolve) => void environment.setTimer(() => resolve(list), diskMs));
  };
  return { ...disk, loadList };
}
