/** A whole device, every port in a test's hands. */
import { createDevice } from "../src/create-device.ts";
import type { DevicePorts } from "../src/device-ports.ts";
import type { Boot, Device, DeviceCallbacks } from "../src/device.ts";
import { memoryLocalStore } from "../src/local-store/memory-local-store.ts";
import { noTabs } from "../src/tabs/tabs.ts";
import { INTERVAL_MS } from "./device-fixture.ts";
import { full, row } from "./scripted-server.ts";
import { ScriptedTransport } from "./scripted-transport.ts";
import { settle, VirtualEnvironment } from "./virtual-environment.ts";

export interface WholeDevice extends DevicePorts {
  readonly device: Device;
  readonly boot: Boot;
  readonly transport: ScriptedTransport;
  readonly environment: VirtualEnvironment;
  readonly told: string[];
}

export interface WholeOptions extends Partial<Omit<DevicePorts, "transport">> {
  readonly live?: boolean;
  readonly unreadScope?: "device" | "account";
  readonly models?: Boot["config"]["models"];
  /** The account's id; `me` where none is given. */
  readonly me?: string;
  /** Whether one signs in there. */
  readonly hasSignIn?: boolean;
  /** What the server's settings say besides. */
  readonly config?: Partial<Boot["config"]>;
  /** Told besides `told`. */
  readonly callbacks?: DeviceCallbacks;
}

/** A device that has not started. */
export function wholeDevice(options: WholeOptions = {}): WholeDevice {
  const environment = (options.environment ?? new VirtualEnvironment()) as VirtualEnvironment;
  const transport = new ScriptedTransport();
  const localStore = options.localStore ?? memoryLocalStore();
  const tabs = options.tabs ?? noTabs();
  const told: string[] = [];
  const preferences = { unread_scope: options.unreadScope ?? ("device" as const) };
  const boot: Boot = {
    config: {
      sync: {
        poll_interval_ms: INTERVAL_MS,
        full_sync_threshold_ms: 300_000,
        live: options.live ?? false,
        max_wait_s: 25,
      },
      models: [...(options.models ?? [{ id: "demo", name: "Demo" }])],
      default_model: "demo",
      auth: { mode: options.hasSignIn === true ? ("password" as const) : ("local" as const) },
      version: "1",
      ...options.config,
    },
    me: { id: options.me ?? "me", email: null, name: "Me", preferences },
  };
  const more = options.callbacks ?? {};
  const callbacks: DeviceCallbacks = {
    ...more,
    onCurrentConversationDeleted: (id, title) => {
      told.push(`deleted ${title}`);
      more.onCurrentConversationDeleted?.(id, title);
    },
    onMessageOrphaned: (id, text, isUnsure) => {
      told.push(`orphaned ${text}${isUnsure ? ", perhaps sent" : ""}`);
      more.onMessageOrphaned?.(id, text, isUnsure);
    },
    onCurrentConversationExternalUpdate: (_id, n) => void told.push(`banner ${n}`),
  };
  const ports = { transport, environment, localStore, tabs };
  return { device: createDevice({ boot, callbacks }, ports), boot, told, ...ports };
}

/** One that has made its first full sync at tick 100: conversations a (10 messages), b (20) and c (30). */
export async function openDevice(options: WholeOptions = {}): Promise<WholeDevice> {
  const whole = wholeDevice(options);
  await whole.device.start();
  await settle();
  await whole.transport.last.answer(full(100, [row("a", 10), row("b", 20), row("c", 30)]));
  return whole;
}
