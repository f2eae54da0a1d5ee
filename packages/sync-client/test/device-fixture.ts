/** A SyncManager with everything around it in a test's hands. */
import { ConversationStore } from "../src/conversation-store.ts";
import { SyncManager } from "../src/sync-manager.ts";
import type { SyncManagerOptions } from "../src/sync-options.ts";
import { full, idOf, row, ScriptedServer } from "./scripted-server.ts";
import { VirtualEnvironment } from "./virtual-environment.ts";

export const INTERVAL_MS = 60_000;

export interface Fixture {
  readonly environment: VirtualEnvironment;
  readonly server: ScriptedServer;
  readonly store: ConversationStore;
  readonly manager: SyncManager;
  /** What the page was told, in order. */
  readonly told: string[];
  readonly unread: (name: string) => number | undefined;
}

export function makeDevice(
  options: { live?: boolean; unreadScope?: "device" | "account"; hooks?: SyncManagerOptions["hooks"] } = {},
): Fixture {
  const environment = new VirtualEnvironment();
  const server = new ScriptedServer();
  const store = new ConversationStore({ unreadScope: options.unreadScope ?? "device", defaultModel: "demo" });
  const told: string[] = [];
  const live = options.live ?? false;
  const manager = new SyncManager({
    transport: server,
    environment,
    store,
    settings: { pollIntervalMs: INTERVAL_MS, fullSyncThresholdMs: 300_000, live, maxWaitS: 25 },
    callbacks: {
      onConversationsUpdated: (ids) => told.push(`updated ${ids.length}`),
      onCurrentConversationDeleted: (_id, title) => told.push(`deleted ${title}`),
      onCurrentConversationExternalUpdate: (_id, n) => told.push(`banner ${n}`),
    },
    ...(options.hooks && { hooks: options.hooks }),
  });
  return { environment, server, store, manager, told, unread: (name) => store.conversations.get(idOf(name))?.unread };
}

/** One that has made its first full sync at tick 100: conversations a (10 messages), b (20) and c (30). */
export async function makeSyncedDevice(options: Parameters<typeof makeDevice>[0] = {}): Promise<Fixture> {
  const device = makeDevice(options);
  device.manager.start();
  await device.server.last.answer(full(100, [row("a", 10), row("b", 20), row("c", 30)]));
  device.told.length = 0;
  return device;
}
